import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, lognormalMean } from '../../src/core/rng.ts';
import { distribution } from '../../src/stats/distribution.ts';
import { quantileRanks } from '../../src/stats/order-statistics.ts';

describe('ranks around a quantile', () => {
  // The table of methods.md 3.8: below these the largest value may lie below the percentile.
  it.each([
    [0.9, 36],
    [0.95, 72],
    [0.99, 368],
    [0.999, 3688],
  ])('bound the %f quantile from above from %i values on', (p, needed) => {
    expect(quantileRanks(needed - 1, p).high).toBeNull();
    expect(quantileRanks(needed, p).high).toBe(needed);
  });

  it('are those of the sign test for the median of ten', () => {
    expect(quantileRanks(10, 0.5)).toEqual({ low: 2, high: 9 }); // 97.9 %, as in any table
  });

  it('leave at most 2.5 % on either side, exactly, and no rank could be closer', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    const below = (n: number, p: number, k: number) =>
      Array.from({ length: k }, (_, i) => choose(n, i) * p ** i * (1 - p) ** (n - i)).reduce(
        (a, b) => a + b,
        0,
      );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 150 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (n, p) => {
          const { low, high } = quantileRanks(n, p);
          if (low !== null) expect(below(n, p, low)).toBeLessThanOrEqual(0.025 + 1e-9);
          expect(below(n, p, (low ?? 0) + 1)).toBeGreaterThan(0.025 - 1e-9);
          if (high !== null) {
            expect(1 - below(n, p, high)).toBeLessThanOrEqual(0.025 + 1e-9);
            expect(1 - below(n, p, high - 1)).toBeGreaterThan(0.025 - 1e-9);
          }
        },
      ),
    );
  });

  it('stay finite for a million values', () => {
    const { low, high } = quantileRanks(1_000_000, 0.99);
    expect(low).toBe(989_805);
    expect(high).toBe(990_196);
  });

  it.each([
    [50, 'p50', 1],
    [100, 'p95', 1.6449],
    [400, 'p99', 2.3263],
    [40, 'p90', 1.2816],
  ] as const)('cover the truth in 93 to 99.5 %% of samples of %i (%s)', (n, name, z) => {
    const sigma = Math.sqrt(Math.log(1 + 0.6 ** 2));
    const truth = Math.exp(-(sigma ** 2) / 2 + sigma * (name === 'p50' ? 0 : z));
    let held = 0;
    const runs = 1000;
    const rng = createRng(7);
    for (let run = 0; run < runs; run++) {
      const values = Array.from({ length: n }, () => lognormalMean(rng, 1, 0.6));
      const interval = distribution(values)?.[`${name}Interval`];
      if (interval && interval.low <= truth && truth <= interval.high) held++;
    }
    expect(held / runs).toBeGreaterThan(0.93);
    expect(held / runs).toBeLessThan(0.995);
  });

  it('give a lower bound alone where the sample is too small, which holds in 97.5 % of samples', () => {
    const rng = createRng(3);
    let held = 0;
    for (let run = 0; run < 1000; run++) {
      const found = distribution(Array.from({ length: 30 }, () => rng.next()));
      expect(found?.p95Interval).toBeNull();
      if ((found?.p95AtLeast ?? Number.POSITIVE_INFINITY) <= 0.95) held++;
    }
    expect(held / 1000).toBeGreaterThan(0.965);
  });
});
