import type { Millis } from '../core/clock.ts';
import type { RateLimitName, Refusals } from '../core/rate-limit.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { inadmissible } from './admission.ts';
import type { Criteria } from './criteria.ts';
import { pointOf, throughputOf, unloadedOf } from './level-point.ts';
import { boundsOf, findLimits } from './limits.ts';
import { refusalsOf } from './refusals.ts';
import { latenessOf } from './rule.ts';

/** What one level of a run under way shows by what is known now, for deciding which to measure next. */
export interface LevelFinding {
  readonly level: number;
  readonly admissible: boolean;
  readonly refused: boolean;
  /** The worst of its latencies as a share of what the criteria allow: above 1 it is too slow. */
  readonly lateness: number;
  readonly perSecond: number;
  /** Standard error of it. */
  readonly error: number;
  /** Mean time that a request holds its slot. */
  readonly cycleMs: Millis;
  /** Mean time of the attempts that succeeded, and their number. */
  readonly callMs: Millis;
  readonly calls: number;
  /** Mean time of a call by all levels, where they differ by no more than chance; else that of this one. */
  readonly perCallMs: Millis;
  /** Requests per second that headers say are allowed. */
  readonly allowedPerSecond: number | undefined;
  /** What they limit. */
  readonly limitedBy: RateLimitName | undefined;
  /** What refused calls do to that limit, as far as the level shows it. */
  readonly refusals: Refusals;
  /** Requests per second that the endpoint lets last, told or seen. */
  readonly lastingPerSecond: number | undefined;
}

/** What the levels so far show, in ascending order; what a later one tells of a limit changes what an earlier one is worth. */
export const findingsOf = (levels: readonly LevelSummary[], criteria: Criteria): readonly LevelFinding[] => {
  const ascending = levels.toSorted((a, b) => a.level - b.level);
  const bounds = boundsOf(ascending, criteria);
  const unloaded = unloadedOf(ascending, bounds);
  if (!unloaded) return [];
  const idle = pointOf(unloaded, bounds);
  const [tightest] = findLimits(ascending, criteria, undefined)
    .filter(({ source }) => source === 'headers')
    .toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  const limitedBy = tightest?.dimension === 'unknown' ? undefined : tightest?.dimension;
  return ascending.map((level) => {
    const pace = throughputOf(level);
    const point = pointOf(level, bounds);
    const callMs = level.metrics.attemptTime?.mean ?? 0;
    return {
      level: level.level,
      admissible: inadmissible(level, unloaded, bounds) === undefined,
      refused: level.counts.rateLimited > 0,
      lateness: latenessOf(point, idle, bounds),
      perSecond: point.perSecond,
      error: point.error,
      cycleMs: pace > 0 ? (level.level / pace) * 1000 : 0,
      callMs,
      calls: level.metrics.attemptTime?.count ?? 0,
      perCallMs: bounds.perCallMs ?? callMs,
      allowedPerSecond: tightest?.requestsPerSecond,
      limitedBy,
      refusals: refusalsOf(tightest?.requestsPerSecond ?? 0, [level]),
      lastingPerSecond: bounds.allowedPerSecond,
    };
  });
};
