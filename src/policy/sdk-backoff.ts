import { backoff, doubled } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

/** The SDKs' backoff alone, as where an endpoint names no time: the doubling delay, shortened by up to a quarter. */
export const sdkBackoff = (settings: RetrySettings): RetryPolicy =>
  backoff(
    'sdk-backoff',
    settings,
    (base, cap) => `${base} doubling to ${cap}, shortened by up to a quarter, whatever Retry-After says`,
    ({ attempt, rng }) => doubled(settings, attempt) * (1 - rng.next() / 4),
  );
