import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastingUnder } from '../../src/core/rate-limit.ts';

describe('calls at once that last under a ceiling', () => {
  const counted = { refusals: 'counted', cv: 0.3 } as const;

  it('are three less where refused calls count and nobody tells the bucket, as many as the ceiling where they do not', () => {
    expect(lastingUnder({ ceiling: 23.04, bucket: undefined, ...counted })).toBe(20);
    expect(lastingUnder({ ceiling: 23.04, bucket: undefined, cv: 0.3, refusals: 'unknown' })).toBeCloseTo(
      20.04,
    );
    expect(lastingUnder({ ceiling: 23.04, bucket: 6, cv: 0.3, refusals: 'free' })).toBe(23.04);
  });

  it('lasted four runs of 4,000 requests in virtual time, where one or two more collapsed', () => {
    const lasting = (ceiling: number, bucket: number, cv: number) =>
      lastingUnder({ ceiling, bucket, cv, refusals: 'counted' });
    expect([0.1, 0.3, 0.7].map((cv) => lasting(23.04, 6, cv))).toEqual([21, 20, 18]);
    expect([0.1, 0.3, 0.7].map((cv) => lasting(23.04, 23, cv))).toEqual([22, 22, 21]);
    expect([0.1, 0.3, 0.7].map((cv) => lasting(64, 32, cv))).toEqual([62, 62, 61]);
    expect([0.1, 0.3].map((cv) => lasting(8.3, 8, cv))).toEqual([7, 7]);
  });

  it('are the more the larger the bucket and the more alike the calls, and never more than the ceiling', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 200, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (ceiling, bucket, cv) => {
          const lasting = (size: number, spread: number) =>
            lastingUnder({ ceiling, bucket: size, cv: spread, refusals: 'unknown' });
          expect(lasting(bucket, cv)).toBeLessThanOrEqual(ceiling);
          expect(lasting(bucket * 2, cv)).toBeGreaterThan(lasting(bucket, cv));
          expect(lasting(bucket, cv + 0.1)).toBeLessThan(lasting(bucket, cv));
        },
      ),
    );
  });
});
