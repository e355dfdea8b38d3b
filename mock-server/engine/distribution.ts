import { z } from 'zod';
import type { Distribution } from '../../src/core/distribution.ts';
import { inverseNormal, lognormal, lognormalMean, type Rng } from '../../src/core/rng.ts';

const Z95 = inverseNormal(0.95);
const Z99 = inverseNormal(0.99);
/** Draws above this multiple of p99 are cut: three quantiles say nothing about what lies far beyond the third. */
const LONGEST_TAIL = 4;

/**
 * Draws through three quantiles: ln x is piecewise linear in the normal score, so p50, p95 and p99 are met exactly and
 * the tail keeps the slope of its last piece.
 */
const throughQuantiles = (rng: Rng, p50: number, p95: number, p99: number): number => {
  const score = inverseNormal(Math.min(Math.max(rng.next(), 1e-12), 1 - 1e-12));
  const body = Math.log(p95 / p50) / Z95;
  const tail = Math.log(p99 / p95) / (Z99 - Z95);
  const exponent = score < Z95 ? body * score : body * Z95 + tail * (score - Z95);
  return Math.min(p50 * Math.exp(exponent), LONGEST_TAIL * p99);
};

/** Between the two quantiles on either side, in proportion. */
const alongQuantiles = (rng: Rng, quantiles: readonly number[]): number => {
  const position = rng.next() * (quantiles.length - 1);
  const below = Math.floor(position);
  const low = quantiles[below] ?? 0;
  return low + ((quantiles[below + 1] ?? low) - low) * (position - below);
};

/** One draw; a constant needs no chance, and does not ask for its stream. */
export const draw = (distribution: Distribution, chance: () => Rng): number => {
  if (typeof distribution === 'number') return distribution;
  const rng = chance();
  if ('p50' in distribution)
    return throughQuantiles(rng, distribution.p50, distribution.p95, distribution.p99);
  if ('quantiles' in distribution) return alongQuantiles(rng, distribution.quantiles);
  if ('mean' in distribution) return lognormalMean(rng, distribution.mean, distribution.cv);
  const { median, sigma, slow } = distribution;
  if (slow && rng.next() < slow.share) return lognormal(rng, median * slow.factor, slow.sigma);
  return sigma === 0 ? median : lognormal(rng, median, sigma);
};

/** Schema of a distribution whose values are read by `amount` (durations, or counts). */
export const distributionOf = <Input>(amount: z.ZodType<number, Input>, example: string) =>
  z.union(
    [
      amount,
      z.strictObject({
        median: amount,
        sigma: z.number().nonnegative(),
        slow: z
          .strictObject({
            share: z.number().min(0).max(1),
            factor: z.number().positive(),
            sigma: z.number().nonnegative().default(0.4),
          })
          .optional(),
      }),
      z.strictObject({ mean: amount, cv: z.number().nonnegative() }),
      z
        .strictObject({ p50: amount, p95: amount, p99: amount })
        .refine((q) => 0 < q.p50 && q.p50 <= q.p95 && q.p95 <= q.p99, {
          error: 'p50, p95 and p99 must be positive and in this order',
        }),
      z
        .strictObject({ quantiles: z.array(amount).min(2) })
        .refine(({ quantiles }) => quantiles.every((each, i) => i === 0 || each >= (quantiles[i - 1] ?? 0)), {
          error: 'quantiles must ascend',
        }),
    ],
    {
      error: `expected ${example}, or {median, sigma, slow?}, {mean, cv}, {p50, p95, p99} or {quantiles}`,
    },
  );
