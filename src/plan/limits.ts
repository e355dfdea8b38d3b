import { formatNumber } from '../core/units.ts';

/** What a tier allows. A dimension that is left out is not limited. */
export interface TierLimits {
  readonly requestsPerMinute?: number;
  readonly inputTokensPerMinute?: number;
  readonly outputTokensPerMinute?: number;
  /** Input and output together, as OpenAI counts them. */
  readonly tokensPerMinute?: number;
  readonly requestsPerDay?: number;
  /** How many seconds' worth of each limit may be used at once; 60 where a whole minute's is. */
  readonly burstSeconds?: number;
  /** The limit reserves the upper bound of the answer (`max_tokens`) and not what was written. */
  readonly reservesMaxTokens?: boolean;
  /** Input tokens read from the cache count against the limit. */
  readonly countsCached?: boolean;
}

/** Tokens of one request, on average. */
export interface RequestTokens {
  readonly input: number;
  readonly output: number;
  /** Upper bound of the answer, where one is set. */
  readonly maxOutput?: number;
  /** Share (0–1) of the input that comes from the provider's cache. */
  readonly cachedShare: number;
}

/** A dimension of a tier's limits. */
export type LimitDimension = 'requests' | 'input tokens' | 'output tokens' | 'tokens' | 'requests per day';

/** One limit as a bucket of its own unit. */
export interface LimitBucket {
  readonly dimension: LimitDimension;
  /** What a request takes from it, on average. */
  readonly perRequest: number;
  /** Refill in units of the dimension. */
  readonly unitsPerSecond: number;
  /** Most that can be taken at once. */
  readonly capacity: number;
  /** Requests per second that it sustains: `unitsPerSecond` ÷ `perRequest`. */
  readonly requestsPerSecond: number;
}

const DAY_SECONDS = 86_400;

/** The buckets of a tier for requests of this size, the tightest first; none for a tier without limits. */
export const limitBuckets = (limits: TierLimits, tokens: RequestTokens): readonly LimitBucket[] => {
  const { burstSeconds = 60, reservesMaxTokens = false, countsCached = false } = limits;
  const input = tokens.input * (countsCached ? 1 : 1 - tokens.cachedShare);
  const output = reservesMaxTokens ? (tokens.maxOutput ?? tokens.output) : tokens.output;
  const perMinute = [
    ['requests', limits.requestsPerMinute, 1],
    ['input tokens', limits.inputTokensPerMinute, input],
    ['output tokens', limits.outputTokensPerMinute, output],
    ['tokens', limits.tokensPerMinute, input + output],
  ] as const;
  const buckets: LimitBucket[] = perMinute.flatMap(([dimension, limit, perRequest]) => {
    if (limit === undefined || perRequest <= 0) return [];
    const unitsPerSecond = limit / 60;
    return [
      {
        dimension,
        perRequest,
        unitsPerSecond,
        capacity: Math.max(unitsPerSecond * burstSeconds, perRequest),
        requestsPerSecond: unitsPerSecond / perRequest,
      },
    ];
  });
  if (limits.requestsPerDay !== undefined) {
    const unitsPerSecond = limits.requestsPerDay / DAY_SECONDS;
    buckets.push({
      dimension: 'requests per day',
      perRequest: 1,
      unitsPerSecond,
      capacity: limits.requestsPerDay,
      requestsPerSecond: unitsPerSecond,
    });
  }
  return buckets.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
};

/** Share of a limit that a client paces itself by: what a limiter of its own loses to chance near 100 %. */
export const PACE = 0.95;

/** The buckets as a client sees them that paces itself by 95 % of each. */
export const pacedBuckets = (buckets: readonly LimitBucket[]): readonly LimitBucket[] =>
  buckets.map((bucket) => ({
    ...bucket,
    unitsPerSecond: bucket.unitsPerSecond * PACE,
    requestsPerSecond: bucket.requestsPerSecond * PACE,
  }));

/** A limit in words: `90,000 output tokens per minute`. */
export const limitText = ({ dimension, unitsPerSecond }: LimitBucket): string =>
  dimension === 'requests per day'
    ? `${formatNumber(unitsPerSecond * DAY_SECONDS)} requests per day`
    : `${formatNumber(unitsPerSecond * 60)} ${dimension} per minute`;

/**
 * Mean time that a request waits for a limit when a client paces itself by it, in milliseconds, without burst: a queue with one
 * server and service time S = size ÷ rate, W = λ·E[S²] / (2(1 − ρ)) + E[S] (Pollaczek and Khinchine); of arrivals that are not
 * Poisson (Cₐ² + Cₛ²)/2 · ρ/(1 − ρ)·E[S] + E[S] (Kingman). Infinite if the limit is exceeded.
 */
export const pacedWaitMs = (
  { perRequest, unitsPerSecond }: Pick<LimitBucket, 'perRequest' | 'unitsPerSecond'>,
  arrivalsPerSecond: number,
  sizeCv: number,
  arrivalCv2 = 1,
): number => {
  const service = perRequest / unitsPerSecond;
  const utilization = arrivalsPerSecond * service;
  if (utilization >= 1) return Number.POSITIVE_INFINITY;
  const queueing = ((arrivalCv2 + sizeCv * sizeCv) / 2) * (utilization / (1 - utilization)) * service;
  return (queueing + service) * 1000;
};
