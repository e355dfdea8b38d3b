import type { Millis } from '../core/clock.ts';
import type { TierLimits } from './limits.ts';
import type { LoadCurve } from './load-curve.ts';

/** How a number came into the plan. */
export type Provenance = 'given' | 'measured' | 'assumed' | 'simulated';

/** A number of the plan and where it is from. */
export interface Sourced<T = number> {
  readonly value: T;
  readonly provenance: Provenance;
  /** The flag, file, run or reasoning behind it, for the reader. */
  readonly source: string;
}

/** Name of the tier that holds the limits a run has shown. */
export const MEASURED_TIER = 'as measured';

/** A tier to consider: its limits, and where and when they were read. */
export interface Tier {
  readonly name: string;
  readonly provider: string;
  readonly limits: TierLimits;
  readonly source: string;
  /** When the limits were read: `2026-10`. */
  readonly date: string;
}

/** Work that comes in over the day. */
export interface StreamOfRequests {
  readonly kind: 'stream';
  readonly perDay: Sourced;
  readonly curve: Sourced<LoadCurve>;
  /** Shape of the gamma-distributed gaps between arrivals within an hour: 1 is Poisson, less comes in bursts. */
  readonly burstiness: Sourced;
  /** Response time that 95 % of requests must meet at the peak; `undefined` where none was asked for. */
  readonly sloP95Ms: Sourced<Millis> | undefined;
}

/** Work that is all there at once, and when it must be done. */
export interface BatchOfRequests {
  readonly kind: 'batch';
  readonly requests: Sourced;
  readonly deadlineMs: Sourced<Millis>;
}

/** US dollars for a million tokens. */
export interface TokenPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Input read from the cache; the price of input where the provider has no other. */
  readonly cachedInputUsd: number;
}

/** Everything a plan is made from. */
export interface PlanInputs {
  readonly work: StreamOfRequests | BatchOfRequests;
  readonly inputTokens: Sourced;
  readonly outputTokens: Sourced;
  /** `max_tokens` of the requests, where it is set. */
  readonly maxTokens: Sourced | undefined;
  /** Coefficient of variation of a request's tokens. */
  readonly tokensCv: Sourced;
  /** Share (0–1) of the input read from the cache. */
  readonly cachedShare: Sourced;
  readonly latencyMs: Sourced<Millis>;
  readonly latencyCv: Sourced;
  /** Attempts beyond the first, per request, that retries cost. */
  readonly retryOverhead: Sourced;
  readonly price: Sourced<TokenPrice> | undefined;
  /** What the provider's batch API costs relative to its normal one, and within what time it answers. */
  readonly batchDiscount: Sourced;
  /** Share (0–1) of a limit that is to stay free at the peak. */
  readonly headroom: Sourced;
  /** Growth of the load per month as a share; 0 for none. */
  readonly growthPerMonth: Sourced;
  /** Calls at once in one process. */
  readonly slotsPerWorker: Sourced;
  /** API that the measured run spoke: `openai` or `anthropic`; `undefined` where nothing was measured. */
  readonly measuredProvider: string | undefined;
  readonly tiers: readonly Tier[];
  /** Days to simulate for each tier. */
  readonly days: number;
  readonly seed: number;
}
