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
