import { cumulated, rankInterval, type Shift } from './comparison.ts';
import { normalCdf } from './distributions.ts';
import { ranking } from './ranking.ts';

/** Up to so many values in both samples together the distribution is counted out. */
const EXACT_UP_TO = 60;

/** How many choices of `size` of the `ranks` (whole numbers) have each sum. */
const choiceSums = (ranks: readonly number[], size: number): Float64Array => {
  const largest = ranks
    .toSorted((a, b) => b - a)
    .slice(0, size)
    .reduce((sum, rank) => sum + rank, 0);
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(largest + 1));
  if (counts[0]) counts[0][0] = 1;
  for (const [taken, rank] of ranks.entries()) {
    for (let chosen = Math.min(taken + 1, size); chosen >= 1; chosen--) {
      const [from, to] = [counts[chosen - 1], counts[chosen]];
      if (!from || !to) continue;
      for (let sum = rank; sum <= largest; sum++) to[sum] = (to[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  }
  return counts[size] ?? new Float64Array(1);
};

const spread = (m: number, n: number, ties: readonly number[]): number => {
  const all = m + n;
  const tied = ties.reduce((sum, t) => sum + (t ** 3 - t), 0);
  return Math.sqrt(((m * n) / 12) * (all + 1 - tied / (all * (all - 1))));
};

const pValue = (a: readonly number[], b: readonly number[]): number => {
  const [m, n] = [a.length, b.length];
  const { ranks, ties } = ranking([...a, ...b]);
  if (ties.length === 1) return 1; // all the same
  const sum = ranks.slice(0, m).reduce((total, rank) => total + rank, 0);
  const least = (m * (m + 1)) / 2;
  const u = Math.min(sum - least, m * n - (sum - least));
  if (m + n > EXACT_UP_TO) {
    return Math.min(1, 2 * normalCdf((u - (m * n) / 2 + 0.5) / spread(m, n, ties)));
  }
  const chance = cumulated(
    choiceSums(
      ranks.map((rank) => 2 * rank),
      m,
    ),
  );
  // With ties the distribution need not be symmetric: twice the smaller tail.
  return Math.min(1, 2 * Math.min(chance(2 * sum), 1 - chance(2 * sum - 1)));
};

const cumulative = (m: number, n: number): ((at: number) => number) => {
  if (m + n > EXACT_UP_TO) {
    const deviation = spread(m, n, []);
    return (at) => normalCdf((at + 0.5 - (m * n) / 2) / deviation);
  }
  const ranks = Array.from({ length: m + n }, (_, i) => i + 1);
  const chance = cumulated(choiceSums(ranks, m));
  return (at) => chance(at + (m * (m + 1)) / 2);
};

/**
 * Unpaired comparison, `a` minus `b`: Hodges–Lehmann estimate of the shift with the interval of the Mann–Whitney test, from
 * all pairwise differences. Exact up to 60 values together, for p with ties too. `undefined` if a sample is empty.
 */
export const rankSum = (a: readonly number[], b: readonly number[], confidence = 0.95): Shift | undefined => {
  if (a.length === 0 || b.length === 0) return undefined;
  const differences = Float64Array.from(a.flatMap((x) => b.map((y) => x - y))).sort();
  return { ...rankInterval(differences, cumulative(a.length, b.length), confidence), p: pValue(a, b) };
};
