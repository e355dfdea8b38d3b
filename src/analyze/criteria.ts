import type { Millis } from '../core/clock.ts';
import type { SloBound } from '../measure/slo.ts';

/** What a level may cost before it is no longer recommended, and how much throughput a smaller level may give up. */
export interface Criteria {
  /** The smallest level within this share of the best admissible goodput is the answer. */
  readonly tolerance: number;
  /** Share of requests that may fail in the end. */
  readonly maxFailures: number;
  /** Extra attempts per success, and share of slot time spent on retries. */
  readonly maxRetryOverhead: number;
  /** p95 of the request latency, as a multiple of the least loaded level's; not asked where there is an SLO. */
  readonly maxLatencyFactor: number;
  /** The user's own bounds on latency; empty for none. */
  readonly slo: readonly SloBound[];
  /** Judge levels as well at which this machine was the bottleneck. */
  readonly allowSaturated: boolean;
}

/** Criteria, and what the levels together told about the endpoint. */
export interface Bounds extends Criteria {
  /** Requests per second that its rate limit lets last, where that is known. */
  readonly allowedPerSecond?: number;
  /** Headers tell it, and it is a bucket of requests: what is above it by more than chance does not last. */
  readonly isAllowedExactly?: boolean;
  /** The limit counts by windows of time, and is known by its silences: what a level was let have that saw fewer than two may not last. */
  readonly countsByWindows?: boolean;
  /** Mean slot time that a failed attempt costs, its wait included; where any failed. */
  readonly perRetryMs?: Millis;
  /** Mean slot time of a call without its retries, from all levels, where they differ by no more than chance. */
  readonly perCallMs?: Millis;
  /** Coefficient of variation of a call of an idle endpoint. */
  readonly callCv?: number;
  /** The lowest level that was refused too much, or Little's ceiling where that is lower, where refused calls use the limit up and levels collapse. */
  readonly collapsesAt?: number;
}

/**
 * The defaults. Of eleven definitions tried on seven kinds of server, the constrained rule with these bounds was the only
 * one that stayed sane on all of them (docs/metrics.md).
 */
export const CRITERIA: Criteria = {
  tolerance: 0.05,
  maxFailures: 0.01,
  maxRetryOverhead: 0.1,
  maxLatencyFactor: 2,
  slo: [],
  allowSaturated: false,
};
