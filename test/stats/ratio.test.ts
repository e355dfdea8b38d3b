import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, lognormalMean } from '../../src/core/rng.ts';
import { Ratio } from '../../src/stats/ratio.ts';

const ratioOf = (pairs: readonly (readonly [number, number])[]): Ratio => {
  const ratio = new Ratio();
  for (const [y, x] of pairs) ratio.add(y, x);
  return ratio;
};

const pairs = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.double({ min: 0.1, max: 1e5, noNaN: true })), {
  minLength: 2,
  maxLength: 60,
});

describe('a ratio of means', () => {
  it('of successes to cycles is their rate, with the spread of the cycles for an error', () => {
    const estimate = ratioOf([
      [1, 900],
      [1, 1100],
      [1, 1000],
      [1, 1000],
    ]).estimate();
    expect(estimate?.ratio).toBeCloseTo(1 / 1000, 12);
    // CV 0.0816, t with three degrees of freedom 3.182: ± 13 %.
    expect(estimate?.relativeError).toBeCloseTo((3.18245 * 0.081_65) / 2, 4);
  });

  it('of nothing, of one pair and of no time is unknown', () => {
    expect(ratioOf([]).estimate()).toBeUndefined();
    expect(ratioOf([[1, 5]]).estimate()).toBeUndefined();
    expect(
      ratioOf([
        [1, 0],
        [1, 0],
      ]).estimate(),
    ).toBeUndefined();
  });

  it.each([
    [0.3, 140, 1],
    [0.3, 500, 0.9],
    [1, 500, 1],
  ])('covers the truth in 93 to 97 %% of samples (spread %f, %i pairs, %f succeed)', (cv, n, share) => {
    const rng = createRng(11);
    let held = 0;
    const runs = 1000;
    for (let run = 0; run < runs; run++) {
      const ratio = new Ratio();
      for (let i = 0; i < n; i++) ratio.add(rng.next() < share ? 1 : 0, lognormalMean(rng, 1, cv));
      const { low = 1, high = 0 } = ratio.estimate()?.interval ?? {};
      if (low <= share && share <= high) held++;
    }
    expect(held / runs).toBeGreaterThan(0.93);
    expect(held / runs).toBeLessThan(0.97);
  });

  it('does not depend on the order of the pairs, nor on how they are split and merged', () => {
    fc.assert(
      fc.property(pairs, fc.nat(60), (all, at) => {
        const whole = ratioOf(all);
        expect(ratioOf(all.toReversed()).estimate()).toEqual(whole.estimate());
        const first = ratioOf(all.slice(0, at));
        first.merge(ratioOf(all.slice(at)));
        expect(first.count).toBe(whole.count);
        expect(first.meanX).toBeCloseTo(whole.meanX, 6);
        expect(first.estimate()?.ratio ?? 0).toBeCloseTo(whole.estimate()?.ratio ?? 0, 9);
      }),
    );
  });

  it('holds its estimate between its bounds, and knows it relative to the unit of time', () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const found = ratioOf(all).estimate();
        if (!found) return;
        expect(found.interval.low).toBeLessThanOrEqual(found.ratio);
        expect(found.interval.high).toBeGreaterThanOrEqual(found.ratio);
        expect(found.interval.low).toBeGreaterThanOrEqual(0);
        const scaled = ratioOf(all.map(([y, x]) => [y, x * 1024] as const)).estimate();
        expect((scaled?.ratio ?? 0) * 1024).toBeCloseTo(found.ratio, 9);
      }),
    );
  });
});
