import { backoff, doubled } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

/** Uniform in the upper half of the doubling delay. */
export const equalJitter = (settings: RetrySettings): RetryPolicy =>
  backoff(
    'equal-jitter',
    settings,
    (base, cap) => `upper half of ${base}, doubling to ${cap}`,
    ({ attempt, rng }) => doubled(settings, attempt) * (0.5 + rng.next() / 2),
  );
