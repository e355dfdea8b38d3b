import type { Millis } from '../core/clock.ts';
import type { Bound } from '../measure/bound.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import type { AssertionResult } from './assertion-result.ts';
import type { Goodput } from './noise.ts';
import type { OnlineOpinion } from './online.ts';
import type { SweetSpot } from './verdict.ts';

/** A caveat that the figures deserve, as data: worded once, with what to do about it. */
export interface Warning {
  /** Stable identifier, kebab-case. */
  readonly code: string;
  /** The level it is about; the whole run without one. */
  readonly level?: number;
  readonly message: string;
  readonly hint: string;
}

/** How the measuring machine fared during a level, in real time. */
export interface LevelHealth {
  /** CPU time of this process ÷ real time: 1 is one core busy throughout. */
  readonly cpuCores: number;
  readonly eventLoopUtilization: number;
  readonly eventLoopDelayP99RealMs: number;
  /** How far the machine's wall clock moved against its steady one: set back or forward, or asleep. */
  readonly clockStepRealMs?: number;
}

/** Whether a level started with full rate-limit buckets, and how that is known. */
export interface Cooldown {
  readonly waitedMs: Millis;
  readonly because: string;
}

/** The mock's own count of a level, to hold against ours. */
export interface LedgerCount {
  readonly attempts: number;
  readonly ok: number;
  readonly rateLimited: number;
}

/** What is known about a level besides its requests. */
export interface LevelFacts {
  readonly level: number;
  readonly health?: LevelHealth;
  /** Before the level. */
  readonly cooldown?: Cooldown;
  readonly ledger?: LedgerCount;
  /** How late the mock sent what it had planned, real milliseconds. */
  readonly mockLatenessP99RealMs?: number;
  /** False if the level was cut short by Ctrl-C or an error. */
  readonly complete: boolean;
}

/** A level with what it means beside the others. */
export interface LevelReport extends LevelSummary, Omit<LevelFacts, 'level'> {
  /** Throughput ÷ the reference's throughput; `null` if there is none to divide by. */
  readonly speedUp: number | null;
  /** Speed-up ÷ level: 1 is perfect scaling. */
  readonly efficiency: number | null;
  /** The least time for this work under the limits as far as they are known; `null` where some of it failed. */
  readonly bound: Bound | null;
  /** Whether it may be recommended; if not, why. */
  readonly admissible: boolean;
  readonly inadmissibleBecause?: string;
  /** False if this machine was the bottleneck: the level says nothing about the endpoint and is not judged. */
  readonly valid: boolean;
  /** Successes within the SLO per second, as the verdict uses it: free of drain and start, with its interval. */
  readonly goodput: Goodput;
  /** Throughput × latency ÷ calls in flight − 1, which is 0 by Little's law; `null` where it cannot be told. */
  readonly littleResidual: number | null;
}

/** Whether the verdict rests on measurements that can be trusted. */
export interface Validity {
  readonly valid: boolean;
  /** Why not, and what to do about it; `null` if it does. */
  readonly because: string | null;
  readonly hint: string | null;
}

/** The rule that judged the levels, with the bounds that were in force. */
export interface Judgement {
  readonly tolerance: number;
  readonly maxFailures: number;
  readonly maxRetryOverhead: number;
  readonly maxLatencyFactor: number;
  /** As the user wrote it; `null` for none. */
  readonly slo: string | null;
}

/** What sequential calls achieve, and how that was obtained. */
export interface Reference {
  readonly level: 1;
  readonly throughputPerSecond: number;
  readonly requests: number;
  readonly because: string;
}

/** The harness's own share in each call, since a scaled clock magnifies it. */
export interface HarnessOverhead {
  /** Median real time of a call that the mock answers at once, through the same client. */
  readonly perCallRealMs: number;
  /** The same in model time: `perCallRealMs` × speed. */
  readonly perCallMs: Millis;
  readonly calls: number;
}

/** Facts about the run that no request holds; flat, for headers and tables. */
export type Meta = Readonly<Record<string, string | number | boolean>>;

/** The result of a sweep: everything a reporter needs, and nothing that needs a clock. Published as a JSON Schema. */
export interface SweepReport {
  readonly schema: 'bench.sweep/1';
  readonly meta: Meta;
  /** In the order they were asked for. */
  readonly levels: readonly LevelReport[];
  readonly reference: Reference | null;
  readonly overhead: HarnessOverhead | null;
  /** The bounds by which levels were judged. */
  readonly criteria: Judgement;
  /** `null` if no level can be recommended; a warning then says why. */
  readonly sweetSpot: SweetSpot | null;
  readonly validity: Validity;
  /** What a limiter that learns settled at; absent where none ran. */
  readonly online?: OnlineOpinion;
  readonly warnings: readonly Warning[];
  /** What became of the thresholds that were set; absent where none was. */
  readonly assertions?: readonly AssertionResult[];
}
