import { lognormal, lognormalMean, type Rng } from '../core/rng.ts';

/** How long texts are, in tokens: always the same, evenly spread, or lognormal as real traffic is. */
export type TokenLength =
  | number
  | { readonly min: number; readonly max: number }
  | { readonly median: number; readonly sigma: number; readonly max?: number }
  | { readonly mean: number; readonly cv: number; readonly max?: number };

/** One length, a whole number of at least 1. */
export const drawLength = (length: TokenLength, rng: Rng): number => {
  if (typeof length === 'number') return length;
  if ('min' in length) return length.min + Math.floor(rng.next() * (length.max - length.min + 1));
  const drawn =
    'median' in length
      ? lognormal(rng, length.median, length.sigma)
      : lognormalMean(rng, length.mean, length.cv);
  return Math.max(1, Math.min(Math.round(drawn), length.max ?? Number.POSITIVE_INFINITY));
};
