import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, lognormalMean } from '../../src/core/rng.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { visits } from '../../src/run/block-order.ts';
import { runSweep, type SweepPlan } from '../../src/run/sweep.ts';
import { type Lab, lab } from '../support/lab.ts';

const silent = { onCooldown() {}, onStretch() {}, onMeasured() {} };

const swept = async (bench: Lab, changes: Partial<SweepPlan>) => {
  const outcomes: [level: number, block: number | undefined][] = [];
  await bench.clock.run(async () => {
    for await (const { level, block } of runSweep({ ...bench.plan, ...changes }, bench.runtime, silent))
      outcomes.push([level, block]);
  });
  return outcomes;
};

describe('the order of levels', () => {
  it('is as given where each runs once', () => {
    expect(visits([30, 1, 5], 1, createRng(1))).toEqual([{ level: 30 }, { level: 1 }, { level: 5 }]);
  });

  it('is another one in each block, complete, with the sequential level once and first', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 2, max: 6 }),
        fc.nat(1000),
        (levels, repeat, seed) => {
          const order = visits(levels, repeat, createRng(seed));
          const others = levels.filter((level) => level !== 1).toSorted((a, b) => a - b);
          if (levels.includes(1)) expect(order[0]).toEqual({ level: 1, block: 0 });
          expect(order.filter(({ level }) => level === 1)).toHaveLength(levels.includes(1) ? 1 : 0);
          for (let block = 0; block < repeat; block++) {
            const inBlock = order.filter((visit) => visit.level !== 1 && visit.block === block);
            expect(inBlock.map(({ level }) => level).toSorted((a, b) => a - b)).toEqual(others);
          }
          expect(visits(levels, repeat, createRng(seed))).toEqual(order);
        },
      ),
    );
    const orders = new Set(
      Array.from({ length: 20 }, (_, seed) => JSON.stringify(visits([2, 3, 4, 5], 2, createRng(seed)))),
    );
    expect(orders.size).toBeGreaterThan(10);
  });
});

describe('a repeated sweep', () => {
  it('numbers its blocks in the records, each request from 0, and cools down between them', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [1, 4], requests: 8 });
    expect(await swept(bench, { repeat: 3, cooldown: 1000 })).toEqual([
      [1, 0],
      [4, 0],
      [4, 1],
      [4, 2],
    ]);
    const four = bench.records.filter(({ level }) => level === 4);
    expect(four.map(({ block, index }) => [block, index])).toEqual(
      [0, 1, 2].flatMap((block) => Array.from({ length: 8 }, (_, index) => [block, index])),
    );
    expect(summarize(4, bench.records)).toMatchObject({ wallClockMs: 200, counts: { requests: 24 } });
    const begins = [0, 8, 16].map((first) => four[first]?.startedAt);
    expect(begins).toEqual([1800, 3000, 4200]); // 200 of load and 1000 of rest each
  });

  it('leaves the records of a level that runs once as they were', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [2], requests: 4 });
    await swept(bench, {});
    expect(bench.records[0]).not.toHaveProperty('block');
  });
});

describe('a level with a precision', () => {
  const noisy = (cv: number) => {
    const rng = createRng(4);
    return lab(() => ({ after: lognormalMean(rng, 1000, cv) }), { levels: [10] });
  };

  it.each([
    [0.3, 0.05, 138],
    [0.3, 0.1, 35],
    [0.6, 0.05, 553],
  ])(
    'of spread %f stops at ± %f after about (1.96 × spread ÷ precision)² = %i',
    async (cv, precision, needed) => {
      const bench = noisy(cv);
      await swept(bench, { measure: { requests: 5000, precision } });
      const { steady } = summarize(10, bench.records);
      expect(steady?.requests).toBeGreaterThan(needed * 0.75);
      expect(steady?.requests).toBeLessThan(needed * 1.35 + 20);
      const { low = 0, high = 0 } = steady?.interval ?? {};
      expect((high - low) / 2 / (steady?.perSecond ?? 1)).toBeLessThan(precision * 1.1);
    },
  );

  it('stops at its number where that comes first', async () => {
    const bench = noisy(1);
    await swept(bench, { measure: { requests: 60, precision: 0.01 } });
    expect(bench.records).toHaveLength(60);
  });

  it('has 30 requests and one and a half per slot at least, however alike they are', async () => {
    const bench = lab(() => ({ after: 1000 }), { levels: [40] });
    await swept(bench, { measure: { requests: 5000, precision: 0.5 } });
    expect(summarize(40, bench.records).steady?.requests).toBeGreaterThanOrEqual(60);
    expect(bench.records.length).toBeLessThan(400);
  });
});

describe('an adapted number of requests', () => {
  it.each([
    [0.3, 18, 21],
    [0.6, 28, 44],
  ])('grows with the level and the spread (%f: %i to %i a slot)', async (cv, from, to) => {
    const rng = createRng(4);
    const bench = lab(() => ({ after: lognormalMean(rng, 1000, cv) }), { levels: [30] });
    await swept(bench, { referenceRequests: 200, measure: { requests: 30, adapted: true } });
    const { counts } = summarize(30, bench.records);
    expect(counts.requests).toBeGreaterThanOrEqual(30 * from);
    expect(counts.requests).toBeLessThanOrEqual(30 * to);
  });
});
