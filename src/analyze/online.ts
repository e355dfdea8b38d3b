import type { LevelSummary } from '../measure/level-summary.ts';

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
