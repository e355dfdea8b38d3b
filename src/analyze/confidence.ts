import { normal, type Rng } from '../core/rng.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { Z } from '../stats/interval.ts';
import type { Bounds, Criteria } from './criteria.ts';
import { blocksOf, type Point, pointOf } from './level-point.ts';
import { type Noise, type NoiseSource, noiseOf, standardError } from './noise.ts';
import { pick } from './rule.ts';

/** Which levels the answer could have been, had chance fallen otherwise. */
export interface SpotInterval {
  /** Least and greatest of `levels`. */
  readonly low: number;
  readonly high: number;
  /** What the set was made for; its own share is at least that. */
  readonly confidence: number;
  /** The smallest set of tested levels with that share of the redraws, and the answer itself. Ascending. */
  readonly levels: readonly number[];
  /** Share of the redraws that pick the answer itself. */
  readonly share: number;
  readonly redraws: number;
  readonly noise: {
    readonly source: NoiseSource;
    /** Relative standard error of a level's throughput, of a repeated one where some are; the largest where levels differ. */
    readonly relative: number;
    readonly blocks: number;
  };
}

const SET_CONFIDENCE = 0.9;
const REDRAWS = 400;

/** 429s come in groups: one request that is refused is refused again, and so are its neighbours. */
const REFUSALS_TOGETHER = 4;

/** A level's point with the standard errors of what the rule looks at. */
interface Uncertain {
  readonly point: Point;
  /** Of the logarithm of the goodput. */
  readonly perSecond: number;
  readonly extraAttempts: number;
  readonly retryOverhead: number;
  readonly failures: number;
  /** Of the logarithms of the tails. */
  readonly tails: readonly number[];
}

/** A median of normal values is that much less certain than their mean. */
const MEDIAN_PENALTY = Math.sqrt(Math.PI / 2);

/** Standard error of the logarithm of a percentile, from its order statistics; from the spread where there are too few. */
const tailErrors = (level: LevelSummary, criteria: Criteria): readonly number[] => {
  const bounded =
    criteria.slo.length === 0 ? [{ metric: 'serviceTime', percentile: 'p95' } as const] : criteria.slo;
  return bounded.map(({ metric, percentile }) => {
    const found = level.metrics[metric];
    if (!found) return 0;
    const interval = found[`${percentile}Interval`];
    if (interval && interval.low > 0) return Math.log(interval.high / interval.low) / 2 / Z;
    // Of the 95th percentile of a normal sample: 2.1 standard deviations ÷ √n.
    return (2.1 * found.stdev) / found.mean / Math.sqrt(found.count);
  });
};

const uncertain = (level: LevelSummary, criteria: Bounds, noise: Noise): Uncertain => {
  const point = pointOf(level, criteria);
  const blocks = blocksOf(level);
  const judged = level.steady?.requests ?? level.settled?.requests ?? level.counts.ok;
  const spread = (values: readonly number[]) => MEDIAN_PENALTY * standardError(values);
  const p95s = blocks.flatMap(({ p95 }) => (p95 ? [Math.log(p95)] : []));
  const extra = Math.max(0, point.extraAttempts);
  const ofCounts = Math.sqrt((REFUSALS_TOGETHER * extra * (1 + extra)) / Math.max(1, judged));
  const isRepeated = blocks.length > 1 && noise.source === 'blocks';
  return {
    point,
    perSecond: noise.of(level),
    extraAttempts: isRepeated
      ? spread(blocks.map(({ attemptsPerSuccess }) => attemptsPerSuccess ?? 1))
      : ofCounts,
    retryOverhead: isRepeated
      ? spread(blocks.map(({ retryOverhead }) => retryOverhead ?? 0))
      : extra > 0
        ? (ofCounts / extra) * point.retryOverhead
        : 0,
    failures: Math.sqrt((point.failures * (1 - point.failures)) / Math.max(1, level.counts.requests)),
    tails:
      isRepeated && criteria.slo.length === 0 && p95s.length === blocks.length
        ? [spread(p95s)]
        : tailErrors(level, criteria),
  };
};

/** Chance's own scale where a variance was estimated: √(ν ÷ χ²), the same for all levels of a redraw. */
const scaleOf = (rng: Rng, degreesOfFreedom: number | undefined): number => {
  if (degreesOfFreedom === undefined) return 1;
  let chiSquared = 0;
  for (let i = 0; i < degreesOfFreedom; i++) chiSquared += normal(rng) ** 2;
  return Math.sqrt(degreesOfFreedom / Math.max(chiSquared, 1e-9));
};

const redraw = ({ point, ...errors }: Uncertain, scale: number, rng: Rng): Point => ({
  level: point.level,
  isBurst: point.isBurst,
  isOnEdge: point.isOnEdge,
  perSecond: point.perSecond * Math.exp(errors.perSecond * scale * normal(rng)),
  error: point.error,
  failures: Math.max(0, point.failures + errors.failures * normal(rng)),
  extraAttempts: Math.max(0, point.extraAttempts + errors.extraAttempts * normal(rng)),
  retryOverhead: Math.max(0, point.retryOverhead + errors.retryOverhead * normal(rng)),
  tails: point.tails.map((tail, i) => {
    const error = (errors.tails[i] ?? 0) * normal(rng);
    return tail === null ? null : tail * Math.exp(error);
  }),
});

/**
 * Applies the rule again to 400 redraws of every figure that it looks at: throughput from the residuals of the repeats (or
 * from the cycles of a single run), retries, failures and tails from their own errors. Pure; `rng` is the chance.
 */
export const spotInterval = (
  levels: readonly LevelSummary[],
  criteria: Bounds,
  rng: Rng,
): SpotInterval | null => {
  const ascending = levels.toSorted((a, b) => a.level - b.level);
  const noise = noiseOf(ascending);
  const all = ascending.map((level) => uncertain(level, criteria, noise));
  const answer = pick(
    all.map(({ point }) => point),
    criteria,
  );
  if (!answer) return null;
  const votes = new Map<number, number>();
  for (let i = 0; i < REDRAWS; i++) {
    const own = rng.fork(i);
    const scale = scaleOf(own, noise.degreesOfFreedom);
    const found = pick(
      all.map((each) => redraw(each, scale, own)),
      criteria,
    );
    if (found) votes.set(found.level, (votes.get(found.level) ?? 0) + 1);
  }
  const set = new Set([answer.level]);
  let share = votes.get(answer.level) ?? 0;
  for (const [level, count] of [...votes].toSorted(([, a], [, b]) => b - a)) {
    if (share >= SET_CONFIDENCE * REDRAWS) break;
    if (set.has(level)) continue;
    set.add(level);
    share += count;
  }
  const found = [...set].toSorted((a, b) => a - b);
  const repeated = noise.source === 'blocks' ? ascending.filter((level) => blocksOf(level).length > 0) : [];
  return {
    low: found[0] ?? answer.level,
    high: found.at(-1) ?? answer.level,
    confidence: SET_CONFIDENCE,
    levels: found,
    share: (votes.get(answer.level) ?? 0) / REDRAWS,
    redraws: REDRAWS,
    noise: {
      source: noise.source,
      relative: Math.max(...(repeated.length > 0 ? repeated : ascending).map(noise.of)),
      blocks: noise.blocks,
    },
  };
};
