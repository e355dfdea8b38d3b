import { CONFIDENCE } from './interval.ts';

/** Ranks (from 1) of the order statistics around a quantile; `high` is `null` where even the largest value may lie below it. */
export interface QuantileRanks {
  readonly low: number | null;
  readonly high: number | null;
}

/** Standard deviations beyond which a binomial probability is below double precision. */
const NEGLIGIBLE = 12;

/**
 * Ranks l and u such that the l-th and u-th smallest of `n` values hold the `p`-quantile between them with `confidence`,
 * whatever the distribution: P(Bin(n, p) < l) and P(Bin(n, p) ≥ u) are each at most half of the rest (David & Nagaraja,
 * Order Statistics, 7.1). A bound that needs more samples is `null`: the upper one of p95 needs 72, of p99 368.
 */
export const quantileRanks = (n: number, p: number, confidence: number = CONFIDENCE): QuantileRanks => {
  const asked = `${n} ${p} ${confidence}`;
  const known = ranks.get(asked);
  if (known) return known;
  if (ranks.size >= REMEMBERED) ranks.clear();
  const found = computeRanks(n, p, confidence);
  ranks.set(asked, found);
  return found;
};

/** Of the samples asked about last: the metrics of a level are mostly of as many requests, and ask for the same quantiles. */
const ranks = new Map<string, QuantileRanks>();
const REMEMBERED = 256;

const computeRanks = (n: number, p: number, confidence: number): QuantileRanks => {
  const tail = (1 - confidence) / 2;
  const reach = NEGLIGIBLE * Math.sqrt(n * p * (1 - p)) + NEGLIGIBLE;
  const from = Math.max(0, Math.floor(n * p - reach));
  const to = Math.min(n, Math.ceil(n * p + reach));
  const weights = binomialWeights(n, p, from, to);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0; // P(Bin ≤ k)
  let low = 0;
  let high = n + 1;
  for (let k = from; k <= to; k++) {
    below += (weights[k - from] ?? 0) / total;
    if (below <= tail) low = k + 1;
    if (below >= 1 - tail) {
      high = k + 1;
      break;
    }
  }
  return { low: low >= 1 ? low : null, high: high <= n ? high : null };
};

/** Binomial probabilities up to a common factor, from the mode outwards so that none overflows. */
const binomialWeights = (n: number, p: number, from: number, to: number): readonly number[] => {
  const mode = Math.min(to, Math.max(from, Math.floor((n + 1) * p)));
  const weights = new Array<number>(to - from + 1).fill(0);
  weights[mode - from] = 1;
  for (let k = mode; k > from; k--) {
    weights[k - 1 - from] = ((weights[k - from] ?? 0) * k * (1 - p)) / ((n - k + 1) * p);
  }
  for (let k = mode; k < to; k++) {
    weights[k + 1 - from] = ((weights[k - from] ?? 0) * (n - k) * p) / ((k + 1) * (1 - p));
  }
  return weights;
};
