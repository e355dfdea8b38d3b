import type { Claim } from '../../analyze/claims.ts';
import type { Millis } from '../../core/clock.ts';
import type { KnownLimit } from '../../core/known-limit.ts';
import type { RequestRecord } from '../../core/record.ts';
import type { LevelSummary } from '../../measure/level-summary.ts';
import type { RetryPolicy } from '../../policy/retry.ts';
import type { Scenario } from '../../workload/scenario.ts';

/** One level of one workload on a mock of its own. */
export interface Experiment {
  readonly scenario: Scenario;
  /** Requests, or items of a workflow; the scenario's own number unless given. */
  readonly requests?: number;
  readonly level: number;
  readonly profile: string;
  /** Single keys of the profile: `latency=3s`. */
  readonly settings?: readonly string[];
  /** Ten retries as the SDKs make them, unless given. */
  readonly retry?: RetryPolicy;
  readonly attemptTimeout?: Millis;
  /** Limits that a token bucket of our own keeps to, waited for before each call. */
  readonly pace?: readonly KnownLimit[];
  /** With a progress bar. */
  readonly watched?: true;
  /** With its records kept; those of all experiments together would only fill the memory. */
  readonly recorded?: true;
}

/** What an experiment left behind. */
export interface Finding {
  readonly summary: LevelSummary;
  /** Empty unless the experiment is `recorded`. */
  readonly records: readonly RequestRecord[];
  /** What the progress bar has drawn, if there was one. */
  readonly drawn: string;
}

/** Where claims are put to the test; the same experiment is run once, however many claims look at it. */
export interface ClaimLab {
  run(experiment: Experiment): Promise<Finding>;
}

/** A claim, and how to find out. Its figures stand in the guides' tables; nothing measured is written down. */
export interface TestedClaim extends Claim {
  measure(lab: ClaimLab): Promise<number>;
}
