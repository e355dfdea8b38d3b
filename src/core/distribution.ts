import { inverseNormal } from './rng.ts';

/** A lognormal body with an optional second, slower mode: one lognormal alone misses the p99 of hosted models. */
interface LognormalShape {
  readonly median: number;
  readonly sigma: number;
  /** `share` of the draws come from a lognormal with `factor` times the median. */
  readonly slow?: { readonly share: number; readonly factor: number; readonly sigma: number } | undefined;
}

/** A positive quantity with a spread, as a profile of the mock writes it: a constant, a lognormal by median or by mean, three known quantiles, or many. */
export type Distribution =
  | number
  | LognormalShape
  | { readonly mean: number; readonly cv: number }
  | { readonly p50: number; readonly p95: number; readonly p99: number }
  /** Evenly spaced from the smallest to the largest: what a sample looked like, whatever its shape. */
  | { readonly quantiles: readonly number[] };

const Z95 = inverseNormal(0.95);

/** Mean and coefficient of variation of the draws; of three quantiles those of the lognormal through the first two. */
export const momentsOf = (distribution: Distribution): { readonly mean: number; readonly cv: number } => {
  if (typeof distribution === 'number') return { mean: distribution, cv: 0 };
  if ('mean' in distribution) return distribution;
  if ('p50' in distribution) {
    const { p50, p95 } = distribution;
    return ofModes([[1, p50, Math.log(p95 / p50) / Z95]]);
  }
  if ('quantiles' in distribution) {
    const { quantiles } = distribution;
    const pieces = quantiles.slice(1).map((high, i) => [quantiles[i] ?? high, high] as const);
    const overPieces = (of: (low: number, high: number) => number) =>
      pieces.reduce((sum, [low, high]) => sum + of(low, high), 0) / pieces.length;
    // Uniform between two quantiles: E[x] = (a + b)/2, E[x²] = (a² + ab + b²)/3.
    return fromMoments(
      overPieces((low, high) => (low + high) / 2),
      overPieces((low, high) => (low * low + low * high + high * high) / 3),
    );
  }
  const { median, sigma, slow = { share: 0, factor: 1, sigma: 0 } } = distribution;
  return ofModes([
    [1 - slow.share, median, sigma],
    [slow.share, median * slow.factor, slow.sigma],
  ]);
};

const fromMoments = (mean: number, second: number) => ({
  mean,
  cv: Math.sqrt(Math.max(0, second / mean ** 2 - 1)),
});

/** Of lognormals by share, median and σ: E[xⁿ] = medianⁿ·e^((nσ)²/2). */
const ofModes = (modes: readonly (readonly [share: number, median: number, sigma: number])[]) => {
  const moment = (order: number) =>
    modes.reduce(
      (sum, [share, median, sigma]) => sum + share * median ** order * Math.exp((order * sigma) ** 2 / 2),
      0,
    );
  return fromMoments(moment(1), moment(2));
};
