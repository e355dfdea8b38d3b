import { cumulated, rankInterval, type Shift } from './comparison.ts';
import { normalCdf } from './distributions.ts';
import { ranking } from './ranking.ts';

/** Up to here the distribution is counted out; beyond, the normal approximation is closer than anyone can see. */
const EXACT_UP_TO = 60;

/** How many subsets of `ranks` (whole numbers) have each sum: the distribution under random signs, ties included. */
const subsetSums = (ranks: readonly number[]): Float64Array => {
  const counts = new Float64Array(ranks.reduce((sum, rank) => sum + rank, 0) + 1);
  counts[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    reach += rank;
    for (let sum = reach; sum >= rank; sum--) counts[sum] = (counts[sum] ?? 0) + (counts[sum - rank] ?? 0);
  }
  return counts;
};

const spread = (n: number, ties: readonly number[]): number =>
  Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - ties.reduce((sum, t) => sum + (t ** 3 - t) / 48, 0));

const pValue = (differences: readonly number[]): number => {
  const nonZero = differences.filter((each) => each !== 0);
  const n = nonZero.length;
  if (n === 0) return 1;
  const { ranks, ties } = ranking(nonZero.map(Math.abs));
  const positive = nonZero.reduce((sum, each, i) => sum + (each > 0 ? (ranks[i] ?? 0) : 0), 0);
  const smaller = Math.min(positive, (n * (n + 1)) / 2 - positive);
  if (n > EXACT_UP_TO) {
    const z = (smaller - (n * (n + 1)) / 4 + 0.5) / spread(n, ties);
    return Math.min(1, 2 * normalCdf(z));
  }
  // Mid-ranks are halves: doubled, they are whole.
  return Math.min(1, 2 * cumulated(subsetSums(ranks.map((rank) => 2 * rank)))(2 * smaller));
};

const cumulative = (n: number): ((at: number) => number) => {
  if (n <= EXACT_UP_TO) return cumulated(subsetSums(Array.from({ length: n }, (_, i) => i + 1)));
  const deviation = spread(n, []);
  return (at) => normalCdf((at + 0.5 - (n * (n + 1)) / 4) / deviation);
};

/**
 * Paired comparison: Hodges–Lehmann estimate of the differences' centre with the interval of Wilcoxon's signed-rank test by
 * way of the Walsh averages. Exact up to 60 pairs, for p with ties too; zeros are left out of p (Wilcoxon), not of the
 * interval. `undefined` for no differences.
 */
export const signedRank = (differences: readonly number[], confidence = 0.95): Shift | undefined => {
  const n = differences.length;
  if (n === 0) return undefined;
  const walsh = new Float64Array((n * (n + 1)) / 2);
  let count = 0;
  for (const [i, a] of differences.entries()) {
    for (const b of differences.slice(i)) walsh[count++] = a / 2 + b / 2;
  }
  return { ...rankInterval(walsh.sort(), cumulative(n), confidence), p: pValue(differences) };
};
