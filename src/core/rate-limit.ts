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
 * Calls at once that must be left of Little's ceiling where refused calls use a limit up and nothing tells how much its bucket holds: with fewer,
 * chance refuses some, these take room from others, and within minutes nearly all are refused. Seen in virtual time with buckets of a second, at
 * ceilings from 23 to 128.
 */
export const CALLS_TO_SPARE = 3;

/**
 * Calls to spare for each time that the ceiling is as large as the bucket: for calls that all take as long, and for each unit of their coefficient of
 * variation. Seen in virtual time at ceilings of 8, 23 and 64, buckets of an eighth of the ceiling to four times of it, coefficients of 0.1 to 0.7;
 * the form is that of a bucket which chance must not empty: its room against the calls' fluctuation.
 */
const SPARE = { regular: 0.4, irregular: 1.2 } as const;

/** Of a pace that was taken for a limit: whoever keeps up so much more, beside one full bucket, shows that it is none. */
export const CONTRADICTION = 1.1;

/** What refused calls do to a limit: they leave it alone, use it up like others, or nobody knows. */
export type Refusals = 'free' | 'counted' | 'unknown';

/** What decides how near its ceiling a limit of requests bears calls. */
export interface Edge {
  /** Little's ceiling: calls at once that use the limit up. */
  readonly ceiling: number;
  readonly refusals: Refusals;
  /** Requests that its bucket holds; `undefined` where nothing tells. */
  readonly bucket: number | undefined;
  /** Coefficient of variation of what calls take. */
  readonly cv: number;
}

const callsToSpare = ({ ceiling, bucket, cv }: Edge): number =>
  bucket === undefined || bucket <= 0
    ? CALLS_TO_SPARE
    : ((SPARE.regular + SPARE.irregular * cv) * ceiling) / bucket;

/**
 * Calls at once that last under Little's ceiling of a limit of requests: a whole number where refused calls are known to count, since what
 * lies above is a collapse there.
 */
export const lastingUnder = (edge: Edge): number => {
  const { ceiling, refusals } = edge;
  if (refusals === 'free') return ceiling;
  const lasting = ceiling - callsToSpare(edge);
  return refusals === 'counted' ? Math.floor(lasting) : lasting;
};
