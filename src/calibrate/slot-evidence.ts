import type { Stay } from './observations.ts';

/** Fewest requests that must have come when all slots were taken: a few late ones are chance. */
const ENOUGH = 20;

/** Standard errors by which they must have stayed longer than those before them. */
const CLEARLY = 3;

const known = new WeakMap<readonly Stay[], Int32Array>();

/** How many were at the endpoint when each of the stays, sorted by start, began. */
export const atArrival = (stays: readonly Stay[]): Int32Array => {
  const found = known.get(stays);
  if (found) return found;
  const ends = Float64Array.from(stays, ({ endedAt }) => endedAt).sort();
  let left = 0;
  const counts = Int32Array.from(stays, ({ startedAt }, index) => {
    while ((ends[left] ?? Number.POSITIVE_INFINITY) <= startedAt) left++;
    return index - left;
  });
  known.set(stays, counts);
  return counts;
};

interface Sample {
  count: number;
  sum: number;
  squares: number;
}

const add = (sample: Sample, value: number): void => {
  sample.count++;
  sample.sum += value;
  sample.squares += value * value;
};

/**
 * Whether those who came when `slots` were at the endpoint stayed longer than those who came when it was at least half as full, as
 * they must if they had to wait. A likelihood alone would believe in slots where a few slow calls happen to be among the late ones.
 */
export const showsSlots = (runs: readonly (readonly Stay[])[], slots: number): boolean => {
  const [late, before] = [0, 1].map((): Sample => ({ count: 0, sum: 0, squares: 0 }));
  if (!late || !before) return false;
  for (const stays of runs) {
    const there = atArrival(stays);
    for (const [index, { startedAt, endedAt, whole }] of stays.entries()) {
      const count = there[index] ?? 0;
      if (whole && count >= slots / 2) add(count >= slots ? late : before, Math.log(endedAt - startedAt));
    }
  }
  if (late.count < ENOUGH) return false;
  if (before.count < ENOUGH) return true; // nobody to compare them with
  const [a, b] = [late, before].map(({ count, sum, squares }) => ({
    mean: sum / count,
    error: (squares / count - (sum / count) ** 2) / count,
  }));
  return (a?.mean ?? 0) - (b?.mean ?? 0) > CLEARLY * Math.sqrt((a?.error ?? 0) + (b?.error ?? 0));
};
