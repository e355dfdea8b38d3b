import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../src/core/rng.ts';
import { concaveThrough } from '../../src/stats/concave.ts';

const LEVELS = [1, 4, 8, 16, 32, 64] as const;

const along = (curve: (level: number) => number, error: number, noise: () => number = () => 0) =>
  LEVELS.map((at) => ({ at, value: curve(at) * (1 + error * noise()), error: curve(at) * error }));

describe('concaveThrough', () => {
  it('goes through what lies on such a curve, falling or not', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 0.005, noNaN: true }),
        (knee, fall) => {
          const curve = (level: number) => Math.min(level, knee) * (1 - fall * Math.max(0, level - knee));
          const points = along(curve, 0.02);
          for (const [i, value] of concaveThrough(points).values.entries())
            expect(value / (points[i]?.value ?? 0)).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it('knows a value by its neighbours better than by itself', () => {
    const rng = createRng(7);
    const curve = (level: number) => Math.min(level, 30);
    const squares = { raw: 0, fitted: 0 };
    for (let trial = 0; trial < 200; trial++) {
      const points = along(curve, 0.04, () => normal(rng));
      const { values } = concaveThrough(points);
      for (const [i, { at, value }] of points.entries()) {
        squares.raw += (value / curve(at) - 1) ** 2;
        squares.fitted += ((values[i] ?? 0) / curve(at) - 1) ** 2;
      }
    }
    expect(squares.fitted / squares.raw).toBeLessThan(0.6);
  });

  it('takes a lead for one where all lie on a line, and for none on a plateau', () => {
    const line = concaveThrough(along((level) => level, 0.05));
    expect(line.best).toBeCloseTo(64, 6);
    const plateau = concaveThrough([
      { at: 20, value: 100, error: 4 },
      { at: 30, value: 103, error: 4 },
    ]);
    expect(plateau.best).toBeGreaterThan(100);
    expect(plateau.best).toBeLessThan(103);
  });

  it('is never better than the best of its values, whatever it is given', () => {
    const point = fc.record({
      at: fc.integer({ min: 1, max: 10_000 }),
      value: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      error: fc.double({ min: 1e-9, max: 1e5, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(point, { selector: ({ at }) => at, minLength: 1, maxLength: 20 }),
        (drawn) => {
          const points = drawn.toSorted((a, b) => a.at - b.at);
          const { values, best } = concaveThrough(points);
          expect(values).toHaveLength(points.length);
          expect(best).toBeLessThanOrEqual(Math.max(...values) * (1 + 1e-9));
          expect(best).toBeGreaterThanOrEqual(Math.min(...values) * (1 - 1e-9));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves values alone that lie on no such curve, or whose errors nobody knows', () => {
    const jump = [10, 20, 30, 100].map((value, i) => ({ at: i + 1, value, error: 0.5 }));
    expect(concaveThrough(jump)).toEqual({ values: [10, 20, 30, 100], best: 100 });
    const exact = along((level) => level ** 2, 0);
    expect(concaveThrough(exact).values).toEqual(exact.map(({ value }) => value));
    expect(concaveThrough([]).best).toBe(Number.NEGATIVE_INFINITY);
  });
});
