import { formatNumber } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import type { SweetSpot } from './verdict.ts';

/** What a limiter that learns while it runs settled at: an opinion beside the verdict, which is by the rule. */
export interface OnlineOpinion {
  /** Its name on the command line. */
  readonly limiter: string;
  /** The level it ran at, which is the most it may use. */
  readonly cap: number;
  /** Calls in flight on average after the warm-up. */
  readonly settled: number;
  readonly perSecond: number;
  readonly attemptsPerSuccess: number | null;
  /** Refusals that it learnt from; without any, a limiter that follows refusals knows nothing. */
  readonly refusals: number;
}

/** The opinion of the run with the highest cap; `undefined` where none was long enough to settle. */
export const onlineOpinion = (
  limiter: string,
  levels: readonly LevelSummary[],
): OnlineOpinion | undefined => {
  const freest = levels
    .filter(({ steady, load }) => steady && load === 'closed')
    .toSorted((a, b) => b.level - a.level)[0];
  if (!freest?.steady) return undefined;
  const { inFlight, perSecond, attemptsPerSuccess } = freest.steady;
  return {
    limiter,
    cap: freest.level,
    settled: inFlight,
    perSecond,
    attemptsPerSuccess,
    refusals: freest.counts.rateLimited,
  };
};

/** A mean below this share of the level shows that the limiter kept the load down, not the number of slots. */
const HELD_DOWN = 0.9;

/**
 * The verdict on levels that a limiter may use up or not: where it kept fewer calls in flight, the level is only its cap, and
 * nobody should send that many without it.
 */
export const asCap = (
  spot: SweetSpot | null,
  limiter: string,
  levels: readonly LevelSummary[],
): SweetSpot | null => {
  const chosen = levels.find(({ level }) => level === spot?.level);
  const inFlight = chosen?.steady?.inFlight ?? chosen?.inFlight.mean;
  if (!spot || !chosen || inFlight === undefined || inFlight >= HELD_DOWN * chosen.level) return spot;
  return {
    ...spot,
    because: `${spot.level}: only as the cap of ${limiter}, which kept ${formatNumber(inFlight)} calls in flight under it; without a limiter use about ${Math.floor(inFlight)}`,
  };
};
