import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inadmissible } from '../../src/analyze/admission.ts';
import { sweetSpot } from '../../src/analyze/sweet-spot.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { level } from './levels.ts';

const limited = (count: number) => ({ failedAttempts: { 'rate-limited': count } });

/** Perfect scaling of 0.26 calls a second. */
const one = level(1, { perSecond: 0.26 });
const five = level(5, { perSecond: 1.3 });
const ten = level(10, { perSecond: 2.6 });
const twenty = level(20, { perSecond: 5 });
const below = [one, five, ten, twenty];

/** The verdict where `next` follows on 1, 5, 10 and 20. */
const verdictWith = (next: LevelSummary) => sweetSpot([...below, next]);

describe('sweetSpot', () => {
  it('stops where 429s begin to cost, and says so as the README does', () => {
    const spot = verdictWith(level(30, { perSecond: 5.2, overhead: 0.112, ...limited(366) }));
    expect(spot).toMatchObject({
      level: 20,
      method: 'within-5-percent',
      reason: 'rate-limit',
      nextLevel: 30,
    });
    expect(spot?.because).toMatchInlineSnapshot(
      `"20: 30 is 4 % faster in throughput but spends 11 % of its slot time on retries (1.73 attempts per success, 366 answers with 429)"`,
    );
  });

  it('names retries where the failed attempts were not mostly 429s', () => {
    const failedAttempts = { 'rate-limited': 40, server: 60 };
    const spot = verdictWith(level(30, { perSecond: 5.2, overhead: 0.2, failedAttempts }));
    expect(spot).toMatchObject({ level: 20, reason: 'retries' });
    expect(spot?.because).toMatchInlineSnapshot(
      `"20: 30 is 4 % faster in throughput but spends 20 % of its slot time on retries (1.20 attempts per success, 40 answers with 429)"`,
    );
  });

  it('says nothing of 429s where there were none', () => {
    const spot = verdictWith(level(30, { perSecond: 4.4, overhead: 0.2, failedAttempts: { timeout: 80 } }));
    expect(spot).toMatchObject({ reason: 'retries' });
    expect(spot?.because).toMatchInlineSnapshot(
      `"20: 30 is 12 % slower in throughput and spends 20 % of its slot time on retries (1.16 attempts per success)"`,
    );
  });

  it('stops where requests fail in the end', () => {
    const spot = verdictWith(level(30, { perSecond: 6, ok: 485, failed: 15 }));
    expect(spot).toMatchObject({ level: 20, reason: 'failures' });
    expect(spot?.because).toMatchInlineSnapshot(
      `"20: 30 is 20 % faster in throughput but 3 % of its requests fail"`,
    );
  });

  it('stops where nothing succeeds any more', () => {
    const spot = verdictWith(level(30, { perSecond: 0, ok: 0, failed: 500 }));
    expect(spot).toMatchObject({ level: 20, reason: 'failures' });
    expect(spot?.because).toMatchInlineSnapshot(`"20: at 30 no request succeeds"`);
  });

  it('stops where latency has more than doubled', () => {
    const spot = verdictWith(level(30, { perSecond: 7, p95: 8100 }));
    expect(spot).toMatchObject({ level: 20, reason: 'latency' });
    expect(spot?.because).toMatchInlineSnapshot(
      `"20: 30 is 40 % faster in throughput but its p95 is 8.10 s, 2.02 times that of 1 at once"`,
    );
  });

  it('stops where throughput falls', () => {
    const spot = verdictWith(level(30, { perSecond: 4 }));
    expect(spot).toMatchObject({ level: 20, reason: 'decline' });
    expect(spot?.because).toMatchInlineSnapshot(
      `"20: throughput falls beyond it: 30 is 20 % slower in throughput"`,
    );
  });

  it('stops where throughput levels off', () => {
    for (const [perSecond, sentence] of [
      [5.2, '20: throughput levels off: 30 is 4 % faster in throughput'],
      [5.01, '20: throughput levels off: 30 is no faster in throughput'],
      [4.8, '20: throughput levels off: 30 is 4 % slower in throughput'],
    ] as const)
      expect(verdictWith(level(30, { perSecond }))).toMatchObject({
        level: 20,
        reason: 'plateau',
        because: sentence,
      });
  });

  it('joins what refusals cost there to the pace', () => {
    const because = (perSecond: number) =>
      verdictWith(level(30, { perSecond, overhead: 0.03, ...limited(20) }))?.because;
    expect([because(4.8), because(5.2)]).toMatchInlineSnapshot(`
      [
        "20: throughput levels off: 30 is 4 % slower in throughput and makes 1.04 attempts per success (20 answers with 429)",
        "20: throughput levels off: 30 is 4 % faster in throughput but makes 1.04 attempts per success (20 answers with 429)",
      ]
    `);
  });

  it('calls a lead that the spread may have made chance, not levelling off', () => {
    const spread = (of: LevelSummary): LevelSummary => {
      const { serviceTime } = of.metrics;
      return serviceTime
        ? { ...of, metrics: { ...of.metrics, serviceTime: { ...serviceTime, count: 60, stdev: 9000 } } }
        : of;
    };
    const levels = [one, level(20, { perSecond: 5 }), level(30, { perSecond: 5.5 })].map(spread);
    expect(sweetSpot(levels)).toMatchObject({
      level: 20,
      reason: 'plateau',
      because:
        '20: 30 is 10 % faster in throughput but not by more than chance at this spread: more requests, or --repeat 3, would tell',
    });
  });

  it('says that no ceiling was found where the highest level is best', () => {
    const spot = verdictWith(level(30, { perSecond: 7.5 }));
    expect(spot).toMatchObject({ level: 30, reason: 'not-reached', nextLevel: null });
    expect(spot?.because).toMatchInlineSnapshot(
      `"30: it is the highest level tested and nothing gave way, so no ceiling was found. Next: --levels 30,45,60"`,
    );
  });

  it('says that one level is none to compare with', () => {
    expect(sweetSpot([five])).toMatchInlineSnapshot(`
      {
        "because": "5: it is the only level tested. Next: --levels 5,8,10",
        "level": 5,
        "method": "within-5-percent",
        "nextLevel": null,
        "reason": "only-level",
      }
    `);
  });

  it('suggests each level once', () => {
    expect(sweetSpot([one])?.because).toMatch(/--levels 1,2$/);
  });

  it('takes the smallest level within 5 % of the best, whatever it is called', () => {
    expect(sweetSpot([one, level(10, { perSecond: 4.75 }), level(20, { perSecond: 5 })])?.level).toBe(10);
    expect(sweetSpot([one, level(10, { perSecond: 4.74 }), level(20, { perSecond: 5 })])?.level).toBe(20);
  });

  it('takes the smallest of levels that are equally fast', () => {
    const same = [10, 20, 30].map((number) => level(number, { perSecond: 5 }));
    expect(sweetSpot(same)).toMatchObject({ level: 10, reason: 'plateau', nextLevel: 20 });
  });

  it('measures the best among admissible levels only', () => {
    const ruined = level(30, { perSecond: 50, overhead: 0.5, ...limited(900) });
    expect(verdictWith(ruined)?.level).toBe(20);
  });

  it('never recommends a level that breaks a limit, even if it alone is fast', () => {
    const broken = level(1, { perSecond: 0.2, ok: 400, failed: 100 });
    expect(sweetSpot([broken, five])).toMatchObject({ level: 5, reason: 'not-reached' });
  });

  it('finds none where no level is admissible, and none among none', () => {
    expect(sweetSpot([])).toBeNull();
    expect(sweetSpot([level(1, { perSecond: 0, ok: 0, failed: 10 })])).toBeNull();
    expect(sweetSpot([level(10, { perSecond: 3, overhead: 0.3, ...limited(200) })])).toBeNull();
  });

  it('suggests only levels that --levels accepts', () => {
    expect(sweetSpot([level(5000, { perSecond: 5 })])?.because).toContain('--levels 5000,7500,10000');
  });

  it('suggests only levels that --levels accepts, near the top too', () => {
    expect(sweetSpot([level(6000, { perSecond: 5 })])?.because).toMatch(/ Next: --levels 6000,9000$/);
    expect(sweetSpot([level(10_000, { perSecond: 5 })])?.because).toBe('10000: it is the only level tested');
  });

  it('says that throughput hardly grows any more where the highest level is best by little', () => {
    const spot = sweetSpot([one, level(20, { perSecond: 5 }), level(30, { perSecond: 5.5 })]);
    expect(spot).toMatchObject({ level: 30, reason: 'not-reached' });
    expect(spot?.because).toMatchInlineSnapshot(
      `"30: it is the highest level tested and nothing gave way, though throughput hardly grows any more: 5.00 ok/s at 20, 5.50 at 30. Next: --levels 30,45,60"`,
    );
  });

  it('does not say that nothing gave way where a lower level did', () => {
    const shaky = level(20, { perSecond: 4.5, ok: 485, failed: 15 });
    expect(sweetSpot([one, ten, shaky, level(30, { perSecond: 7 })])?.because).toBe(
      '30: it is the highest level tested and did not give way itself, though a lower one did: measure again. Next: --levels 30,45,60',
    );
  });

  it('does not depend on the order of the levels, and leaves them as they were', () => {
    const anyLevel = fc
      .record({
        perSecond: fc.constantFrom(0.1, 1, 4.8, 5, 5.1, 9),
        failed: fc.constantFrom(0, 0, 3, 20),
        overhead: fc.constantFrom(0, 0, 0.05, 0.3),
        p95: fc.constantFrom(3000, 4000, 9000, null),
      })
      .map((traits) => (number: number) => level(number, traits));
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 })
          .chain((numbers) =>
            fc
              .tuple(...numbers.map((number) => anyLevel.map((make) => make(number))))
              .chain((levels) =>
                fc
                  .shuffledSubarray(levels, { minLength: levels.length })
                  .map((shuffled) => ({ levels, shuffled })),
              ),
          ),
        ({ levels, shuffled }) => {
          const copy = structuredClone(shuffled);
          const spot = sweetSpot(shuffled);
          expect(spot).toEqual(sweetSpot(levels));
          expect(shuffled).toEqual(copy);
          if (!spot) return;
          expect(JSON.stringify(spot)).not.toMatch(/NaN|–|Infinity|undefined/);
          const least = levels.toSorted((a, b) => a.level - b.level)[0];
          const chosen = levels.find((each) => each.level === spot.level);
          expect(chosen && least && inadmissible(chosen, least)).toBeUndefined();
          expect(spot.because).toMatch(new RegExp(`^${spot.level}: `));
        },
      ),
    );
  });
});
