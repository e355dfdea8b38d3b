import { createRng } from '../core/rng.ts';
import { formatPercent } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { type Ceiling, type CurveFits, ceilingOf, describeCurve } from './ceiling.ts';
import { type SpotInterval, spotInterval } from './confidence.ts';
import type { Criteria } from './criteria.ts';
import { isPaced, pacedShare } from './level-point.ts';
import { boundsOf, findLimits, type LimitFinding, limitWords } from './limits.ts';
import { type Goodput, goodputOf } from './noise.ts';
import { pointText } from './point.ts';
import { type Spot, sweetSpot } from './sweet-spot.ts';

/** The level to use, why, how sure that is, and what else is known about where it ends. */
export interface SweetSpot extends Spot {
  readonly goodput: Goodput;
  /** `null` where better levels may lie beyond what this machine could measure: no redraw knows those. */
  readonly interval: SpotInterval | null;
  readonly ceiling: Ceiling | null;
  /** The endpoint's rate limits as far as they are known, the binding one first. */
  readonly limits: readonly LimitFinding[];
  readonly fits: CurveFits;
}

/** Latency that has risen by more than this with the load is no longer that of an idle server. */
const SLOWED_DOWN = 1.2;

const isSlowedDown = (levels: readonly LevelSummary[]): boolean => {
  const typical = (level: LevelSummary | undefined) => level?.metrics.attemptTime?.mean ?? 0;
  const ascending = levels.toSorted((a, b) => a.level - b.level);
  return typical(ascending.at(-1)) > SLOWED_DOWN * typical(ascending[0]);
};

/** Where so much of a limit is used, little can lie above but refusals. */
const NEAR_LIMIT = 0.8;

/** Where nothing gave way but the endpoint said what its limit is, and the answer is near it already, higher levels lead nowhere. */
const atTheLimit = (
  spot: Spot,
  limit: LimitFinding | undefined,
  load: LevelSummary['load'],
): Spot | undefined => {
  if (spot.reason !== 'not-reached' || limit?.used == null || limit.used < NEAR_LIMIT) return undefined;
  const most = Math.max(spot.level, Math.floor(spot.level / limit.used));
  // More than all of a limit is an error of measurement, or what was left of a full bucket.
  const used = limit.used > 1 ? 'all' : formatPercent(limit.used);
  return {
    ...spot,
    reason: 'rate-limit',
    because: `${spot.level}: it uses ${used} of the limit of ${limitWords(limit)}, which refuses what is beyond ${pointText({ level: most, load })}`,
  };
};

/** Where nothing gave way but the client's own pacer held calls back, higher levels only wait longer. */
const atThePacer = (spot: Spot, level: LevelSummary): Spot | undefined => {
  if (spot.reason !== 'not-reached' || !isPaced(level)) return undefined;
  return {
    ...spot,
    reason: 'pacer',
    because: `${spot.level}: the client's own pacer holds calls back there (${formatPercent(pacedShare(level))} of the slots' time), so more at once would only wait longer`,
  };
};

/** The verdict in full; `null` if no level can be recommended. The same levels give the same verdict, its chance is seeded. */
export const verdictOf = (
  levels: readonly LevelSummary[],
  criteria: Criteria,
  invalid: readonly number[] = [],
): SweetSpot | null => {
  const valid = levels.filter(({ level }) => !invalid.includes(level));
  const bounds = boundsOf(valid, criteria);
  const spot = sweetSpot(levels, bounds, invalid);
  const recommended = valid.find(({ level }) => level === spot?.level);
  if (!spot || !recommended) return null;
  const limits = findLimits(valid, criteria, recommended);
  const binding = limits.find((limit) => limit.binding);
  const answer = atThePacer(spot, recommended) ?? atTheLimit(spot, binding, recommended.load) ?? spot;
  const isLimited = answer.reason === 'rate-limit';
  return {
    ...answer,
    goodput: goodputOf(recommended),
    interval:
      answer.reason === 'client-bound' ? null : spotInterval(valid, bounds, createRng(0).fork('verdict')),
    ceiling: ceilingOf(valid, binding),
    limits,
    fits: describeCurve(valid, { isLimited, isSlowedDown: isSlowedDown(valid) }),
  };
};
