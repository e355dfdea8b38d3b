import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, standardErrorOfMean, sumOfSquares, variance } from '../../src/stats/moments.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 });

describe('moments', () => {
  it('are those of the textbook', () => {
    const sample = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(sample)).toBe(5);
    expect(sumOfSquares(sample)).toBe(32);
    expect(variance(sample)).toBeCloseTo(32 / 7, 12);
    expect(standardErrorOfMean(sample)).toBeCloseTo(Math.sqrt(32 / 7 / 8), 12);
  });

  it('are unknown where there is too little to tell', () => {
    expect(mean([])).toBeNaN();
    expect(variance([3])).toBeNaN();
  });

  it('move and scale with the values', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -1000, max: 1000 }), (sample, by) => {
        const moved = sample.map((value) => value + by);
        expect(mean(moved)).toBeCloseTo(mean(sample) + by, 6);
        const spread = Math.max(1, sumOfSquares(sample));
        expect(sumOfSquares(moved) / spread).toBeCloseTo(sumOfSquares(sample) / spread, 6);
        expect(variance(sample.map((value) => 2 * value)) / spread).toBeCloseTo(
          (4 * variance(sample)) / spread,
          6,
        );
      }),
    );
  });
});
