import type { Clock, Millis } from '../core/clock.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { formatDuration, formatPercent } from '../core/units.ts';
import type { Driver } from '../load/driver.ts';
import { LIMITERS, type LimiterName } from '../load/limiters.ts';
import type { Pace } from '../load/pacer.ts';
import { createPace, PACERS, type PacerName } from '../load/pacers.ts';
import { withBreaker } from '../policy/circuit-breaker.ts';
import { RETRIES, type RetryName } from '../policy/retries.ts';
import type { RetryPolicy } from '../policy/retry.ts';
import { withBudget } from '../policy/retry-budget.ts';
import { type RetryOn, SDK_RETRY_ON } from '../policy/retry-on.ts';
import { SDK_BACKOFF } from '../policy/sdk-retry.ts';

/** A way to send requests as a value: who may have a slot, when an attempt may leave, what follows a failure. */
export interface PolicySpec {
  readonly name: string;
  /** One line for lists: what it is and where it comes from. */
  readonly description: string;
  readonly limiter: LimiterName;
  readonly pacers: readonly PacerName[];
  /** Limits that it keeps to whatever the endpoint's are. */
  readonly limits?: readonly KnownLimit[];
  /** Share of the rate of the known limits that is used. */
  readonly share: number;
  /** Within which those who waited at the gate leave. */
  readonly spread: Millis;
  readonly retry: RetryName;
  readonly maxRetries: number;
  readonly base: Millis;
  readonly cap: Millis;
  readonly retryOn: RetryOn;
  /** Retries allowed as a share of first attempts. */
  readonly budget?: number;
  /** Failed attempts in a row after which nothing is retried. */
  readonly breaker?: number;
  /** Slots are free for others while a request waits to retry. */
  readonly releases: boolean;
  /** Calls at once of the guide that it comes from. */
  readonly level?: number;
}

/** What every policy is unless it says otherwise: a plain semaphore and what the SDKs do. */
export const PLAIN: Omit<PolicySpec, 'name' | 'description'> = {
  limiter: 'semaphore',
  pacers: [],
  share: 1,
  spread: 500,
  retry: 'sdk',
  maxRetries: 10,
  ...SDK_BACKOFF,
  retryOn: SDK_RETRY_ON,
  releases: false,
};

/** A policy ready to run. */
export interface LivePolicy {
  driver(level: number): Driver;
  readonly retry: RetryPolicy;
  /** One for the whole run. */
  pace(clock: Clock): Pace | undefined;
  readonly releasesSlot: boolean;
}

/** The limits that a policy keeps to: its own, else those that are known of the endpoint. */
const limitsOf = (spec: PolicySpec, known: readonly KnownLimit[]): readonly KnownLimit[] =>
  spec.limits ?? known;

/** Makes a policy's parts; `known` are the endpoint's limits as far as anyone knows them. */
export const createPolicy = (spec: PolicySpec, known: readonly KnownLimit[]): LivePolicy => ({
  driver: (level) => LIMITERS[spec.limiter].create(level),
  retry: retryOf(spec),
  pace: (clock) =>
    createPace(spec.pacers, { limits: limitsOf(spec, known), share: spec.share, spread: spec.spread }, clock),
  releasesSlot: spec.releases,
});

const retryOf = ({ retry, maxRetries, base, cap, retryOn, budget, breaker }: PolicySpec): RetryPolicy => {
  const plain = RETRIES[retry].create({ maxRetries, base, cap, retryOn: retryOn.matches });
  const budgeted = budget === undefined ? plain : withBudget(plain, budget);
  return breaker === undefined ? budgeted : withBreaker(budgeted, breaker);
};

/** `semaphore+token-bucket`: the limiter and its pacers, as on the command line. */
export const limiterWords = ({ limiter, pacers }: Pick<PolicySpec, 'limiter' | 'pacers'>): string =>
  [limiter, ...pacers].join('+');

/** What a policy does about failures, in words. */
export const retryWords = (spec: PolicySpec): string => {
  const { description } = retryOf(spec);
  if (spec.retry === 'none') return description;
  return `${description}, slot ${spec.releases ? 'free for others' : 'held'} while waiting`;
};

/** What a policy does before a request leaves, in words. */
export const limiterSentence = (spec: PolicySpec, known: readonly KnownLimit[]): string => {
  const { limiter, pacers, share, spread } = spec;
  const limits = limitsOf(spec, known);
  const paced = pacers.map((name) => {
    const extra = name === 'gate' ? `, spread over ${formatDuration(spread)}` : '';
    return PACERS[name].description + extra;
  });
  const usesLimits = pacers.some((name) => name !== 'gate') && limits.length > 0;
  const told = usesLimits
    ? ` (${share < 1 ? `${formatPercent(share)} of ` : ''}${limits.map(limitWords).join(', ')})`
    : '';
  return [LIMITERS[limiter].description, ...paced].join('; ') + told;
};

/** `6 requests/s, burst 6 (profile)`. */
const limitWords = ({ name, perSecond, burst, source }: KnownLimit): string =>
  `${Number(perSecond.toPrecision(4))} ${name}/s, burst ${Number(burst.toPrecision(4))} (${source})`;
