import type { Millis } from '../core/clock.ts';
import { inverseNormal } from '../core/rng.ts';

/** Points at which the residual latency is tabulated. */
const STEPS = 2000;

/**
 * Time from the last start of a batch to its end beyond the mean residual latency: E[max of c residual latencies] − E[residual],
 * for lognormal latencies of this mean and coefficient of variation. A residual's density is (1 − F(t)) / L (renewal theory),
 * its mean L(1 + CV²)/2; the maximum of c of them has the distribution function of one to the power c.
 */
export const drainMs = (latencyMs: Millis, cv: number, concurrency: number): Millis => {
  if (concurrency <= 1) return 0;
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  const median = latencyMs / Math.sqrt(1 + cv * cv);
  const longest = cv === 0 ? latencyMs : median * Math.exp(sigma * inverseNormal(1 - 1e-6 / concurrency));
  const step = longest / STEPS;
  let below = 0; // the residual's distribution function
  let max = 0; // E[max] = ∫ (1 − G(t)^c) dt
  for (let i = 0; i < STEPS; i++) {
    const at = (i + 0.5) * step;
    below = Math.min(1, below + (step * survival(at, median, sigma)) / latencyMs);
    max += step * (1 - below ** concurrency);
  }
  return Math.max(0, max - (latencyMs * (1 + cv * cv)) / 2);
};

/** Share of latencies longer than `at`: the complementary error function by Numerical Recipes' Chebyshev fit, error < 1.2e-7. */
const survival = (at: Millis, median: Millis, sigma: number): number => {
  if (sigma === 0) return at < median ? 1 : 0;
  const z = Math.log(at / median) / sigma / Math.SQRT2;
  return erfc(z) / 2;
};

const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
] as const;

const erfc = (z: number): number => {
  const t = 1 / (1 + Math.abs(z) / 2);
  const polynomial = COEFFICIENTS.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const tail = t * Math.exp(-z * z + polynomial);
  return z >= 0 ? tail : 2 - tail;
};
