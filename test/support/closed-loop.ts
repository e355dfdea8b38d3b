import type { Millis } from '../../src/core/clock.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng, lognormalMean } from '../../src/core/rng.ts';
import { attempt, request } from './record-fixtures.ts';

/** A closed loop in arithmetic: `level` slots, each taking the next of `requests` lognormal calls of mean 1000 ms. */
export const closedLoop = (options: {
  readonly level: number;
  readonly requests: number;
  readonly cv: number;
  readonly seed: number;
  /** Slot i starts at i × ramp ÷ level. */
  readonly ramp?: Millis;
}): RequestRecord[] => {
  const { level, requests, cv, seed, ramp = 0 } = options;
  const rng = createRng(seed);
  const free = Array.from({ length: level }, (_, slot) => (slot * ramp) / level);
  return Array.from({ length: requests }, (_, index) => {
    const slot = free.indexOf(Math.min(...free));
    const from = free[slot] ?? 0;
    const to = from + lognormalMean(rng, 1000, cv);
    free[slot] = to;
    return request([attempt(from, to)], { level, index });
  });
};

/** Mean of what `of` gives for many seeds. */
export const meanOver = (seeds: number, of: (seed: number) => number): number =>
  Array.from({ length: seeds }, (_, seed) => of(seed + 1)).reduce((sum, value) => sum + value, 0) / seeds;
