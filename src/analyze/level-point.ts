import type { Millis } from '../core/clock.ts';
import { CALLS_TO_SPARE } from '../core/rate-limit.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { perSecondOfSlots } from '../measure/slot-time.ts';
import { Z } from '../stats/interval.ts';
import { standardErrorOfMean } from '../stats/moments.ts';
import { median } from '../stats/quantile.ts';
import type { Bounds, Criteria } from './criteria.ts';

/** A level as the rule sees it. */
export interface Point {
  readonly level: number;
  /** Successes per second that keep the SLO, free of drain and start. */
  readonly perSecond: number;
  /** Standard error of it. */
  readonly error: number;
  /** Share of the requests that ended one way or the other which failed. */
  readonly failures: number;
  /** Attempts per success − 1, once the start is over; at least what they come to when a known limit's bucket is empty. */
  readonly extraAttempts: number;
  /** Share of slot time lost to retries, once the start is over. */
  readonly retryOverhead: number;
  /** Its pace is above what the endpoint's limit lets last, and was paid from a bucket that was still full. */
  readonly isBurst: boolean;
  /** It is refused already and next to a level that collapses by being refused, and so may do so later. */
  readonly isOnEdge: boolean;
  /** The bounded percentiles, in the order of the bounds; `null` where the sample is too small. */
  readonly tails: readonly (number | null)[];
}

/** Share of the requests that were due and not stopped by us which failed, or were dropped by an open loop. */
export const failureShare = ({ counts: { ok, failed, dropped } }: LevelSummary): number => {
  const lost = failed + dropped;
  return lost === 0 ? 0 : lost / (ok + lost);
};

/** Successes per second, free of drain and start where enough was measured. */
export const throughputOf = ({ level, steady, counts, slotTime, rates }: LevelSummary): number =>
  steady?.perSecond ?? (perSecondOfSlots(level, counts.ok, slotTime) || rates.achievedPerSecond);

/** Of the throughput, the share that keeps the SLO. */
export const goodShare = ({ rates }: LevelSummary): number =>
  rates.achievedPerSecond > 0 ? rates.goodputPerSecond / rates.achievedPerSecond : 1;

/** Repeats that can be compared with each other: two or more, each with a throughput. */
export const blocksOf = ({ blocks }: LevelSummary): LevelSummary['blocks'] =>
  blocks.length > 1 && blocks.every(({ perSecond }) => perSecond > 0) ? blocks : [];

/** What retries cost once the start is over: of the steady part, else of all but each slot's first request, else of all. */
const retryCost = (level: LevelSummary) => {
  const { steady, settled } = level;
  if (steady && steady.attemptsPerSuccess !== null)
    return { attemptsPerSuccess: steady.attemptsPerSuccess, retryOverhead: steady.retryOverhead ?? 0 };
  return (
    settled ?? {
      attemptsPerSuccess: level.attemptsPerSuccess ?? 1,
      retryOverhead: level.retryOverhead ?? 0,
    }
  );
};

/**
 * The percentiles that are bounded, by criterion: the SLO's, or p95 of the request latency. Where a sample is too small for one
 * of the SLO's, what it is at least: enough to break a bound, though not to keep it.
 */
const tailsOf = ({ metrics }: LevelSummary, { slo }: Criteria): readonly (number | null)[] =>
  slo.length === 0
    ? [metrics.serviceTime?.p95 ?? null]
    : slo.map(({ metric, percentile }) => {
        const found = metrics[metric];
        return found?.[percentile] ?? found?.[`${percentile}AtLeast`] ?? null;
      });

/** A pace is above a limit only if it is so by more than its own error, and by more than limits are known to; less where headers tell how many requests. */
const ABOVE_LIMIT = { known: 1.05, exact: 1.02 } as const;

/**
 * Share of a throughput by which chance may have raised it: half of its 95 % interval. Calls that wait in line for the same slots all take about as
 * long, but how long hangs on what those before them took: known no better than by as many calls of an idle endpoint.
 */
const errorOf = ({ steady, metrics: { serviceTime } }: LevelSummary, callCv = 0): number => {
  if (steady) {
    const byCalls = (Z * callCv) / Math.sqrt(steady.requests);
    return Math.max(byCalls, (steady.interval.high - steady.interval.low) / 2 / steady.perSecond);
  }
  return serviceTime ? (2 * serviceTime.stdev) / serviceTime.mean / Math.sqrt(serviceTime.count) : 0;
};

/** Where what a retry costs is known, it is known as well what a pace above the limit comes to, and that is judged instead. */
const isBurst = (
  level: LevelSummary,
  { allowedPerSecond, isAllowedExactly = false, perRetryMs, countsByWindows = false }: Bounds,
): boolean =>
  (!level.sustained || (countsByWindows && !level.burst.countsByWindows)) &&
  (perRetryMs === undefined || level.load === 'open') &&
  allowedPerSecond !== undefined &&
  throughputOf(level) >
    allowedPerSecond * Math.max(isAllowedExactly ? ABOVE_LIMIT.exact : ABOVE_LIMIT.known, 1 + errorOf(level));

/** So long a level has to be held to show that it lasts where refused calls use the limit up. */
export const HELD: Millis = 5 * 60_000;

/** Share of extra attempts from which refusals are more than an accident; the start aside. */
const NOTICEABLE = 0.01;

/** A ceiling that was seen and not told is known to 2 % or so. */
const KNOWN_TO = 1.02;

/** Each call that is refused takes room from others; the more of them, the nearer is the time when all are. */
const isOnEdge = (summary: LevelSummary, { collapsesAt }: Bounds): boolean => {
  const { load, level, blocks, wallClockMs } = summary;
  if (load !== 'closed' || collapsesAt === undefined || wallClockMs * blocks.length >= HELD) return false;
  const isRefused = retryCost(summary).attemptsPerSuccess - 1 >= NOTICEABLE;
  return level > (isRefused ? Math.ceil(collapsesAt) - CALLS_TO_SPARE : KNOWN_TO * collapsesAt);
};

/** Slot time of a call without its retries. */
export const perCallOf = ({ slotTime: { serviceMs, limiterMs }, counts }: LevelSummary): Millis =>
  (serviceMs + limiterMs) / counts.ok;

/** Coefficient of variation of the attempts that succeeded; 0 without one. */
export const callCvOf = ({ metrics: { attemptTime } }: LevelSummary): number =>
  attemptTime && attemptTime.mean > 0 ? attemptTime.stdev / attemptTime.mean : 0;

/** Standard errors that a level's mean may lie from the mean of all before the load is taken to change it. */
const BY_CHANCE = 3;

/**
 * Slot time of a call without its retries over all levels, which is better known than that of one; `undefined` where levels
 * differ by more than chance, since then the load changes it.
 */
export const commonPerCall = (levels: readonly LevelSummary[]): Millis | undefined => {
  const answered = levels.filter(({ counts }) => counts.ok > 0);
  const total = answered.reduce((sum, { counts }) => sum + counts.ok, 0);
  const mean = answered.reduce((sum, level) => sum + perCallOf(level) * (level.counts.ok / total), 0);
  const agree = answered.every((level) => {
    const { stdev = 0, count = 1 } = level.metrics.attemptTime ?? {};
    return Math.abs(perCallOf(level) - mean) <= BY_CHANCE * stdev * Math.sqrt(1 / count - 1 / total);
  });
  return total > 0 && agree ? mean : undefined;
};

/** Share of the slots' time at a pacer from which it, and not the number of slots, bounds the load. */
const HELD_BACK = 0.05;

/** Share of the slots' time for which the client's own pacer held calls of the level back. */
export const pacedShare = ({ slotTime: { limiterMs, totalMs, idleMs } }: LevelSummary): number =>
  limiterMs > 0 ? limiterMs / (totalMs - idleMs) : 0;

/** Whether the client's own pacer bounds the load; one that held back little more than the start does not. */
export const isPaced = (level: LevelSummary): boolean => pacedShare(level) >= HELD_BACK;

/** What retries cost: attempts beyond one per success, and the share of slot time that they take. */
type RetryCost = Pick<Point, 'extraAttempts' | 'retryOverhead'>;

const NO_COST: RetryCost = { extraAttempts: 0, retryOverhead: 0 };

/**
 * What retries of a level come to once a limit's bucket is empty, whether or not the run got that far. Its slots then turn over at the
 * limit's pace; what each is held longer than its call takes goes into retries: (in flight ÷ limit − time per call) ÷ time per retry attempts more,
 * and 1 − time per call × limit ÷ in flight of the slots' time. Nothing below the limit, where limit or retries are not known, and where a pacer
 * takes up what the slots would ask for beyond the limit.
 */
export const lastingRetryCost = (
  summary: LevelSummary,
  { allowedPerSecond, perRetryMs, perCallMs = perCallOf(summary) }: Bounds,
): RetryCost => {
  const { load, level, steady, counts } = summary;
  if (load === 'open' || allowedPerSecond === undefined || perRetryMs === undefined || counts.ok === 0)
    return NO_COST;
  const heldMs = (Math.min(level, steady?.inFlight ?? level) / allowedPerSecond) * 1000;
  if (isPaced(summary) || heldMs <= perCallMs) return NO_COST;
  return {
    extraAttempts: (heldMs - perCallMs) / perRetryMs,
    retryOverhead: 1 - perCallMs / heldMs,
  };
};

/** A failure that a server within the bound has at least this often is no sign of more. */
const LIKELY = 0.1;

/**
 * The share of failures as the rule sees it. In a sample too small to hold the bound, a single failure is more than it allows
 * though a server that keeps it shows one in every tenth such sample at least: it is taken for as many as are allowed.
 */
const failuresOf = (level: LevelSummary, { maxFailures }: Criteria): number => {
  const { ok, failed, dropped } = level.counts;
  const share = failureShare(level);
  const isByChance = failed + dropped === 1 && 1 - (1 - maxFailures) ** (ok + 1) >= LIKELY;
  return isByChance ? Math.min(share, maxFailures) : share;
};

/** Repeats of which one that went wrong can be told from the others; of two, both count for what they are worth. */
const MAJORITY = 3;

/** The level as the rule sees it: means over repeats for the throughput, medians for what one bad repeat would pull. */
export const pointOf = (level: LevelSummary, criteria: Bounds): Point => {
  const repeats = blocksOf(level);
  const blocks = repeats.length >= MAJORITY ? repeats : [];
  const cost = retryCost(level);
  const lasting = lastingRetryCost(level, criteria);
  const tails = tailsOf(level, criteria);
  const p95s = blocks.flatMap(({ p95 }) => p95 ?? []);
  const logMean = blocks.reduce((sum, { perSecond }) => sum + Math.log(perSecond), 0) / blocks.length;
  const perSecond = (blocks.length > 0 ? Math.exp(logMean) : throughputOf(level)) * goodShare(level);
  const extraAttempts =
    blocks.length > 0
      ? median(blocks.map(({ attemptsPerSuccess }) => (attemptsPerSuccess ?? 1) - 1))
      : cost.attemptsPerSuccess - 1;
  return {
    level: level.level,
    perSecond,
    error:
      perSecond *
      (blocks.length > 0
        ? standardErrorOfMean(blocks.map((each) => Math.log(each.perSecond)))
        : errorOf(level, criteria.callCv) / Z),
    failures: failuresOf(level, criteria),
    isBurst: isBurst(level, criteria),
    isOnEdge: isOnEdge(level, criteria),
    extraAttempts: Math.max(extraAttempts, lasting.extraAttempts),
    retryOverhead: Math.max(
      blocks.length > 0 ? median(blocks.map(({ retryOverhead }) => retryOverhead ?? 0)) : cost.retryOverhead,
      lasting.retryOverhead,
    ),
    tails:
      criteria.slo.length === 0 && blocks.length > 0 && p95s.length === blocks.length
        ? [median(p95s)]
        : tails,
  };
};

/**
 * The level whose latency counts as that of an idle endpoint: the lowest one with enough requests for its p95, else the lowest.
 * `undefined` of none.
 */
export const unloadedOf = (levels: readonly LevelSummary[], criteria: Criteria): LevelSummary | undefined => {
  const ascending = levels.toSorted((a, b) => a.level - b.level);
  return ascending.find((level) => tailsOf(level, criteria).every((tail) => tail !== null)) ?? ascending[0];
};
