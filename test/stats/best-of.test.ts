import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../src/core/rng.ts';
import { bestOf } from '../../src/stats/best-of.ts';

const value = fc.double({ min: 0.1, max: 1000, noNaN: true });
const error = fc.double({ min: 0.001, max: 100, noNaN: true });

describe('bestOf', () => {
  it('is the highest where nothing is uncertain', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        expect(bestOf(values.map((each) => ({ value: each, error: 0 })))).toBe(Math.max(...values));
      }),
    );
    expect(bestOf([])).toBe(Number.NEGATIVE_INFINITY);
  });

  it('lies between the lowest and the highest, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ value, error }), { minLength: 1 }), (values) => {
        const best = bestOf(values);
        const all = values.map((each) => each.value);
        expect(best).toBeLessThanOrEqual(Math.max(...all) * (1 + 1e-12));
        expect(best).toBeGreaterThanOrEqual(Math.min(...all) * (1 - 1e-12));
        expect(bestOf(values.toReversed())).toBeCloseTo(best, 6);
      }),
    );
  });

  it('leaves out what is lower by more than chance', () => {
    expect(
      bestOf([
        { value: 10, error: 0.1 },
        { value: 9, error: 0.1 },
      ]),
    ).toBe(10);
  });

  it('is not what luck made of eight equal values', () => {
    const rng = createRng(1);
    const trials = Array.from({ length: 500 }, () =>
      Array.from({ length: 8 }, () => ({ value: 100 + 4 * normal(rng), error: 4 })),
    );
    const meanOf = (of: (values: (typeof trials)[number]) => number) =>
      trials.reduce((sum, values) => sum + of(values), 0) / trials.length;
    expect(meanOf((values) => Math.max(...values.map((each) => each.value)))).toBeGreaterThan(105);
    expect(meanOf(bestOf)).toBeLessThan(103);
  });
});
