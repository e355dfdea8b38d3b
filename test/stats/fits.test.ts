import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, tQuantile } from '../../src/stats/distributions.ts';
import { nonNegativeLeastSquares } from '../../src/stats/least-squares.ts';
import { fitHinge, fitUsl } from '../../src/stats/scaling-curves.ts';

const DESIGN = [
  [1, 0, 0],
  [1, 1, 1],
  [1, 4, 12],
  [1, 9, 45],
  [1, 19, 190],
];

const points = (levels: readonly number[], curve: (level: number) => number) =>
  levels.map((level) => ({ level, perSecond: curve(level) }));

describe('distributions', () => {
  it.each([
    [0.95, 1, 6.313751514675037],
    [0.975, 2, 4.302652729749462],
    [0.995, 4, 4.604094871349992],
    [0.9, 30, 1.3104150253913955],
    [0.99, 10, 2.7637694581121646],
    [0.975, 1000, 1.9623390808264083],
  ])('has the %f quantile of t with %d degrees of freedom', (p, df, expected) => {
    expect(tQuantile(p, df)).toBeCloseTo(expected, 9);
    expect(tQuantile(1 - p, df)).toBeCloseTo(-expected, 9);
  });

  it('has the tails of the normal', () => {
    expect(normalCdf(-37) / 5.725571222524577e-300).toBeCloseTo(1, 9);
    expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 9);
    expect(normalCdf(3)).toBeCloseTo(0.9986501019683699, 12);
  });
});

describe('nonNegativeLeastSquares', () => {
  it('agrees with scipy where all coefficients are free, and where some are held at zero', () => {
    const free = nonNegativeLeastSquares(DESIGN, [1.1, 1.6, 2.2, 3.9, 8.5]);
    expect(free?.coefficients.map((value) => value.toFixed(7))).toEqual([
      '1.2073106',
      '0.2129822',
      '0.0170768',
    ]);
    expect(Math.sqrt(free?.residual ?? 0)).toBeCloseTo(0.20527438217838906, 9);
    const held = nonNegativeLeastSquares(DESIGN, [1, 0.9, 0.8, 0.85, 0.7]);
    expect(held?.coefficients.map((value) => value.toFixed(7))).toEqual([
      '0.8500000',
      '0.0000000',
      '0.0000000',
    ]);
  });

  it('finds exact coefficients again, whatever the weights', () => {
    const coefficient = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(coefficient, coefficient, coefficient),
        fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (truth, weights) => {
          const values = DESIGN.map((row) => row.reduce((sum, each, k) => sum + each * (truth[k] ?? 0), 0));
          const fit = nonNegativeLeastSquares(DESIGN, values, weights);
          if (values.every((value) => value === 0)) return;
          for (const [k, value] of truth.entries()) expect(fit?.coefficients[k]).toBeCloseTo(value, 6);
        },
      ),
    );
  });
});

/** The same by trying every set of free columns. */
const byTrying = (rows: readonly (readonly number[])[], values: readonly number[]): number => {
  const columns = rows[0]?.length ?? 0;
  const squares = Array.from({ length: 1 << columns }, (_, set) => {
    const free = Array.from({ length: columns }, (_, k) => k).filter((k) => set & (1 << k));
    const fit = nonNegativeLeastSquares(
      rows.map((row) => free.map((k) => row[k] ?? 0)),
      values,
    );
    return fit?.residual ?? values.reduce((sum, value) => sum + value ** 2, 0);
  });
  return Math.min(...squares);
};

describe('nonNegativeLeastSquares with many columns', () => {
  it('is as good as the best of any choice of them, and no coefficient is negative', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.array(number, { minLength: 6, maxLength: 6 }), { minLength: 8, maxLength: 8 }),
        fc.array(number, { minLength: 8, maxLength: 8 }),
        (rows, values) => {
          const fit = nonNegativeLeastSquares(rows, values);
          const zero = values.reduce((sum, value) => sum + value ** 2, 0);
          expect(Math.min(...(fit?.coefficients ?? [0]))).toBeGreaterThanOrEqual(0);
          expect(fit?.residual ?? zero).toBeLessThanOrEqual(byTrying(rows, values) + 1e-6);
        },
      ),
    );
  });
});

describe('fitUsl', () => {
  it('finds the curve again, and its peak', () => {
    const curve = (n: number) => (0.26 * n) / (1 + 0.03 * (n - 1) + 0.0005 * n * (n - 1));
    const fit = fitUsl(points([1, 5, 10, 20, 30, 60], curve));
    expect(fit?.gamma).toBeCloseTo(0.26, 9);
    expect(fit?.sigma).toBeCloseTo(0.03, 9);
    expect(fit?.kappa).toBeCloseTo(0.0005, 9);
    expect(fit?.peak).toBeCloseTo(Math.sqrt(0.97 / 0.0005), 6);
    expect(fit?.error).toBeLessThan(1e-9);
  });

  it('has no peak where nothing turns down, and no fit of two points', () => {
    expect(fitUsl(points([1, 5, 10], (n) => 0.26 * n))).toMatchObject({ peak: null });
    expect(fitUsl(points([1, 5], (n) => n))).toBeUndefined();
    expect(fitUsl(points([1, 5, 9], () => 0))).toBeUndefined();
  });

  it('misses a hard limit', () => {
    const fit = fitUsl(points([1, 5, 10, 20, 30], (n) => Math.min(0.26 * n, 6)));
    expect(fit?.error).toBeGreaterThan(0.02);
  });
});

describe('fitHinge', () => {
  it('finds the limit and where it begins', () => {
    const fit = fitHinge(points([30, 1, 5, 10, 20], (n) => Math.min(0.26 * n, 6)));
    expect(fit?.slope).toBeCloseTo(0.26, 9);
    expect(fit?.ceiling).toBeCloseTo(6, 9);
    expect(fit?.knee).toBeCloseTo(6 / 0.26, 9);
  });

  it('has no knee on a straight line', () => {
    expect(fitHinge(points([1, 2, 4, 8], (n) => 3 * n))?.knee).toBeNull();
    expect(fitHinge(points([1], (n) => n))).toBeUndefined();
  });

  it('finds the knee of any hinge that two points or more lie on each side of', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: 5, max: 19 }),
        (slope, knee) => {
          const fit = fitHinge(points([1, 2, 4, 20, 25, 30], (n) => Math.min(slope * n, slope * knee)));
          expect(fit?.knee).toBeCloseTo(knee, 6);
        },
      ),
    );
  });
});
