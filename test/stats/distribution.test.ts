import { describe, expect, it } from 'vitest';
import { distribution } from '../../src/stats/distribution.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('distribution', () => {
  it('of no values is undefined', () => {
    expect(distribution([])).toBeUndefined();
  });

  it('of one value has no spread, and no percentile that it could hold', () => {
    expect(distribution([5])).toMatchObject({
      count: 1,
      mean: 5,
      stdev: 0,
      min: 5,
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      max: 5,
    });
  });

  it('of 1 to 100', () => {
    expect(distribution(upTo(100))).toMatchObject({
      count: 100,
      mean: 50.5,
      stdev: expect.closeTo(29.011491975882016, 12),
      min: 1,
      p50: 50.5,
      p90: expect.closeTo(90.1, 12),
      p95: expect.closeTo(95.05, 12),
      p99: expect.closeTo(99.01, 12),
      max: 100,
    });
  });

  it.each([
    ['p50', 2],
    ['p90', 10],
    ['p95', 20],
    ['p99', 100],
  ] as const)('%s is null below %d samples and a number from there on', (name, needed) => {
    expect(distribution(upTo(needed - 1))?.[name]).toBeNull();
    expect(distribution(upTo(needed))?.[name]).toBeTypeOf('number');
  });

  it('keeps small spread beside a large mean, which sums of squares lose', () => {
    const values = [4, 7, 13, 16].map((value) => value + 1e9);
    expect(distribution(values)?.mean).toBe(1e9 + 10);
    expect(distribution(values)?.stdev).toBeCloseTo(Math.sqrt(30), 9);
  });

  it('leaves the values as they were', () => {
    const values = [3, 1, 2];
    distribution(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('sorts numbers as numbers', () => {
    expect(distribution([10, 9, 1, 100])).toMatchObject({ min: 1, max: 100, p50: 9.5 });
  });
});
