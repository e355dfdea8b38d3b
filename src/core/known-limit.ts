import type { Millis } from './clock.ts';
import type { RateLimitName } from './rate-limit.ts';

/** A rate limit as far as it is known: a bucket of `burst`, refilled continuously. */
export interface KnownLimit {
  readonly name: RateLimitName;
  readonly perSecond: number;
  readonly burst: number;
  /** What each call counts, if the limit does not go by the call's own tokens. */
  readonly perCall?: number;
  /**
   * What a call counts towards a limit of all tokens: `used` what it used in the end, `reserved` the larger of prompt and
   * `max_tokens`, whatever it used.
   */
  readonly counts?: 'used' | 'reserved';
  readonly source: 'options' | 'profile' | 'headers';
}

/** What one attempt is expected to take from each limit. */
export interface Demand {
  /** An estimate: four characters a token. */
  readonly inputTokens: number;
  readonly maxTokens: number;
  /** More than a refusal said was left of the token limit: what the call counts at least, whatever it was guessed to. */
  readonly leastTokens?: number | undefined;
}

/** The same limits, their rate mis-set by a factor: what a policy believes if it was told wrong. */
export const misjudged = (limits: readonly KnownLimit[], factor: number): readonly KnownLimit[] =>
  limits.map((limit) => ({ ...limit, perSecond: limit.perSecond * factor }));

/** Time in which a limit lets `amount` through, starting from a full bucket. */
export const timeFor = ({ perSecond, burst }: KnownLimit, amount: number): Millis =>
  Math.max(0, ((amount - burst) / perSecond) * 1000);
