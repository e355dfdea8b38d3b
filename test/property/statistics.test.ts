import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column } from '../../src/stats/column.ts';
import { distribution } from '../../src/stats/distribution.ts';
import { quantile, samplesNeeded } from '../../src/stats/quantile.ts';

/** Durations, counts and rates as they occur; a quantile of numbers near 1e308 would overflow and is none of ours. */
const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const values = fc.array(value, { minLength: 1, maxLength: 200 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

const ascending = (list: readonly number[]) => [...list].sort((a, b) => a - b);
/** Interpolation rounds in proportion to the values it lies between, which may be far larger than the result. */
const closeAmong = (list: readonly number[], a: number, b: number) =>
  Math.abs(a - b) <= 1e-9 * Math.max(1, ...list.map(Math.abs));

/** Hyndman & Fan's type 7 as they write it: h = (n − 1) p + 1, Q = x⌊h⌋ + (h − ⌊h⌋)(x⌊h⌋₊₁ − x⌊h⌋), counting from 1. */
const byDefinition = (sorted: readonly number[], p: number) => {
  const h = (sorted.length - 1) * p + 1;
  const x = (k: number) => sorted[Math.min(k, sorted.length) - 1] ?? Number.NaN;
  return x(Math.floor(h)) + (h - Math.floor(h)) * (x(Math.floor(h) + 1) - x(Math.floor(h)));
};

const naiveMean = (list: readonly number[]) => list.reduce((sum, each) => sum + each / list.length, 0);

describe('quantile', () => {
  it('is what its definition says', () => {
    fc.assert(
      fc.property(values, share, (list, p) => {
        const sorted = ascending(list);
        expect(closeAmong(list, quantile(sorted, p), byDefinition(sorted, p))).toBe(true);
      }),
    );
  });

  it('lies between the extremes and rises with p', () => {
    fc.assert(
      fc.property(values, share, share, (list, p, q) => {
        const sorted = ascending(list);
        const low = quantile(sorted, Math.min(p, q));
        const high = quantile(sorted, Math.max(p, q));
        const slack = 1e-9 * Math.max(1, ...sorted.map(Math.abs));
        expect(low).toBeLessThanOrEqual(high + slack);
        expect(low).toBeGreaterThanOrEqual((sorted[0] ?? 0) - slack);
        expect(high).toBeLessThanOrEqual((sorted.at(-1) ?? 0) + slack);
      }),
    );
  });

  it('at the position of a value is that value', () => {
    fc.assert(
      fc.property(values, fc.nat(), (list, pick) => {
        const sorted = ascending(list);
        const last = sorted.length - 1;
        const index = pick % sorted.length;
        const found = quantile(sorted, last === 0 ? 0.5 : index / last);
        expect(closeAmong(list, found, sorted[index] ?? Number.NaN)).toBe(true);
      }),
    );
  });

  it('needs at least one sample beyond it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), (basisPoints) => {
        const p = basisPoints / 10_000;
        const beyond = (count: number) => count * Math.min(p, 1 - p);
        expect(beyond(samplesNeeded(p))).toBeGreaterThanOrEqual(1 - 1e-6);
        expect(beyond(samplesNeeded(p) - 1)).toBeLessThan(1);
      }),
    );
  });
});

describe('distribution', () => {
  it('is what the naive definitions say', () => {
    fc.assert(
      fc.property(values, (list) => {
        const found = distribution(list);
        const sorted = ascending(list);
        const mean = naiveMean(list);
        const squares = list.reduce((sum, each) => sum + (each - mean) ** 2, 0);
        const scale = Math.max(1, ...list.map(Math.abs));
        expect(found?.count).toBe(list.length);
        expect(Math.abs((found?.mean ?? Number.NaN) - mean)).toBeLessThanOrEqual(1e-9 * scale);
        const stdev = list.length > 1 ? Math.sqrt(squares / (list.length - 1)) : 0;
        expect(Math.abs((found?.stdev ?? Number.NaN) - stdev)).toBeLessThanOrEqual(1e-9 * scale);
        expect(found?.min).toBe(sorted[0]);
        expect(found?.max).toBe(sorted.at(-1));
        for (const [name, p] of [
          ['p50', 0.5],
          ['p90', 0.9],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const)
          expect(found?.[name]).toBe(list.length < samplesNeeded(p) ? null : quantile(sorted, p));
      }),
    );
  });

  it('does not depend on the order of the values', () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(distribution([...list].reverse())).toEqual(distribution(list));
      }),
    );
  });

  it('of a column is that of the values pushed', () => {
    fc.assert(
      fc.property(values, (list) => {
        const column = new Column();
        for (const each of list) column.push(each);
        expect(Array.from(column.values)).toEqual(list);
        expect(distribution(column.values)).toEqual(distribution(list));
      }),
    );
  });
});
