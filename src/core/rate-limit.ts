import type { Millis } from './clock.ts';

/** One limit as a response's headers tell it. */
export interface RateLimitDimension {
  /** Capacity per period (`requests` per minute or day; tokens per minute). */
  readonly limit?: number;
  readonly remaining?: number;
  /** Time until the bucket is full again. */
  readonly reset?: Millis;
}

/** Rate-limit headers as data, by dimension: `requests`, `tokens`, `input-tokens`, `output-tokens`. */
export type RateLimitReading = Readonly<Partial<Record<RateLimitName, RateLimitDimension>>>;

/** The dimensions that OpenAI and Anthropic limit. */
export type RateLimitName = 'requests' | 'tokens' | 'input-tokens' | 'output-tokens';

/**
 * Calls at once that must be left of Little's ceiling where refused calls use a limit up: with fewer, chance refuses some, these take
 * room from others, and within minutes nearly all are refused. Seen in virtual time with buckets of a second, at ceilings from 23 to 128.
 */
export const CALLS_TO_SPARE = 3;

/** Of a pace that was taken for a limit: whoever keeps up so much more, beside one full bucket, shows that it is none. */
export const CONTRADICTION = 1.1;

/** What refused calls do to a limit: they leave it alone, use it up like others, or nobody knows. */
export type Refusals = 'free' | 'counted' | 'unknown';

/**
 * Calls at once that last under Little's ceiling of a limit of requests: a whole number where refused calls are known to count, since what
 * lies above is a collapse there.
 */
export const lastingUnder = (ceiling: number, refusals: Refusals): number => {
  if (refusals === 'free') return ceiling;
  return refusals === 'counted' ? Math.floor(ceiling - CALLS_TO_SPARE) : ceiling - CALLS_TO_SPARE;
};
