import { tQuantile } from '../stats/distributions.ts';
import { standardErrorOfMean, variance } from '../stats/moments.ts';
import { rankSum } from '../stats/rank-sum.ts';
import { signedRank } from '../stats/signed-rank.ts';
import type { ComparedMetric } from './compare-metrics.ts';

/** How far a figure has moved, with what is known of the error. Ratios are told as ratio − 1, differences as they are. */
export interface ChangeEstimate {
  readonly change: number;
  readonly low: number;
  readonly high: number;
  /** Of the interval: less than was asked for where there are too few repeats to give it. */
  readonly confidence: number;
  /** Two-sided, of no change at all; not yet adjusted for the company it is in. */
  readonly p: number;
  /** Standard error of the change on the scale it was estimated on, and what it leaves to vary. */
  readonly error: number;
  readonly degreesOfFreedom: number;
}

/** Exact for tiny changes too. */
const asRatio = (logarithm: number): number => Math.expm1(logarithm);

/**
 * The change from `base` to `next`, one value per repeat each: over pairs by Wilcoxon's signed ranks, else by Mann and
 * Whitney's test, each with the Hodges–Lehmann estimate; ratios by their logarithms. `undefined` where fewer than two repeats or a
 * ratio of nothing leave nothing to estimate.
 */
export const estimateChange = (
  { by }: Pick<ComparedMetric, 'by'>,
  base: readonly number[],
  next: readonly number[],
  { paired, confidence }: { readonly paired: boolean; readonly confidence: number },
): ChangeEstimate | undefined => {
  if (base.length < 2 || next.length < 2) return undefined;
  const isRatio = by === 'ratio';
  if (isRatio && [...base, ...next].some((value) => !(value > 0))) return undefined;
  const scale = (values: readonly number[]) => (isRatio ? values.map(Math.log) : values);
  const [before, after] = [scale(base), scale(next)];
  const differences = after.map((value, i) => value - (before[i] ?? Number.NaN));
  const shift = paired ? signedRank(differences, confidence) : rankSum(after, before, confidence);
  if (!shift) return undefined;
  const back = isRatio ? asRatio : (value: number) => value;
  return {
    change: back(shift.estimate),
    low: back(shift.low),
    high: back(shift.high),
    confidence: shift.confidence,
    p: shift.p,
    error: paired
      ? standardErrorOfMean(differences)
      : Math.sqrt(variance(before) / before.length + variance(after) / after.length),
    degreesOfFreedom: paired ? differences.length - 1 : before.length + after.length - 2,
  };
};

const POWER = 0.8;

/**
 * The smallest change that such data show four times out of five at this chance of error: (t(1 − α/2) + t(0.8)) standard
 * errors, as ratio − 1 or difference.
 */
export const smallestVisible = (
  { by }: Pick<ComparedMetric, 'by'>,
  { error, degreesOfFreedom }: Pick<ChangeEstimate, 'error' | 'degreesOfFreedom'>,
  alpha: number,
): number => {
  const reach = (tQuantile(1 - alpha / 2, degreesOfFreedom) + tQuantile(POWER, degreesOfFreedom)) * error;
  return by === 'ratio' ? asRatio(reach) : reach;
};

const choose = (n: number, k: number): number =>
  Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, factor) => product * factor, 1);

/** The smallest p that a rank test of so many repeats on each side can give at all, two-sided. */
export const smallestP = (repeats: number, paired: boolean): number =>
  Math.min(1, paired ? 2 ** (1 - repeats) : 2 / choose(2 * repeats, repeats));

/** How many repeats on each side it takes until one among `comparisons` can pass for a change at all. */
export const repeatsNeeded = (comparisons: number, alpha: number, paired: boolean): number => {
  let repeats = 2;
  while (smallestP(repeats, paired) * comparisons > alpha) repeats++;
  return repeats;
};
