import type { Millis } from '../core/clock.ts';
import { formatDuration } from '../core/units.ts';
import { atMost, type RetryContext, type RetryPolicy, type RetrySettings } from './retry.ts';

/** A policy that waits by a formula of its own and takes no advice from the endpoint. */
export const backoff = (
  name: string,
  { maxRetries, base, cap, retryOn }: RetrySettings,
  words: (base: string, cap: string) => string,
  delayOf: (context: RetryContext) => Millis,
): RetryPolicy => ({
  name,
  description: `${words(formatDuration(base), formatDuration(cap))}; ${atMost(maxRetries)}`,
  decide: (failure, context) =>
    context.attempt > maxRetries || !retryOn(failure)
      ? { retry: false }
      : { retry: true, delay: delayOf(context) },
});

/** The delay that doubles with each attempt: min(base · 2ⁿ, cap), n = retries made. */
export const doubled = ({ base, cap }: RetrySettings, attempt: number): Millis =>
  Math.min(base * 2 ** (attempt - 1), cap);
