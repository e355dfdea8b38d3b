import { normalCdf } from '../stats/distributions.ts';
import { mean, standardErrorOfMean, sumOfSquares, variance } from '../stats/moments.ts';
import { quantile } from '../stats/quantile.ts';
import type { Fitted } from './fit-load.ts';

/** A distribution as a profile writes it. */
export type Spread =
  | number
  | { readonly mean: number; readonly cv: number }
  | {
      readonly median: number;
      readonly sigma: number;
      readonly slow: { readonly share: number; readonly factor: number; readonly sigma: number };
    }
  | { readonly quantiles: readonly number[] };

/** A fitted distribution, and how far it is from the sample. */
export interface SpreadFit {
  readonly spread: Spread;
  /** Largest distance between the two distribution functions (Kolmogorov and Smirnov). */
  readonly distance: number;
  readonly count: number;
  readonly mean: Fitted;
}

/** Below this coefficient of variation a quantity is taken for a constant. */
const CONSTANT = 0.001;

/** Distance from a lognormal from which on it is worth looking for another shape. */
const CLOSE = 0.015;

/** Error of the 95th percentile, and of the mean, from which on a fitted shape is not close. */
const CLOSE_TAIL = 0.02;

/** Fewest values whose own quantiles say more than a shape. */
const ENOUGH_QUANTILES = 100;

/** Quantiles that are written down: every half percent. */
const STEPS = 200;

interface Mode {
  readonly share: number;
  readonly mu: number;
  readonly sigma: number;
}

const rounded = (value: number): number => Number(value.toPrecision(5));

/** Fits a constant, a lognormal, a lognormal with a slow mode, or the sample's own quantiles: the simplest that it bears. */
export const fitSpread = (values: readonly number[]): SpreadFit | undefined => {
  const sample = Float64Array.from(values.filter((value) => value > 0)).sort();
  const count = sample.length;
  if (count < 2) return undefined;
  const centre = mean(sample);
  const half = 1.96 * standardErrorOfMean(sample);
  const about: Omit<SpreadFit, 'spread' | 'distance'> = {
    count,
    mean: { value: centre, low: centre - half, high: centre + half },
  };
  if (Math.sqrt(variance(sample)) / centre < CONSTANT)
    return { ...about, spread: rounded(centre), distance: 0 };
  const logs = Float64Array.from(sample, Math.log);
  const one = oneMode(logs);
  const cv = Math.sqrt(Math.exp(one.sigma ** 2) - 1);
  const lognormal: SpreadFit = {
    ...about,
    spread: { mean: rounded(Math.exp(one.mu + one.sigma ** 2 / 2)), cv: rounded(cv) },
    distance: distanceOf(logs, [one]),
  };
  if (count < ENOUGH_QUANTILES || isClose(lognormal.distance, [one], sample, centre)) return lognormal;
  const modes = twoModes(logs, one);
  // Three more parameters must earn their place (Bayesian information criterion).
  if (modes && gain(logs, modes, one) > 1.5 * Math.log(count)) {
    const distance = distanceOf(logs, modes);
    const [body, slow] = modes;
    const spread = {
      median: rounded(Math.exp(body.mu)),
      sigma: rounded(body.sigma),
      slow: {
        share: rounded(slow.share),
        factor: rounded(Math.exp(slow.mu - body.mu)),
        sigma: rounded(slow.sigma),
      },
    };
    if (isClose(distance, modes, sample, centre)) return { ...about, distance, spread };
  }
  return { ...about, spread: { quantiles: quantilesOf(sample) }, distance: 1 / STEPS };
};

/** Evenly spaced quantiles from the smallest to the largest. */
const quantilesOf = (sample: Float64Array): readonly number[] =>
  Array.from({ length: STEPS + 1 }, (_, i) => rounded(quantile(sample, i / STEPS)));

/** Whether a fitted shape is as good as the sample itself where it matters: over all, at the 95th percentile, and on average. */
const isClose = (distance: number, modes: readonly Mode[], sample: Float64Array, centre: number): boolean => {
  const p95 = quantile(sample, 0.95);
  const above = 1 - cdf(modes, Math.log(p95 * (1 + CLOSE_TAIL)));
  const below = 1 - cdf(modes, Math.log(p95 * (1 - CLOSE_TAIL)));
  const fitted = modes.reduce((sum, { share, mu, sigma }) => sum + share * Math.exp(mu + sigma ** 2 / 2), 0);
  return (
    distance <= Math.max(CLOSE, 1 / Math.sqrt(sample.length)) &&
    above <= 0.05 &&
    below >= 0.05 &&
    Math.abs(fitted / centre - 1) <= CLOSE_TAIL
  );
};

const cdf = (modes: readonly Mode[], x: number): number =>
  modes.reduce((sum, { share, mu, sigma }) => sum + share * normalCdf((x - mu) / sigma), 0);

const oneMode = (logs: Float64Array): Mode => {
  return { share: 1, mu: mean(logs), sigma: Math.sqrt(sumOfSquares(logs) / logs.length) };
};

const density = (x: number, { mu, sigma, share }: Mode): number =>
  (share / sigma) * Math.exp(-((x - mu) ** 2) / (2 * sigma * sigma));

/** Two lognormals by expectation and maximization, the slower one second; `undefined` where they are not two. */
const twoModes = (logs: Float64Array, { mu, sigma }: Mode): readonly [Mode, Mode] | undefined => {
  let body: Mode = { share: 0.9, mu: mu - 0.3 * sigma, sigma: sigma * 0.7 };
  let slow: Mode = { share: 0.1, mu: mu + 2 * sigma, sigma: sigma * 0.7 };
  for (let round = 0; round < 100; round++) {
    let [weight, sum, squares, all, allSquares] = [0, 0, 0, 0, 0];
    for (const x of logs) {
      const part = density(x, slow);
      const chance = part / (part + density(x, body) + 1e-300);
      weight += chance;
      sum += chance * x;
      squares += chance * x * x;
      all += x;
      allSquares += x * x;
    }
    const rest = logs.length - weight;
    if (weight < 5 || rest < 5) return undefined;
    const modeOf = (share: number, total: number, squared: number): Mode => ({
      share: share / logs.length,
      mu: total / share,
      sigma: Math.sqrt(Math.max(squared / share - (total / share) ** 2, 1e-6)),
    });
    slow = modeOf(weight, sum, squares);
    body = modeOf(rest, all - sum, allSquares - squares);
  }
  return slow.mu - body.mu > body.sigma ? [body, slow] : undefined;
};

const gain = (logs: Float64Array, modes: readonly Mode[], one: Mode): number =>
  logs.reduce(
    (sum, x) =>
      sum +
      Math.log(modes.reduce((total, mode) => total + density(x, mode), 1e-300) / (density(x, one) + 1e-300)),
    0,
  );

const distanceOf = (logs: Float64Array, modes: readonly Mode[]): number =>
  logs.reduce((worst, x, index) => {
    const below = cdf(modes, x);
    return Math.max(
      worst,
      Math.abs(below - index / logs.length),
      Math.abs(below - (index + 1) / logs.length),
    );
  }, 0);
