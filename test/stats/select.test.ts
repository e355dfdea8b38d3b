import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../src/stats/quantile.ts';
import { quantileInPlace } from '../../src/stats/select.ts';

test('a quantile by selection is the quantile of the sorted values, however often it is asked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 200 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
      (values, shares) => {
        const own = Float64Array.from(values);
        const sorted = Float64Array.from(values).sort();
        for (const p of shares) expect(quantileInPlace(own, p)).toBeCloseTo(quantile(sorted, p), 6);
      },
    ),
  );
});

test('of nothing there is none', () => {
  expect(quantileInPlace(new Float64Array(0), 0.5)).toBeNaN();
});
