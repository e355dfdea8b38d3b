import type { Millis } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import type { RetryPolicy } from './retry.ts';

const FIRST_DELAY: Millis = 500;
const LONGEST_DELAY: Millis = 8_000;
/** Jitter only ever shortens the wait, by at most this share. */
const JITTER = 0.25;
/** openai 7 ignores a longer `retry-after` and falls back to its own backoff. */
const LONGEST_RETRY_AFTER: Millis = 60_000;

/** What both SDKs retry: `x-should-retry` if given; else lost connections and timeouts, 408, 409, 429 and every 5xx. Never a failure in mid-answer. */
const isRetried = ({ kind, status, shouldRetry }: Failure): boolean => {
  if (shouldRetry !== undefined) return shouldRetry;
  if (status === undefined) return kind === 'reset' || kind === 'timeout' || kind === 'unreachable';
  return status === 408 || status === 409 || status === 429 || status >= 500;
};

/**
 * What the official SDKs do on their own (openai 7.55 `retryRequest`), with as many retries as asked for:
 * the server's `retry-after` where it is at most a minute, else min(0.5 s · 2ⁿ, 8 s) × (1 − 0.25 · rand), n = retries made.
 */
export const sdkRetry = (maxRetries: number): RetryPolicy => ({
  name: 'sdk',
  description:
    maxRetries === 0
      ? 'no retries'
      : `SDK-like: Retry-After, else 0.5 s doubling to 8 s with jitter; at most ${maxRetries} ${maxRetries === 1 ? 'retry' : 'retries'}, slot held while waiting`,
  decide(failure, { attempt, rng }) {
    if (attempt > maxRetries || !isRetried(failure)) return { retry: false };
    const { retryAfter } = failure;
    if (retryAfter !== undefined && retryAfter >= 0 && retryAfter <= LONGEST_RETRY_AFTER) {
      return { retry: true, delay: retryAfter };
    }
    const backoff = Math.min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY);
    return { retry: true, delay: backoff * (1 - JITTER * rng.next()) };
  },
});
