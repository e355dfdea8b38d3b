import { backoff, doubled } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

/** Uniform between nothing and the doubling delay (AWS architecture blog, "Exponential Backoff and Jitter"). */
export const fullJitter = (settings: RetrySettings): RetryPolicy =>
  backoff(
    'full-jitter',
    settings,
    (base, cap) => `uniform from 0 to ${base}, doubling to ${cap}`,
    ({ attempt, rng }) => rng.next() * doubled(settings, attempt),
  );
