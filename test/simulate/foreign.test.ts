import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { verdictOf } from '../../src/analyze/verdict.ts';
import type { ForeignServer } from '../support/foreign/foreign-server.ts';
import { type GateKind, gateOf } from '../support/foreign/gates.ts';
import { judgedRun, searchedRun } from '../support/judged-run.ts';

const SERVER = {
  work: { by: 'nothing' },
  latencyMs: 2000,
  cv: 0.3,
  law: 'gamma',
  tells: 'nothing',
  status: 429,
} as const satisfies ForeignServer;

/** Ten calls a second, each in its own way, with forty at once or so before it says no. */
const GATES: readonly GateKind[] = [
  { by: 'window', calls: 40, ms: 4000 },
  { by: 'log', calls: 40, ms: 4000 },
  { by: 'counter', calls: 40, ms: 4000 },
  { by: 'gcra', everyMs: 100, early: 39 },
  { by: 'leak', everyMs: 100, waiting: 40 },
];

describe('a gate that others might have written', () => {
  it.each(GATES)('lets in what its rate allows and no more, however it is asked ($by)', (kind) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2000, maxLength: 2000 }), (gaps) => {
        const gate = gateOf(kind);
        let now = 0;
        let taken = 0;
        for (const gap of gaps) {
          now += gap;
          if (gate.decide(now, 0).taken) taken++;
        }
        expect(taken).toBeLessThanOrEqual(now / 100 + 82);
        expect(taken).toBeGreaterThanOrEqual(now / 100 - 82);
      }),
      { numRuns: 10 },
    );
  });

  it('takes so many at once and no more', () => {
    const gate = gateOf({ by: 'cap', calls: 3 });
    expect([0, 2, 3, 4].map((open) => gate.decide(0, open).taken)).toEqual([true, true, false, false]);
  });
});

describe('a level that is stopped when its throughput is known', () => {
  it('is not stopped before the line has formed that its calls wait in', async () => {
    // With three rounds of requests it would be a third faster than it is.
    const work = { by: 'workers', count: 29 } as const;
    for (let seed = 1; seed <= 10; seed++) {
      const [level] = await judgedRun({
        profile: { ...SERVER, latencyMs: 511, cv: 0.1474, law: 'uniform', work },
        levels: [48],
        seed,
        measure: { requests: 400, precision: 0.05 },
      });
      expect(level?.counts.requests).toBeLessThan(400);
      expect(level?.steady?.perSecond).toBeGreaterThan(0.94 * (29 / 0.511));
      expect(level?.steady?.perSecond).toBeLessThan(1.06 * (29 / 0.511));
    }
  });
});

describe('throughput of a server that shares its processors', () => {
  // Those of the drain have fewer beside them: by the cycles of all it would be 7 to 9 % high.
  it.each([
    [64, 32],
    [128, 33],
    [30, 28],
  ])('has no bias at %i at once on %i cores', async (level, cores) => {
    const perSecond = (cores / SERVER.latencyMs) * 1000;
    const found: number[] = [];
    for (let seed = 1; seed <= 20; seed++) {
      const [summary] = await judgedRun({
        profile: { ...SERVER, work: { by: 'sharing', cores } },
        levels: [level],
        seed,
        measure: { requests: Math.max(210, 4.5 * level) },
      });
      found.push((summary?.steady?.perSecond ?? Number.NaN) / perSecond);
    }
    expect(Math.abs(found.reduce((sum, each) => sum + each, 0) / found.length - 1)).toBeLessThan(0.025);
  });
});

describe('a search on a server that others might have written', () => {
  // One in ten is a little off; a change that breaks a kind breaks nearly all of it.
  it.each([
    [
      '360 a minute by a window, 23 fit',
      { latencyMs: 3840, gate: { by: 'window', calls: 360, ms: 60_000 } },
      20,
      25,
    ],
    [
      '150 in ten seconds by a window, 10 fit',
      { latencyMs: 700, law: 'uniform', gate: { by: 'window', calls: 150, ms: 10_000 } },
      9,
      11,
    ],
    [
      '314 in ten seconds by a window, 22 fit',
      { latencyMs: 700, gate: { by: 'window', calls: 314, ms: 10_000 } },
      19,
      23,
    ],
    [
      '270 in ten seconds by a log, 19 fit, and it tells when to come again',
      { latencyMs: 700, tells: 'retry-after', gate: { by: 'log', calls: 270, ms: 10_000 } },
      16,
      20,
    ],
    [
      // The first run at 64 begins with a log that the levels before have filled; the second falls silent, once.
      '400 in ten seconds by a log, 16 fit',
      { latencyMs: 390, gate: { by: 'log', calls: 400, ms: 10_000 } },
      14,
      17,
    ],
    ['a bucket by due times, 25 fit', { gate: { by: 'gcra', everyMs: 80, early: 10 } }, 21, 26],
    ['refuses above 20 at once', { gate: { by: 'cap', calls: 20 } }, 18, 22],
    ['twelve workers and a line', { work: { by: 'workers', count: 12 } }, 10, 16],
    ['67 workers and a line', { work: { by: 'workers', count: 67 } }, 60, 96],
    ['shares 28 cores', { work: { by: 'sharing', cores: 28 } }, 24, 38],
    ['slows down by the square, fastest at 40', { work: { by: 'crowding', at: 40 } }, 26, 42],
  ] as const satisfies readonly (readonly [string, Partial<ForeignServer>, number, number])[])(
    '%s',
    async (_, own, least, most) => {
      const answers: (number | undefined)[] = [];
      for (let seed = 1; seed <= 8; seed++) {
        const { levels, requests } = await searchedRun({ ...SERVER, ...own }, { seed });
        answers.push(verdictOf(levels, CRITERIA)?.level);
        expect(requests).toBeLessThanOrEqual(2000);
      }
      const good = answers.filter((level = 0) => level >= least && level <= most);
      expect(good.length, `answers: ${answers.join(', ')}`).toBeGreaterThanOrEqual(6);
    },
  );
});

describe('a sweep of nine levels with as many requests as a newcomer would take', () => {
  it.each([
    [
      '314 in ten seconds by a window, 22 fit',
      { latencyMs: 700, gate: { by: 'window', calls: 314, ms: 10_000 } },
    ],
    ['270 in ten seconds by a log, 19 fit', { latencyMs: 700, gate: { by: 'log', calls: 270, ms: 10_000 } }],
    ['360 a minute by a window, 23 fit', { latencyMs: 3840, gate: { by: 'window', calls: 360, ms: 60_000 } }],
    ['360 a minute by a log, 23 fit', { latencyMs: 3840, gate: { by: 'log', calls: 360, ms: 60_000 } }],
  ] as const)('sees that %s', async (_, own) => {
    const answers: (number | undefined)[] = [];
    for (let seed = 1; seed <= 6; seed++) {
      const levels = await judgedRun({
        profile: { ...SERVER, ...own },
        levels: [1, 5, 10, 15, 20, 25, 30, 40, 60],
        seed,
        measure: { requests: 500 },
      });
      answers.push(verdictOf(levels, CRITERIA)?.level);
    }
    const good = answers.filter((level) => level === 20);
    expect(good.length, `answers: ${answers.join(', ')}`).toBeGreaterThanOrEqual(4);
    expect(Math.max(...answers.map((level = 0) => level))).toBeLessThanOrEqual(25);
  });
});
