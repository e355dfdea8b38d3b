import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { ARRIVALS, type ArrivalName, type ArrivalOptions } from '../../src/load/arrivals.ts';

const optionsOf = (changes: Partial<ArrivalOptions> = {}): ArrivalOptions => ({
  perSecond: 5,
  rng: createRng(1),
  burstiness: 1,
  stages: [{ duration: 10_000, perSecond: 5 }],
  trace: [0, 100, 400, 1000],
  ...changes,
});

const take = (name: ArrivalName, count: number, changes?: Partial<ArrivalOptions>): number[] => {
  const offsets: number[] = [];
  for (const offset of ARRIVALS[name].create(optionsOf(changes))) {
    if (offsets.push(offset) === count) break;
  }
  return offsets;
};

const gapsOf = (offsets: readonly number[]) => offsets.slice(1).map((at, i) => at - (offsets[i] ?? 0));
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const cvOf = (values: readonly number[]) => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) / mean;
};

describe('arrivals', () => {
  const endless = fc.constantFrom('constant', 'poisson', 'gamma' as const);

  it('begin at once, never go back, and are the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(ARRIVALS) as ArrivalName[])),
        fc.double({ min: 0.01, max: 1000, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.nat(1000),
        (name, perSecond, burstiness, seed) => {
          const of = () => take(name, 50, { perSecond, burstiness, rng: createRng(seed) });
          const offsets = of();
          expect(offsets[0]).toBe(0);
          for (const gap of gapsOf(offsets)) expect(gap).toBeGreaterThanOrEqual(0);
          expect(of()).toEqual(offsets);
        },
      ),
    );
  });

  it('of two rates differ in pace only', () => {
    fc.assert(
      fc.property(endless, fc.nat(1000), (name, seed) => {
        const slow = take(name, 30, { perSecond: 1, rng: createRng(seed) });
        const fast = take(name, 30, { perSecond: 4, rng: createRng(seed) });
        for (const [i, at] of slow.entries()) expect(fast[i]).toBeCloseTo(at / 4, 6);
      }),
    );
  });

  it.each([
    ['constant', 1, 0],
    ['poisson', 1, 1],
    ['gamma', 1, 1],
    ['gamma', 4, 0.5],
    ['gamma', 0.25, 2],
  ] as const)('%s (burstiness %f) keep their rate, with gaps of spread %f', (name, burstiness, cv) => {
    const gaps = gapsOf(take(name, 20_000, { burstiness }));
    expect(meanOf(gaps) / 200).toBeGreaterThan(0.96);
    expect(meanOf(gaps) / 200).toBeLessThan(1.04);
    expect(Math.abs(cvOf(gaps) - cv)).toBeLessThan(0.05 * Math.max(1, cv));
  });

  it('at even gaps do not drift', () => {
    expect(take('constant', 100_001, { perSecond: 3 }).at(-1)).toBe(100_000_000 / 3);
  });

  it('of stages are as many as the area under the rate, and thin out with it', () => {
    const stages = [
      { duration: 30_000, perSecond: 5 },
      { duration: 60_000, perSecond: 10 },
      { duration: 20_000, perSecond: 0 },
    ];
    const offsets = take('ramp', Number.POSITIVE_INFINITY, { stages });
    expect(offsets).toHaveLength(75 + 450 + 100);
    const within = (from: number, to: number) => offsets.filter((at) => at >= from && at < to).length;
    expect(within(0, 30_000)).toBe(75);
    expect(within(30_000, 90_000)).toBe(450);
    expect(within(0, 15_000)).toBe(19); // a quarter of the first 75
    expect(within(100_000, 110_000)).toBe(25); // a quarter of the last 100
  });

  it('of a trace keep its shape at any rate', () => {
    expect(take('trace', 9, { perSecond: 3 })).toEqual([0, 100, 400, 1000]); // its own: three gaps in one second
    expect(take('trace', 9, { perSecond: 6 })).toEqual([0, 50, 200, 500]);
  });
});
