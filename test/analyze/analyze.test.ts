import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, type SweepFacts } from '../../src/analyze/analyze.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { attempt, notFinite, request, runs } from '../support/record-fixtures.ts';
import { level } from './levels.ts';

const facts = (overrides: Partial<SweepFacts> = {}): SweepFacts => ({
  meta: { scenario: 'classify-500' },
  levels: [1, 5, 10, 20, 30].map((number) => ({ level: number, complete: true })),
  overhead: null,
  speed: 1,
  referenceRun: undefined,
  ...overrides,
});

const one = level(1, { perSecond: 0.25 });
const ten = level(10, { perSecond: 2 });

describe('analyze', () => {
  it('holds every level against level 1 of the sweep', () => {
    const report = analyze([ten, one], facts());
    expect(report.reference).toEqual({
      level: 1,
      throughputPerSecond: 0.25,
      requests: 500,
      because: 'level 1 of this sweep',
    });
    expect(report.levels.map(({ speedUp, efficiency }) => [speedUp, efficiency])).toEqual([
      [8, 0.8],
      [1, 1],
    ]);
  });

  it('keeps the order of the levels as asked for', () => {
    expect(analyze([ten, one], facts()).levels.map((each) => each.level)).toEqual([10, 1]);
  });

  it('holds every level against the run made for it where level 1 was not asked for', () => {
    const referenceRun = level(1, { perSecond: 0.2, ok: 20 });
    const report = analyze([ten], facts({ referenceRun }));
    expect(report.reference).toEqual({
      level: 1,
      throughputPerSecond: 0.2,
      requests: 20,
      because: '20 calls in sequence, measured before the levels (level 1 was not among them)',
    });
    expect(report.levels[0]).toMatchObject({ speedUp: 10, efficiency: 1 });
  });

  it('prefers level 1 of the sweep over a run made for it', () => {
    const referenceRun = level(1, { perSecond: 99 });
    expect(analyze([one, ten], facts({ referenceRun })).reference?.throughputPerSecond).toBe(0.25);
  });

  it('has no speed-up where there is nothing to divide by', () => {
    const dead = level(1, { perSecond: 0, ok: 0, failed: 20 });
    for (const report of [
      analyze([ten], facts()),
      analyze([ten], facts({ referenceRun: dead })),
      analyze([dead, ten], facts()),
    ]) {
      expect(report.reference).toBeNull();
      expect(report.levels.at(-1)).toMatchObject({ speedUp: null, efficiency: null });
    }
  });

  it('has a speed-up of zero, not none, where a level brought nothing', () => {
    const dead = level(10, { perSecond: 0, ok: 0, failed: 500 });
    expect(analyze([one, dead], facts()).levels[1]).toMatchObject({ speedUp: 0, efficiency: 0 });
  });

  it('adds what is known of a level to its figures, and changes none of them', () => {
    const known = {
      level: 10,
      complete: true,
      ledger: { attempts: 500, ok: 500, rateLimited: 0 },
      cooldown: { waitedMs: 1000, because: 'as asked for (--cooldown)' },
      mockLatenessP99RealMs: 0.1,
    };
    const [report] = analyze([ten], facts({ levels: [known] })).levels;
    expect(report).toMatchObject({ ...ten, ...known });
    expect(analyze([ten], facts({ levels: [] })).levels[0]?.complete).toBe(false);
  });

  it('marks a level that may not be recommended, and why', () => {
    const slow = level(20, { perSecond: 5, p95: 9000 });
    const [first, second] = analyze([one, slow], facts()).levels;
    expect(first).toMatchObject({ admissible: true });
    expect(first).not.toHaveProperty('inadmissibleBecause');
    expect(second).toMatchObject({
      admissible: false,
      inadmissibleBecause: 'p95 is 9.00 s, 2.25 times that of 1 at once',
    });
  });

  it('says why there is no sweet spot, and which levels to try', () => {
    const failedAttempts = { 'rate-limited': 300 };
    const report = analyze([level(30, { perSecond: 5, overhead: 0.4, failedAttempts })], facts());
    expect(report.sweetSpot).toBeNull();
    expect(report.warnings[0]).toMatchInlineSnapshot(`
      {
        "code": "no-sweet-spot",
        "hint": "Try lower levels: --levels 7,15,22.",
        "message": "No level can be recommended: already at 30 at once it spends 40 % of its slot time on retries (1.60 attempts per success, 300 answers with 429).",
      }
    `);
  });

  it('has nothing lower to suggest where level 1 itself fails', () => {
    const report = analyze([level(1, { perSecond: 0.1, ok: 400, failed: 100 })], facts());
    expect(report.sweetSpot).toBeNull();
    expect(report.warnings[0]).toMatchInlineSnapshot(`
      {
        "code": "no-sweet-spot",
        "hint": "Look at the failures and at the endpoint first.",
        "message": "No level can be recommended: already at 1 at once 20 % of the requests fail.",
      }
    `);
  });

  it('points at the failures where nothing succeeded at all', () => {
    const report = analyze([level(20, { perSecond: 0, ok: 0, failed: 100 })], facts());
    expect(report.warnings[0]).toMatchInlineSnapshot(`
      {
        "code": "no-sweet-spot",
        "hint": "Look at the failures and at the endpoint first.",
        "message": "No level can be recommended: already at 20 at once no request succeeded.",
      }
    `);
  });

  it('recommends a higher level where level 1 alone fails', () => {
    const report = analyze([level(1, { perSecond: 0, ok: 0, failed: 20 }), ten], facts());
    expect(report.sweetSpot?.level).toBe(10);
    expect(report.warnings.map(({ code }) => code)).toEqual(['failures']);
  });

  it('does not suggest the very level that failed', () => {
    const failing = level(2, { perSecond: 0.4, ok: 400, failed: 100 });
    expect(analyze([failing], facts()).warnings[0]?.hint).not.toMatch(/--levels .*\b2\b/);
  });

  it('of no level is empty and without warnings', () => {
    expect(analyze([], facts())).toMatchObject({
      levels: [],
      sweetSpot: null,
      reference: null,
      warnings: [],
    });
  });

  describe('of a sweep that was stopped in the middle of a level', () => {
    const stopped = (interrupted: ReturnType<typeof level>) => {
      const levels = [1, 10].map((number) => ({ level: number, complete: true }));
      const known = [...levels, { level: interrupted.level, complete: false }];
      return analyze([one, ten, interrupted], facts({ levels: known }));
    };

    it('says that the level is incomplete', () => {
      const report = stopped(level(20, { perSecond: 4, ok: 80, cancelled: 20 }));
      expect(report.warnings.map(({ code }) => code)).toContain('level-incomplete');
    });

    // Ctrl-C within the first latency of level 20: nothing has ended there yet.
    it('does not take a level that was cut short for one where every request fails', () => {
      const { sweetSpot } = stopped(level(20, { perSecond: 0, ok: 0, cancelled: 20 }));
      expect(sweetSpot).toMatchObject({ level: 10, reason: 'not-reached', nextLevel: null }); // not "10: at 20 no request succeeds"
    });

    it('does not judge it: neither by our own cancellations nor by its throughput', () => {
      const cut = level(20, {
        perSecond: 4,
        ok: 80,
        cancelled: 20,
        failedAttempts: { cancelled: 20 },
      });
      const report = stopped(cut);
      expect(report.levels[2]).toMatchObject({
        admissible: false,
        inadmissibleBecause: 'it was cut short',
      });
      expect(report.sweetSpot).toMatchObject({ level: 10, reason: 'not-reached', nextLevel: null });
      const faster = stopped(level(20, { perSecond: 40, ok: 80, cancelled: 20 }));
      expect(faster.sweetSpot?.level).toBe(10);
    });

    it('holds no level’s latency against one that was cut short', () => {
      const cut = level(1, { perSecond: 0.2, ok: 30, cancelled: 1, p95: 1000 });
      const known = [1, 10].map((number) => ({ level: number, complete: number === 10 }));
      const report = analyze([cut, ten], facts({ levels: known }));
      expect(report.levels.map(({ admissible }) => admissible)).toEqual([false, true]);
      expect(report.sweetSpot).toMatchObject({ level: 10, reason: 'only-level' });
    });

    it('says why there is no sweet spot by the lowest level that is complete', () => {
      const cut = level(1, { perSecond: 0.2, ok: 30, cancelled: 1 });
      const failing = level(8, { perSecond: 1, ok: 400, failed: 100 });
      const known = [1, 8].map((number) => ({ level: number, complete: number === 8 }));
      const [first] = analyze([cut, failing], facts({ levels: known })).warnings;
      expect(first).toMatchObject({
        code: 'no-sweet-spot',
        message: 'No level can be recommended: already at 8 at once 20 % of the requests fail.',
        hint: 'Try lower levels: --levels 2,4,6.',
      });
    });

    it('does not blame the endpoint where the first level was cut short', () => {
      const cut = level(1, { perSecond: 0, ok: 0, cancelled: 1, failedAttempts: { cancelled: 1 } });
      const report = analyze([cut], facts({ levels: [{ level: 1, complete: false }] }));
      expect(report.warnings.map(({ code }) => code)).toEqual(['level-incomplete']);
    });
  });

  it('holds no number that is none, on any run', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(runs(), runs('all-failed')), {
          selector: ({ level: number }) => number,
          maxLength: 4,
        }),
        fc.option(runs('mixed', 1), { nil: undefined }),
        (sweep, reference) => {
          const summaries = sweep.map(({ level: number, records }) => summarize(number, records));
          const referenceRun = reference && summarize(1, reference.records);
          const levels = summaries.map((summary) => ({
            level: summary.level,
            complete: summary.counts.cancelled === 0,
          }));
          const report = analyze(summaries, facts({ referenceRun, levels }));
          expect(notFinite(report)).toEqual([]);
          expect(JSON.parse(JSON.stringify(report))).toEqual(report);
          expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
    );
  });

  it('divides by no throughput of zero where level 1 took no time', () => {
    const instant = summarize(1, [request([attempt(7, 7)])]);
    expect(notFinite(analyze([instant], facts()))).toEqual([]);
  });

  it('is pure: the same twice, and its input untouched', () => {
    const summaries = [level(20, { perSecond: 5, idleShare: 0.2 }), one, ten];
    const known = facts({ overhead: { perCallRealMs: 3, perCallMs: 120, calls: 200 }, speed: 40 });
    const before = structuredClone({ summaries, known });
    const first = JSON.stringify(analyze(summaries, known));
    expect(JSON.stringify(analyze(summaries, known))).toBe(first);
    expect({ summaries, known }).toEqual(before);
  });
});
