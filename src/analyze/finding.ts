import type { LevelFinding } from '../measure/level-finding.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { inadmissible } from './admission.ts';
import type { Criteria } from './criteria.ts';
import { callCvOf, pointOf, throughputOf, unloadedOf } from './level-point.ts';
import { boundsOf, findLimits } from './limits.ts';
import { refusalsOf } from './refusals.ts';
import { latenessOf } from './rule.ts';
import { isSilenceDisproved } from './silent.ts';
import { isPaceDoubtful } from './slope.ts';

/** What the levels so far show, in ascending order; what a later one tells of a limit changes what an earlier one is worth. */
export const findingsOf = (levels: readonly LevelSummary[], criteria: Criteria): readonly LevelFinding[] => {
  const ascending = levels.toSorted((a, b) => a.level - b.level);
  const bounds = boundsOf(ascending, criteria);
  const unloaded = unloadedOf(ascending, bounds);
  if (!unloaded) return [];
  const idle = pointOf(unloaded, bounds);
  const limits = findLimits(ascending, criteria, undefined);
  const seen = limits.find(({ binding, source }) => binding && source === 'slope');
  const doubtful =
    seen && seen.bucketRequests !== null && isPaceDoubtful(ascending, criteria)
      ? seen.bucketRequests
      : undefined;
  const [tightest] = limits
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
      callCv: callCvOf(level),
      perCallMs: bounds.perCallMs ?? callMs,
      allowedPerSecond: tightest?.requestsPerSecond,
      limitedBy,
      bucketRequests: tightest?.bucketRequests ?? undefined,
      refusals: refusalsOf(tightest?.requestsPerSecond ?? 0, [level]),
      letInPerSecond: level.burst.limitedPerSecond ?? undefined,
      sawOneSilence: level.burst.sawOneSilence === true && !isSilenceDisproved(level, ascending),
      lastingPerSecond: bounds.allowedPerSecond,
      doubtfulBucket: doubtful,
    };
  });
};
