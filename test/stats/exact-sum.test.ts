import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum } from '../../src/stats/exact-sum.ts';

const sum = (terms: readonly number[]): number => {
  const exact = new ExactSum();
  for (const term of terms) exact.add(term);
  return exact.value;
};

describe('ExactSum', () => {
  it('is 0 of nothing', () => expect(sum([])).toBe(0));

  it('loses nothing that a plain sum loses', () => {
    expect(sum(Array(10).fill(0.1))).toBe(1);
    expect(sum([1e16, 1, -1e16])).toBe(1);
    expect(sum([1e308, 1, -1e308])).toBe(1);
  });

  it('rounds half-way cases by what lies below', () => {
    expect(sum([2 ** 53, 1, 2 ** -100])).toBe(2 ** 53 + 2);
    expect(sum([2 ** 53, 1, -(2 ** -100)])).toBe(2 ** 53);
  });

  it('does not depend on the order', () => {
    const term = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        fc
          .array(term, { maxLength: 60 })
          .chain((list) =>
            fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
          ),
        ([list, shuffled]) => {
          expect(sum(shuffled)).toBe(sum(list));
        },
      ),
    );
  });

  it('is exact where integers are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 200 }), (list) => {
        expect(sum(list)).toBe(Number(list.reduce((total, each) => total + BigInt(each), 0n)));
      }),
    );
  });
});
