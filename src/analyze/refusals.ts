import type { Refusals } from '../core/rate-limit.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import type { Bounds, Criteria } from './criteria.ts';
import { pointOf, throughputOf } from './level-point.ts';

/** Of what a lower level gets done: one that is pressed harder and gets done less uses the limit up by being refused. */
export const STARVED = 0.5;

/** Of a limit of requests: what is let in between refusals at least, where they do not count. */
const LET_HAVE = 0.85;

/** Levels that were refused more than the criteria allow. */
export const refusedOf = (levels: readonly LevelSummary[], criteria: Criteria): readonly LevelSummary[] =>
  levels.filter((level) => pointOf(level, criteria).extraAttempts > criteria.maxRetryOverhead);

/** What refused calls do to a limit of requests, by what levels were let have between their refusals. */
export const refusalsOf = (allowedPerSecond: number, levels: readonly LevelSummary[]): Refusals => {
  const paces = levels.flatMap(({ burst }) => burst.betweenRefusalsPerSecond ?? []);
  if (paces.length === 0) return 'unknown';
  return paces.every((pace) => pace >= LET_HAVE * allowedPerSecond) ? 'free' : 'counted';
};

/**
 * The lowest level that was refused too much, where pressing harder gets less than half as much done as a lower level that does not live on
 * a full bucket: refused calls use the limit up there. `undefined` where they do not, as far as the levels show, unless that is known from
 * elsewhere, together with Little's ceiling of the limit.
 */
export const collapseOf = (
  levels: readonly LevelSummary[],
  bounds: Bounds,
  countedCeiling: number | undefined,
): number | undefined => {
  const refused = refusedOf(levels, bounds).filter(
    ({ load, counts }) => load === 'closed' && counts.rateLimited > 0,
  );
  const lowest = Math.min(...refused.map(({ level }) => level));
  const lasting = levels
    .filter(({ level, load }) => load === 'closed' && level < lowest)
    .map((level) => pointOf(level, bounds))
    .filter(({ isBurst, extraAttempts }) => !isBurst && extraAttempts <= bounds.maxRetryOverhead);
  const best = Math.max(0, ...lasting.map(({ perSecond }) => perSecond));
  if (countedCeiling !== undefined) return Math.min(lowest, countedCeiling);
  return refused.some((level) => throughputOf(level) < STARVED * best) ? lowest : undefined;
};
