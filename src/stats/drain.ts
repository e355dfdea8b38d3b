import { inverseNormal } from '../core/rng.ts';
import { normalCdf } from './distributions.ts';

/** Steps of the integral; the error is below 0.1 % of a latency. */
const STEPS = 2000;

/**
 * Time by which the last of a fixed batch runs over its ideal, N·L ÷ level, in mean latencies: E[largest of `level` residual
 * latencies] − E[residual], for lognormal latencies with coefficient of variation `cv`. A residual is what is left of a call
 * at a random instant; its mean is (1 + cv²) ÷ 2.
 */
export const drainTail = (level: number, cv: number): number => {
  if (level <= 1) return 0;
  if (cv <= 0) return level / (level + 1) - 0.5; // residuals are uniform in [0, 1]
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  const mu = -(sigma * sigma) / 2;
  const survival = (x: number) => 1 - normalCdf((Math.log(x) - mu) / sigma);
  // Far enough out that even the largest of `level` residuals, which are longer than latencies, hardly ever gets there.
  const far = Math.exp(mu + sigma * sigma + sigma * inverseNormal(1 - 1e-5 / level));
  const step = far / STEPS;
  let residualBelow = 0; // F_e(x) = ∫ S(u) du, since the mean latency is 1
  let largest = 0;
  let before = 1;
  for (let i = 1; i <= STEPS; i++) {
    const here = survival(i * step);
    const next = Math.min(1, residualBelow + ((before + here) / 2) * step);
    largest += (2 - residualBelow ** level - next ** level) * (step / 2);
    residualBelow = next;
    before = here;
  }
  return largest - (1 + cv * cv) / 2;
};

/** Requests of a batch that overruns its ideal by at most `share`: about 18 × level at cv 0.3, 36 × at 0.6, 85 × at 1. */
export const requestsAgainstDrain = (level: number, cv: number, share = 0.05): number =>
  Math.ceil((level * drainTail(level, cv)) / share);
