import { quantile } from './quantile.ts';

/** An estimate of a difference, with its interval. */
export interface Shift {
  /** The Hodges–Lehmann estimate. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** What the interval really has: at least what was asked for, less where the samples are too small to give it. */
  readonly confidence: number;
  /** Two-sided, of no difference at all. */
  readonly p: number;
}

/**
 * The interval from the q-th smallest to the q-th largest of ascending `candidates`. `cumulative(q)` is the chance that the
 * test's statistic is at most q; q is the smallest whose tail is not below the error allowed, as in R's `wilcox.test`.
 */
export const rankInterval = (
  candidates: Float64Array,
  cumulative: (at: number) => number,
  confidence: number,
): Omit<Shift, 'p'> => {
  const tail = (1 - confidence) / 2;
  let rank = 1;
  for (let most = Math.max(1, Math.ceil(candidates.length / 2)); rank < most; ) {
    const middle = Math.floor((rank + most) / 2);
    if (cumulative(middle) < tail) rank = middle + 1;
    else most = middle;
  }
  return {
    estimate: quantile(candidates, 0.5),
    low: candidates[rank - 1] ?? Number.NaN,
    high: candidates[candidates.length - rank] ?? Number.NaN,
    confidence: Math.max(0, 1 - 2 * cumulative(rank - 1)),
  };
};

/** Running sums of counts as shares of their total. */
export const cumulated = (counts: Float64Array): ((at: number) => number) => {
  const sums = new Float64Array(counts.length);
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i] ?? 0;
    sums[i] = sum;
  }
  return (at) => (at < 0 ? 0 : (sums[Math.min(at, sums.length - 1)] ?? sum) / sum);
};

/**
 * P-values adjusted for having been looked at together (Holm 1979): each may be held against the level as if it were alone.
 * In the order given.
 */
export const holm = (pValues: readonly number[]): readonly number[] => {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [position, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues[index] ?? 1) * (pValues.length - position)));
    adjusted[index] = largest;
  }
  return adjusted;
};
