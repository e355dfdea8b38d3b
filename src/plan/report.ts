import type { Millis } from '../core/clock.ts';
import type { DayResult } from './day.ts';
import type { PlanInputs, Sourced, Tier } from './inputs.ts';
import type { LimitBucket } from './limits.ts';

/**
 * Whether a tier carries the work: `fits` with the headroom asked for, `tight` without it, `queues` where the peak is over the
 * limit but the day is not, `late` where the SLO or the deadline is missed, `too-small` where the day is over the limit.
 */
export type TierVerdict = 'fits' | 'tight' | 'queues' | 'late' | 'too-small';

/** How the simulated days of a tier went: the median over the days, and the worst. */
export interface SimulatedDays {
  readonly days: number;
  /** 1 where every request was simulated; of larger loads every so manieth, on limits and slots that much smaller. */
  readonly oneIn: number;
  readonly p50Ms: Millis;
  readonly p95Ms: Millis;
  readonly peakP95Ms: Millis;
  readonly worstPeakP95Ms: Millis;
  readonly startedAtOnce: number;
  /** When the last answer of the day had come, in the worst of the days. */
  readonly finishedAtMs: Millis;
  /** The first of the days, hour by hour. */
  readonly hours: DayResult['hours'];
}

/** A figure that two ways of computing must agree on. */
export interface CrossCheck {
  readonly what: string;
  readonly formula: number;
  readonly simulated: number;
  readonly unit: 'ms' | 'share' | 'per second';
  /** formula ÷ simulated − 1. */
  readonly difference: number;
  /** How much of a difference chance alone makes in the simulation: two standard errors ÷ simulated. */
  readonly chance: number;
}

/** How long requests wait at the peak, by formula. */
export interface PeakWaits {
  /** Slots so few that waiting shows, and what it would be with them. */
  readonly fewer: { readonly slots: number; readonly meanMs: Millis; readonly p95Ms: Millis } | null;
  /** Mean wait for the binding limit if nothing could be sent at once; what a bucket saves. `null` without such a limit. */
  readonly limitMeanMs: Millis | null;
}

/** What one tier means for the work. */
export interface TierPlan {
  readonly tier: Tier;
  readonly verdict: TierVerdict;
  /** One sentence in plain words. */
  readonly because: string;
  /** All limits, the one that binds at the peak first; empty where nothing limits. */
  readonly buckets: readonly LimitBucket[];
  /** Requests per second that the tightest limit sustains; `null` without limits. */
  readonly maxPerSecond: number | null;
  /** Attempts per second, retries included, on average and in the busiest hour; `null` for a batch. */
  readonly demandPerSecond: { readonly mean: number; readonly peak: number } | null;
  /** Share of the tightest limit used. */
  readonly utilization: { readonly mean: number; readonly peak: number } | null;
  /** Requests per day at which the busiest hour leaves just the headroom, and at which it reaches the limit. */
  readonly breaksAt: { readonly withHeadroomPerDay: number; readonly perDay: number } | null;
  /** Months of the given growth until the headroom is used up; `null` without growth or limits. */
  readonly monthsLeft: number | null;
  readonly concurrency: {
    /** Mean calls in flight at the peak, by Little's law. */
    readonly mean: number;
    /** Calls at once to allow. */
    readonly slots: number;
    /** Share of requests that find a slot free, by the Poisson distribution; `null` for a batch. */
    readonly quantile: number | null;
    readonly workers: number;
  };
  /** By formula, at the peak; `null` for a batch and where the peak is over the limit. */
  readonly waits: PeakWaits | null;
  /** Time to finish a batch at 95 % of the limit, and what no concurrency beats at the limit itself. */
  readonly batch: {
    readonly timeMs: Millis;
    readonly floorMs: Millis;
    readonly meetsDeadline: boolean | null;
  } | null;
  readonly simulation: SimulatedDays | null;
  readonly checks: readonly CrossCheck[];
}

/** What the work costs. */
export interface PlanCost {
  readonly perRequestUsd: number;
  /** Per day of a stream, or for the whole batch. */
  readonly totalUsd: number;
  /** Part of `totalUsd` that retries of paid attempts may waste. */
  readonly wasteUsd: number;
  /** The same work through the provider's batch API, without waste; input cached as otherwise. */
  readonly throughBatchApiUsd: number;
  /** Share of input read from the cache at which the normal API costs as little as a batch API without a cache; `null` if none does. */
  readonly breakEvenCachedShare: number | null;
}

/** A question of the form "and if…", answered for the recommended tier. */
export interface WhatIf {
  readonly change: string;
  readonly tier: string;
  readonly verdict: TierVerdict;
  readonly utilizationPeak: number | null;
  readonly slots: number;
  readonly p95Ms: Millis | null;
  /** Time to finish a batch. */
  readonly timeMs: Millis | null;
  readonly costUsd: number | null;
  readonly because: string;
}

/** Settings to run with. */
export interface PlanSettings {
  /** The tier that they are for: the recommended one, or where none is the nearest. */
  readonly tier: string;
  readonly provider: string;
  readonly policy: string;
  /** Calls at once, over all workers. */
  readonly concurrency: number;
  readonly workers: number;
  /** Requests per second that the limits per minute sustain; `null` without such limits. */
  readonly limitPerSecond: number | null;
  /** Requests per second to pace by: 95 % of what the tightest limit sustains; `null` without limits. */
  readonly requestsPerSecond: number | null;
  readonly burst: number | null;
  readonly timeoutMs: Millis;
  readonly maxRetries: number;
}

/** A capacity plan: everything a reporter needs. */
export interface PlanReport {
  readonly schema: 'bench.plan/1';
  readonly inputs: PlanInputs;
  readonly tiers: readonly TierPlan[];
  /** Name of the smallest tier that fits; `null` if none does. */
  readonly recommended: string | null;
  /** The answer in one or two sentences. */
  readonly summary: string;
  readonly settings: PlanSettings | null;
  readonly cost: PlanCost | null;
  readonly whatIfs: readonly WhatIf[];
  /** Share (0–1) of the requests that must go to the batch API for the next smaller tier to carry the rest; `null` if there is none. */
  readonly deferrable: { readonly tier: string; readonly share: number } | null;
  readonly assumptions: readonly (Sourced<string> & { readonly name: string })[];
  readonly warnings: readonly string[];
}
