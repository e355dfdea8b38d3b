import type { Millis } from '../core/clock.ts';
import type { FailureKind } from '../core/failure.ts';
import type { Distribution } from '../stats/distribution.ts';
import type { MetricName } from './metrics.ts';

/** A metric's distribution over a level's successful requests, with its unit beside the numbers. */
export interface MetricSummary extends Distribution {
  readonly unit: 'ms' | 'tokens' | 'tokens/s';
}

/** Where the level's slots spent their time. The parts sum to `totalMs` = level × wall-clock. */
export interface SlotTime {
  readonly totalMs: Millis;
  /** In attempts that brought the answer. */
  readonly serviceMs: Millis;
  /** In attempts that failed. */
  readonly failedAttemptsMs: Millis;
  /** In attempts that we cancelled. */
  readonly cancelledMs: Millis;
  /** Waiting between attempts. */
  readonly backoffMs: Millis;
  /** Unused: the drain at the end, when fewer requests are left than slots, and gaps between requests. */
  readonly idleMs: Millis;
}

/** One level as figures. All times in model milliseconds. */
export interface LevelSummary {
  readonly level: number;
  /** First scheduled start and last end among the measured requests, since the start of the run. */
  readonly window: { readonly fromMs: Millis; readonly toMs: Millis };
  readonly wallClockMs: Millis;
  readonly counts: {
    /** `ok` + `failed` + `dropped` + `cancelled`. */
    readonly requests: number;
    readonly ok: number;
    readonly failed: number;
    readonly dropped: number;
    /** Stopped by us (Ctrl-C); neither ok nor failed. */
    readonly cancelled: number;
    /** HTTP exchanges of all these requests. */
    readonly attempts: number;
    /** Attempts that were answered with HTTP 429, for whatever reason. */
    readonly rateLimited: number;
  };
  /** Requests that failed in the end, by the kind of their last failure. */
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** Attempts that failed, by kind, whether or not a later one succeeded. */
  readonly failedAttempts: Readonly<Partial<Record<FailureKind, number>>>;
  readonly rates: {
    /** Requests started per second of wall-clock. */
    readonly offeredPerSecond: number;
    /** Requests that succeeded per second of wall-clock: the throughput. */
    readonly achievedPerSecond: number;
    /** Requests that succeeded within the SLO per second; equal to `achievedPerSecond` without an SLO. */
    readonly goodputPerSecond: number;
    readonly attemptsPerSecond: number;
    readonly outputTokensPerSecond: number;
  };
  /** Attempts of all requests, those we cancelled aside, ÷ successes; `null` without a success. */
  readonly attemptsPerSuccess: number | null;
  /** Share (0–1) of the requests' slot time spent in failed attempts and backoff; `null` where nothing ran. */
  readonly retryOverhead: number | null;
  /**
   * The same two for requests that followed another one in their slot: without the first `level` requests, whose common
   * start at a full bucket says more about the start than about the level. `null` where fewer than `level` such requests ran.
   */
  readonly settled: {
    readonly requests: number;
    readonly attemptsPerSuccess: number;
    readonly retryOverhead: number;
  } | null;
  readonly slotTime: SlotTime;
  readonly inFlight: {
    /** Time average of requests outstanding (backoff included) over the window. */
    readonly mean: number;
    readonly max: number;
  };
  readonly tokens: { readonly input: number; readonly output: number };
  readonly metrics: Readonly<Partial<Record<MetricName, MetricSummary>>>;
}
