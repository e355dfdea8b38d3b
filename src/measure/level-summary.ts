import type { Millis } from '../core/clock.ts';
import type { FailureKind } from '../core/failure.ts';
import type { Distribution } from '../stats/distribution.ts';
import type { ConfidenceInterval } from '../stats/interval.ts';
import type { BurstSummary } from './burst-summary.ts';
import type { ItemsSummary } from './items.ts';
import type { LimitEvidence } from './limit-evidence.ts';
import type { LoadModel } from './load-model.ts';
import type { MetricName } from './metrics.ts';

/** A metric's distribution over a level's successful requests, with its unit beside the numbers. */
export interface MetricSummary extends Distribution {
  readonly unit: 'ms' | 'tokens' | 'tokens/s';
}

/** Where the level's slots spent their time. The parts sum to `totalMs` = level × wall-clock × repeats; no idle in an open loop. */
export interface SlotTime {
  readonly totalMs: Millis;
  /** In attempts that brought the answer. */
  readonly serviceMs: Millis;
  /** In attempts that were answered with an error: 429, 5xx and the like. */
  readonly rejectedMs: Millis;
  /** In attempts that failed in another way: no answer, or one that broke off. */
  readonly failedAttemptsMs: Millis;
  /** In attempts that we cancelled. */
  readonly cancelledMs: Millis;
  /** Waiting between attempts with the slot held; 0 where it is given back. */
  readonly backoffMs: Millis;
  /** Held back by a limiter, ready to leave. */
  readonly limiterMs: Millis;
  /** Unused: the drain at the end, when fewer requests are left than slots, and gaps between requests. */
  readonly idleMs: Millis;
}

/**
 * A level once ramp and warm-up are over, without the 429s of the start. The end is not cut: a request counts whole if it
 * started after the warm-up, so idle slots bias nothing. Requests of the drain compete with fewer, which makes a saturated level
 * read 1 to 2 % high.
 */
export interface SteadySummary {
  /**
   * `little`: in flight ÷ mean cycle × share of successes; `window`: successes that ended in the window ÷ its length, in an open
   * loop, and in a closed one where requests of the start still hold slots that Little's law would give to the others.
   */
  readonly method: 'little' | 'window';
  /** Requests that started after the warm-up and ended one way or the other. */
  readonly requests: number;
  /** Successes per second: the throughput that lasts, drain and start aside. */
  readonly perSecond: number;
  /** Of `perSecond`: delta method over the cycles, or a Poisson count (`window`). */
  readonly interval: ConfidenceInterval;
  /** From a slot's being free (open loop: from the intended start) to the end of its request, retries and waits included. */
  readonly meanCycleMs: Millis;
  /** Coefficient of variation of the cycles. */
  readonly cycleCv: number;
  /** Time average of open requests from the end of the warm-up to the last start. */
  readonly inFlight: number;
  /** From a block's start until `level` requests were open at once; mean over blocks. */
  readonly rampMs: Millis;
  /** What was left out at a block's start: the ramp and 1.5 median cycles; mean over blocks. */
  readonly warmupMs: Millis;
  /** Of these requests alone; `null` without a success. */
  readonly attemptsPerSuccess: number | null;
  /** Share (0–1) of their time spent in failed attempts and backoff. */
  readonly retryOverhead: number | null;
}

/** One repeat of a level. */
export interface BlockSummary {
  /** From 0. */
  readonly block: number;
  readonly requests: number;
  readonly ok: number;
  /** Requests that failed in the end. */
  readonly failures: number;
  /** First scheduled start, since the start of the run; left out in reports of older versions. */
  readonly fromMs?: Millis;
  readonly wallClockMs: Millis;
  /** Steady throughput; successes ÷ wall-clock where too few requests are left after the warm-up. */
  readonly perSecond: number;
  /** `perSecond` × share of the successes that kept the SLO; the same without an SLO. */
  readonly goodputPerSecond: number;
  /** After the warm-up where enough is left, else of all; `null` without a success. */
  readonly attemptsPerSuccess: number | null;
  /** After the warm-up where enough is left, else of all. */
  readonly retryOverhead: number | null;
  /** Percentiles of the request latency; `null` where the block is too small. */
  readonly p50: Millis | null;
  readonly p95: Millis | null;
  readonly p99: Millis | null;
  /** Percentiles of the time to first token; `null` where nothing was streamed, or the block is too small. */
  readonly ttftP50: Millis | null;
  readonly ttftP95: Millis | null;
  /** What all attempts cost ÷ successes; `null` without a price or a success. */
  readonly costPerSuccessUsd: number | null;
}

/** What happened to an open loop's schedule. */
export interface ArrivalSummary {
  /** Requests that the schedule wanted, per second of its length. */
  readonly offeredPerSecond: number;
  /** Starts that left later than a twentieth of the median latency after their intended instant. */
  readonly lateStarts: number;
  /** The latest of all starts. */
  readonly maxLatenessMs: Millis;
  /** Requests that were never sent, because as many were open as may be. */
  readonly dropped: number;
}

/** Money, in USD, by the prices known when the requests were made. */
export interface LevelCost {
  /** Of all attempts, whatever became of them. */
  readonly total: number;
  /** `total` ÷ successful requests; `null` without a success. */
  readonly perSuccess: number | null;
  /** Part of `total` that went into attempts without an answer; what an abandoned attempt cost is an estimate, and a least. */
  readonly waste: number;
}

/** What attempts that failed used up. */
export interface Waste {
  /** Attempts that failed, those we cancelled aside. */
  readonly attempts: number;
  /** Prompt tokens of those the endpoint had accepted (5xx, timeouts, broken answers); a refusal costs none. */
  readonly inputTokens: number;
  /** Of the answers they had begun: as told, else one for each piece that arrived. */
  readonly outputTokens: number;
}

/** One level as figures. All times in model milliseconds. */
export interface LevelSummary {
  /** Calls at once; requests per second in an open loop. */
  readonly level: number;
  readonly load: LoadModel;
  /** First scheduled start and last end among the measured requests, since the start of the run. */
  readonly window: { readonly fromMs: Millis; readonly toMs: Millis };
  /** From first scheduled start to last end; where the level was repeated, the mean of its blocks. */
  readonly wallClockMs: Millis;
  /** From the last start to the last end, the tail in which slots run empty; mean over blocks. Part of `wallClockMs`. */
  readonly drainMs: Millis;
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
  /** The level after its warm-up; `null` where fewer requests than slots (or than ten) are left. */
  readonly steady: SteadySummary | null;
  /** Whether the pace could be held for ever, as far as rate limits go: see `burst`. */
  readonly sustained: boolean;
  readonly burst: BurstSummary;
  /** Open loop only. */
  readonly arrivals: ArrivalSummary | null;
  /** The repeats in their order; one where the level ran once, none where nothing ran. */
  readonly blocks: readonly BlockSummary[];
  readonly rateLimits: LimitEvidence;
  readonly slotTime: SlotTime;
  readonly waste: Waste;
  /** Waits between attempts, with or without a slot, ÷ successes; `null` without a success. */
  readonly backoffPerSuccessMs: number | null;
  /** Time average of attempts under way that brought an answer: slots that did their work. */
  readonly effectiveConcurrency: number;
  readonly inFlight: {
    /** Time average of requests outstanding (backoff included) over the window. */
    readonly mean: number;
    readonly max: number;
  };
  /** Of successful requests; `estimated` where some API told no usage. */
  readonly tokens: { readonly input: number; readonly output: number; readonly estimated?: true };
  /** What the level cost; only where a price is known. */
  readonly costUsd?: LevelCost;
  readonly metrics: Readonly<Partial<Record<MetricName, MetricSummary>>>;
  /** Only of a workflow, whose items take several requests each. */
  readonly items?: ItemsSummary;
}
