import { backoff } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

/** Uniform between base and three times the delay before, at most cap. */
export const decorrelated = (settings: RetrySettings): RetryPolicy =>
  backoff(
    'decorrelated',
    settings,
    (base, cap) => `uniform from ${base} to three times the last delay, at most ${cap}`,
    ({ previous, rng }) => {
      const { base, cap } = settings;
      const highest = 3 * (previous ?? base);
      return Math.min(cap, base + rng.next() * (highest - base));
    },
  );
