import type { Millis } from '../core/clock.ts';
import { atMost, type RetryPolicy, type RetrySettings } from './retry.ts';
import { SDK_RETRY_ON } from './retry-on.ts';

/** The SDKs' first and longest delay. */
export const SDK_BACKOFF = { base: 500, cap: 8_000 } as const;

/** Jitter only ever shortens the wait, by at most this share. */
const JITTER = 0.25;
/** openai 7 ignores a longer `retry-after` and falls back to its own backoff. */
const LONGEST_RETRY_AFTER: Millis = 60_000;

/**
 * What the official SDKs do on their own (openai 7.55 `retryRequest`), with as many retries as asked for:
 * the server's `retry-after` where it is at most a minute, else min(0.5 s · 2ⁿ, 8 s) × (1 − 0.25 · rand), n = retries made.
 * Both delays can be set.
 */
export const sdkRetry = (
  maxRetries: number,
  { base, cap, retryOn }: Partial<Omit<RetrySettings, 'maxRetries'>> = {},
): RetryPolicy => {
  const first = base ?? SDK_BACKOFF.base;
  const longest = cap ?? SDK_BACKOFF.cap;
  const isRetried = retryOn ?? SDK_RETRY_ON.matches;
  return {
    name: 'sdk',
    description:
      maxRetries === 0
        ? 'no retries'
        : `SDK-like: Retry-After, else ${first / 1000} s doubling to ${longest / 1000} s with jitter; ${atMost(maxRetries)}`,
    decide(failure, { attempt, rng }) {
      if (attempt > maxRetries || !isRetried(failure)) return { retry: false };
      const { retryAfter } = failure;
      if (retryAfter !== undefined && retryAfter >= 0 && retryAfter <= LONGEST_RETRY_AFTER) {
        return { retry: true, delay: retryAfter };
      }
      const backoff = Math.min(first * 2 ** (attempt - 1), longest);
      return { retry: true, delay: backoff * (1 - JITTER * rng.next()) };
    },
  };
};
