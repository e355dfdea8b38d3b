import type { Millis } from '../core/clock.ts';
import type { RateLimitName, Refusals } from '../core/rate-limit.ts';

/** What one level of a run under way shows by what is known now: whoever judges levels says it to whoever chooses the next. */
export interface LevelFinding {
  readonly level: number;
  readonly admissible: boolean;
  /** Some attempts were answered with 429. */
  readonly refused: boolean;
  /** The worst of its latencies as a share of what is allowed: above 1 it is too slow. */
  readonly lateness: number;
  readonly perSecond: number;
  /** Standard error of it. */
  readonly error: number;
  /** Mean time that a request holds its slot. */
  readonly cycleMs: Millis;
  /** Mean time of the attempts that succeeded. */
  readonly callMs: Millis;
  readonly calls: number;
  /** Coefficient of variation of that time. */
  readonly callCv: number;
  /** Mean time of a call by all levels, where they differ by no more than chance; else that of this one. */
  readonly perCallMs: Millis;
  /** Requests per second that the endpoint says it allows; `undefined` if it does not. */
  readonly allowedPerSecond: number | undefined;
  /** What it counts there. */
  readonly limitedBy: RateLimitName | undefined;
  /** Requests that its bucket holds; `undefined` where neither headers nor an empty one told. */
  readonly bucketRequests: number | undefined;
  /** What refused calls do to that limit, as far as the level shows it. */
  readonly refusals: Refusals;
  /** Requests per second that the level was let in once its bucket was empty; `undefined` if it did not show. */
  readonly letInPerSecond: number | undefined;
  /** It fell silent once, as a limit does that counts by windows of time, and ended before that happened again. */
  readonly sawOneSilence: boolean;
  /** Requests per second that it lets last, told or seen. */
  readonly lastingPerSecond: number | undefined;
  /** Requests that its bucket holds, where nobody told it and what was seen of it may be less than it lets last; else `undefined`. */
  readonly doubtfulBucket: number | undefined;
}

/** Mean of a time over levels, of which each weighs as much as it had calls; `NaN` of none. */
export const meanOverCalls = (findings: readonly LevelFinding[], key: 'callMs' | 'cycleMs'): Millis => {
  const calls = findings.reduce((sum, each) => sum + each.calls, 0);
  return findings.reduce((sum, each) => sum + each[key] * (each.calls / calls), 0);
};
