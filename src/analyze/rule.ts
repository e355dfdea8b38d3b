import { concaveThrough } from '../stats/concave.ts';
import type { Criteria } from './criteria.ts';
import type { Point } from './level-point.ts';

/** What a level breaks, in the order in which it would matter to a user. */
export type Breach = 'nothing-succeeded' | 'failures' | 'retries' | 'burst' | 'edge' | 'latency';

/** A ratio such as 550 / 500 − 1 may come out a bit above the 10 % that it is. */
const exceeds = (value: number, limit: number): boolean => value > limit + 1e-9;

/** The bounds on a point's tails: the SLO's, or a multiple of the least loaded level's p95. */
export const tailBounds = (unloaded: Point, { slo, maxLatencyFactor }: Criteria): readonly number[] =>
  slo.length > 0
    ? slo.map(({ below }) => below)
    : unloaded.tails.map((tail) => (tail === null ? Number.POSITIVE_INFINITY : tail * maxLatencyFactor));

/** The worst of a point's tails as a share of its bound: above 1 it is late. 0 where nothing is known of them. */
export const latenessOf = ({ tails }: Point, unloaded: Point, criteria: Criteria): number => {
  const bounds = tailBounds(unloaded, criteria);
  return Math.max(0, ...tails.map((tail, i) => (tail ?? 0) / (bounds[i] ?? Number.POSITIVE_INFINITY)));
};

/** What a point breaks first; `undefined` if it is admissible. */
export const breachOf = (point: Point, unloaded: Point, criteria: Criteria): Breach | undefined => {
  if (!(point.perSecond > 0)) return 'nothing-succeeded';
  if (exceeds(point.failures, criteria.maxFailures)) return 'failures';
  const { maxRetryOverhead } = criteria;
  if (exceeds(point.extraAttempts, maxRetryOverhead) || exceeds(point.retryOverhead, maxRetryOverhead))
    return 'retries';
  if (point.isBurst) return 'burst';
  if (point.isOnEdge) return 'edge';
  return latenessOf(point, unloaded, criteria) > 1 ? 'latency' : undefined;
};

/**
 * The answer over points in ascending order of level: the smallest whose goodput, by the curve through all, is within the tolerance of the best
 * admissible one, as far as that one's lead is more than chance; `undefined` if none is admissible.
 */
export const pick = (ascending: readonly Point[], criteria: Criteria): Point | undefined => {
  const unloaded = ascending.find(({ tails }) => tails.every((tail) => tail !== null)) ?? ascending[0];
  if (!unloaded) return undefined;
  const candidates = ascending.filter((point) => !breachOf(point, unloaded, criteria));
  const { values, best } = concaveThrough(
    candidates.map(({ level: at, perSecond: value, error }) => ({ at, value, error })),
  );
  return candidates.find((_, i) => (values[i] ?? 0) >= (1 - criteria.tolerance) * best);
};
