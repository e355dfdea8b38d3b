import type { Millis } from '../core/clock.ts';
import { lastingUnder, type Refusals } from '../core/rate-limit.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { fitHinge, fitUsl, type HingeFit, type UslFit } from '../stats/scaling-curves.ts';
import { callCvOf, throughputOf } from './level-point.ts';
import type { LimitFinding } from './limits.ts';
import { refusalsOf } from './refusals.ts';

/** Little's law: how many calls a throughput keeps busy. Exact for servers with a rate limit, a description of others. */
export interface Ceiling {
  /** `perSecond` × `cycleMs`. */
  readonly level: number;
  /** The throughput that cannot be exceeded: the binding limit's, or the highest that was seen. */
  readonly perSecond: number;
  readonly from: 'limit' | 'throughput';
  /** Mean time that a request holds its slot at the least loaded level. */
  readonly cycleMs: Millis;
  /** What refused calls do to the limit, as far as the levels show; of a limit of requests. */
  readonly refusals?: Refusals;
  /** Calls at once that last under it, whatever refused calls do to the limit as far as the levels show; of a limit of requests. */
  readonly lasting?: number;
}

/** Curves through the levels' throughputs: descriptions, never the answer. */
export interface CurveFits {
  readonly usl: (UslFit & { readonly misspecified: string | null }) | null;
  readonly hinge: (HingeFit & { readonly misspecified: string | null }) | null;
}

/** A curve that misses the points by more than this is not their curve. */
const POOR_FIT = 0.05;

/** How near its ceiling a limit of requests bears calls. */
const edgeOf = (
  { requestsPerSecond, bucketRequests }: LimitFinding,
  levels: readonly LevelSummary[],
  ceiling: number,
  cv: number,
): Pick<Ceiling, 'refusals' | 'lasting'> => {
  const refusals = refusalsOf(requestsPerSecond, levels);
  const lasting = lastingUnder({ ceiling, refusals, bucket: bucketRequests ?? undefined, cv });
  return { refusals, lasting: Math.max(1, lasting) };
};

/** The ceiling that the levels' least loaded cycle and highest throughput imply; `null` without a success. */
export const ceilingOf = (
  levels: readonly LevelSummary[],
  binding: LimitFinding | undefined,
): Ceiling | null => {
  const unloaded = levels.toSorted((a, b) => a.level - b.level)[0];
  if (!unloaded || unloaded.load === 'open') return null;
  const slowest = throughputOf(unloaded);
  if (!(slowest > 0)) return null;
  const cycleMs = (unloaded.level / slowest) * 1000;
  const highest = Math.max(...levels.map(throughputOf));
  const perSecond = binding?.requestsPerSecond ?? highest;
  const ceiling = (perSecond * cycleMs) / 1000;
  return {
    level: ceiling,
    perSecond,
    from: binding ? 'limit' : 'throughput',
    cycleMs,
    ...(binding?.dimension === 'requests' && edgeOf(binding, levels, ceiling, callCvOf(unloaded))),
  };
};

/** Fits both curves, each with what speaks against it. */
export const describeCurve = (
  levels: readonly LevelSummary[],
  { isLimited, isSlowedDown }: { readonly isLimited: boolean; readonly isSlowedDown: boolean },
): CurveFits => {
  const points = levels
    .filter(({ load }) => load === 'closed')
    .map((level) => ({ level: level.level, perSecond: throughputOf(level) }));
  const usl = fitUsl(points);
  const hinge = fitHinge(points);
  const poor = (error: number) => (error > POOR_FIT ? 'it misses the measured throughputs' : null);
  return {
    usl: usl
      ? {
          ...usl,
          misspecified: isLimited
            ? 'a rate limit is a sharp bend, which this family of curves does not have'
            : poor(usl.error),
        }
      : null,
    hinge: hinge
      ? {
          ...hinge,
          misspecified: isSlowedDown
            ? 'answers take longer the more are in flight, so throughput has no sharp bend'
            : poor(hinge.error),
        }
      : null,
  };
};
