import type { RateLimitName } from '../core/rate-limit.ts';
import type { Fitted } from './fit-load.ts';
import type { Spread } from './fit-spread.ts';

/** What a limit per minute is called in a profile and in a tier. */
export const PER_MINUTE = {
  requests: 'requestsPerMinute',
  tokens: 'tokensPerMinute',
  'input-tokens': 'inputTokensPerMinute',
  'output-tokens': 'outputTokensPerMinute',
} as const satisfies Readonly<Record<RateLimitName, string>>;

/** What calls count for against a limit on tokens. */
export interface ChargeFit {
  readonly spread: Spread;
  readonly mean: Fitted;
  readonly how: string;
}

/** A limit of the endpoint. */
export interface LimitFit {
  readonly dimension: RateLimitName;
  readonly perMinute: Fitted;
  /** Most that can be taken at once; `undefined` where nothing showed it. */
  readonly burst: Fitted | undefined;
  readonly source: 'headers' | 'messages' | 'slope';
  /** Refused attempts use the limit up too; `undefined` where that cannot be told. */
  readonly drains: boolean | undefined;
  /** What a call counts for, where calls count differently. */
  readonly charge: ChargeFit | undefined;
  /** Share (0–1) of the attempts that the fitted limit decides as the endpoint did. */
  readonly explains: number | undefined;
}
