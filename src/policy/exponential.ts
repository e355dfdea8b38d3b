import { backoff, doubled } from './backoff.ts';
import type { RetryPolicy, RetrySettings } from './retry.ts';

/** Doubles from base to cap, without any chance: whoever failed together comes back together. */
export const exponentialBackoff = (settings: RetrySettings): RetryPolicy =>
  backoff(
    'exponential',
    settings,
    (base, cap) => `${base} doubling to ${cap}, without jitter`,
    ({ attempt }) => doubled(settings, attempt),
  );
