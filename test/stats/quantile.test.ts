import { describe, expect, it } from 'vitest';
import { quantile, samplesNeeded } from '../../src/stats/quantile.ts';

describe('quantile', () => {
  // R: quantile(c(15, 20, 35, 40, 50), c(0.05, 0.3, 0.4, 0.5, 1), type = 7); numpy gives the same.
  it.each([
    [0, 15],
    [0.05, 16],
    [0.3, 23],
    [0.4, 29],
    [0.5, 35],
    [0.95, 48],
    [1, 50],
  ])('of p = %d agrees with R type 7', (p, expected) => {
    expect(quantile([15, 20, 35, 40, 50], p)).toBeCloseTo(expected, 12);
  });

  it('of one value is that value, whatever p', () => {
    for (const p of [0, 0.5, 0.99, 1]) expect(quantile([7], p)).toBe(7);
  });

  it('of no values is no number', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('takes p below 0 and above 1 as 0 and 1', () => {
    expect(quantile([1, 2], -1)).toBe(1);
    expect(quantile([1, 2], 2)).toBe(2);
  });
});

describe('samplesNeeded', () => {
  it.each([
    [0.5, 2],
    [0.9, 10],
    [0.95, 20],
    [0.99, 100],
    [0.999, 1000],
    [0.05, 20],
  ])('for p = %d is %d', (p, count) => {
    expect(samplesNeeded(p)).toBe(count);
  });
});
