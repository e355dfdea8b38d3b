import type { Millis } from '../core/clock.ts';
import { CONTRADICTION } from '../core/rate-limit.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import type { Criteria } from './criteria.ts';
import { perCallOf, pointOf, throughputOf } from './level-point.ts';
import { refusedOf, STARVED } from './refusals.ts';
import { isSilenceDisproved, isSilent, silentOf } from './silent.ts';

/** A run may begin at the end of one window and go on in the next. */
const WINDOWS_AT_ONCE = 2;

/** What the bucket held at most: in one of the blocks others may have used part of it before. */
const mostHeld = ({ limitedPerSecond, bucketAttempts, onsets = [] }: LevelSummary['burst']): number =>
  Math.max(
    bucketAttempts ?? 0,
    ...onsets.map(({ attempts, afterMs }) => attempts - ((limitedPerSecond ?? 0) * afterMs) / 1000),
  );

/** Whether some level that was hardly refused kept up a pace that such a limit could not have let last, whatever its bucket held. */
const isContradicted = (
  burst: LevelSummary['burst'],
  levels: readonly LevelSummary[],
  criteria: Criteria,
): boolean => {
  const { limitedPerSecond, countsByWindows, sawOneSilence } = burst;
  const held = mostHeld(burst) * (countsByWindows || sawOneSilence ? WINDOWS_AT_ONCE : 1);
  return levels
    .filter((level) => pointOf(level, criteria).extraAttempts <= criteria.maxRetryOverhead)
    .some(({ blocks, drainMs }) =>
      blocks.some(
        ({ ok, wallClockMs }) =>
          (1000 * (ok - held)) / (wallClockMs - drainMs) > CONTRADICTION * (limitedPerSecond ?? 0),
      ),
    );
};

/** Of the highest: levels that are pressed harder and are let have less than this use the limit up by being refused. */
const AGREEMENT = 0.8;

/** Requests that other levels sent within some time before a level. */
const sentBefore = (
  { level, window: { fromMs } }: LevelSummary,
  levels: readonly LevelSummary[],
  within: Millis,
): number =>
  levels
    .filter((other) => other.level !== level)
    .flatMap(({ blocks, window }) =>
      blocks.map(({ ok, wallClockMs, fromMs: from = window.fromMs }) => {
        const overlap = Math.min(from + wallClockMs, fromMs) - Math.max(from, fromMs - within);
        return overlap > 0 && from < fromMs ? (ok * overlap) / wallClockMs : 0;
      }),
    )
    .reduce((sum, sent) => sum + sent, 0);

/**
 * What a level that was refused shows of the limit: a window holds what earlier levels sent in it as well.
 */
const shownOf = (level: LevelSummary, levels: readonly LevelSummary[]): LevelSummary['burst'] => {
  const { burst } = level;
  if (!burst.onlyWindow) return burst;
  const { ms, attempts, endsAfterMs } = burst.onlyWindow;
  // Before a later block there was a cool-down of a minute.
  const before = level.blocks.length > 1 ? 0 : ms - endsAfterMs;
  const perWindow = attempts + sentBefore(level, levels, before);
  return { ...burst, limitedPerSecond: (1000 * perWindow) / ms, bucketAttempts: perWindow };
};

/** Where slots ask for hardly more than this of what they are let have, that is what they ask for, and the limit may lie above it. */
const ASKS_MORE = 1.1;

const asksMore = (summary: LevelSummary): boolean =>
  summary.load === 'open' ||
  summary.counts.ok === 0 ||
  (1000 * summary.level) / perCallOf(summary) > ASKS_MORE * (summary.burst.limitedPerSecond ?? 0);

/**
 * Levels but those that ask for hardly more than they are let have while a higher one is let have more: calls of unequal weight are
 * refused now and then below the limit already.
 */
const exhausting = (refused: readonly LevelSummary[]): readonly LevelSummary[] =>
  refused.filter(
    (one) =>
      asksMore(one) ||
      !refused.some(
        ({ level, burst }) =>
          level > one.level && (burst.limitedPerSecond ?? 0) > (one.burst.limitedPerSecond ?? 0),
      ),
  );

/**
 * What levels saw after their bucket was empty that were refused more than the criteria allow; the one let have most first. Where some fell silent, the limit counts
 * by windows, and those alone that saw it most often: what the others were let have depends on where in a window they began.
 */
export const saturatedOf = (
  levels: readonly LevelSummary[],
  criteria: Criteria,
): readonly LevelSummary['burst'][] => {
  const silent = silentOf(levels);
  const shown = (silent.length > 0 ? silent : exhausting(refusedOf(levels, criteria)))
    .filter((level) => level.burst.limitedPerSecond !== null && !isSilenceDisproved(level, levels))
    .map((level) => shownOf(level, levels));
  const windowed = shown.filter(({ countsByWindows }) => countsByWindows);
  const whole = windowed.filter(({ onlyWindow }) => !onlyWindow);
  const best = [whole, windowed].find((each) => each.length > 0) ?? shown;
  const sorted = best.toSorted((a, b) => (b.limitedPerSecond ?? 0) - (a.limitedPerSecond ?? 0));
  // Of single silences each shows a window's worth, or less if the level began late in one.
  return sorted[0]?.sawOneSilence ? sorted.slice(0, 1) : sorted;
};

/** A limit as levels show it that ran into it. */
export interface Slope {
  readonly limitedPerSecond: number;
  readonly bucketAttempts: number | null;
  /** How long a window lasts that holds as much, where it counts by windows of time. */
  readonly windowMs?: Millis;
}

const windowOf = ({ limitedPerSecond, bucketAttempts }: LevelSummary['burst']): Pick<Slope, 'windowMs'> =>
  limitedPerSecond && bucketAttempts ? { windowMs: (1000 * bucketAttempts) / limitedPerSecond } : {};

/**
 * The pace at which levels that were refused more than the criteria allow were let in: the limit itself. Where refused requests
 * use the limit up too, a level that is pressed hard is let have far less than others, and it tells nothing.
 */
export const paceOfSaturated = (levels: readonly LevelSummary[], criteria: Criteria): Slope | undefined => {
  const saturated = saturatedOf(levels, criteria);
  const [highest, lowest] = [saturated[0], saturated.at(-1)].map((burst) => burst?.limitedPerSecond ?? 0);
  const middle = saturated[Math.floor(saturated.length / 2)];
  const agree = (lowest ?? 0) >= AGREEMENT * (highest ?? 0);
  // Of a few windows a level may get much more or much less than its share.
  const isWindowed = isSilent(levels);
  const isStarved =
    !isWindowed &&
    refusedOf(levels, criteria).some((level) => throughputOf(level) < STARVED * (highest ?? 0));
  const between = levels.flatMap(({ burst }) => burst.betweenRefusalsPerSecond ?? []);
  const isSurpassed =
    !isWindowed && between.some((pace) => AGREEMENT * pace > (middle?.limitedPerSecond ?? 0));
  if (!middle || !agree || isStarved || isSurpassed || isContradicted(middle, levels, criteria))
    return undefined;
  return {
    limitedPerSecond: middle.limitedPerSecond ?? 0,
    bucketAttempts: middle.bucketAttempts,
    ...(isWindowed ? windowOf(middle) : {}),
  };
};

/** Share of the attempts let in that their number may be off by chance, as a variance: calls weigh differently. */
const WEIGHT_VARIANCE = 0.25;
const SIGNIFICANT = 2;
/** A level that is not pressed harder than this lets its bucket overflow before the first refusal. */
const PRESSED = 1.05;

/**
 * The limit by how long buckets lasted: each starts full, as cool-downs see to, and bears B + rate × time until it first refuses, whatever
 * refused calls do later. The two blocks that are farthest apart tell the rate, and what the bucket holds.
 */
const paceOfOnsets = (levels: readonly LevelSummary[]): (Slope & { readonly error: number }) | undefined => {
  const onsets = levels
    .filter(({ load }) => load === 'closed')
    .flatMap(({ burst }) => burst.onsets ?? [])
    .toSorted((a, b) => a.afterMs - b.afterMs);
  const soonest = onsets[0];
  if (!soonest) return undefined;
  for (const latest of onsets.slice(1).toReversed()) {
    const more = latest.attempts - soonest.attempts;
    const ms = latest.afterMs - soonest.afterMs;
    const perMs = more / ms;
    if (!(latest.attempts / latest.afterMs >= PRESSED * perMs)) continue;
    const chance = Math.sqrt(WEIGHT_VARIANCE * (latest.attempts + soonest.attempts));
    if (more < SIGNIFICANT * chance) return undefined;
    return {
      limitedPerSecond: perMs * 1000,
      error: (chance / ms) * 1000,
      bucketAttempts: Math.max(0, soonest.attempts - perMs * soonest.afterMs),
    };
  }
  return undefined;
};

/** Above what levels were let have once they were refused: buckets that lasted so much longer show that refused calls use the limit up. */
const OUTLASTED = 1.15;

/** The limit by buckets that lasted longer than what levels were let have later explains, and whether that is more than chance. */
const outlasting = (levels: readonly LevelSummary[], criteria: Criteria) => {
  // How long a window lasts depends on where in it a block began.
  if (isSilent(levels)) return undefined;
  const most = saturatedOf(levels, criteria)[0]?.limitedPerSecond ?? 0;
  const onsets = paceOfOnsets(levels);
  if (!onsets || onsets.limitedPerSecond <= most) return undefined;
  const { limitedPerSecond, error } = onsets;
  return {
    ...onsets,
    isLikely: limitedPerSecond > OUTLASTED * most,
    isCertain: limitedPerSecond - SIGNIFICANT * error > OUTLASTED * most,
  };
};

/**
 * The limit that levels ran into where nobody told it: what they were let have, or, where refused calls use the limit up and that says nothing, what
 * buckets show that were not empty yet.
 */
export const slopeOf = (levels: readonly LevelSummary[], criteria: Criteria): Slope | undefined => {
  const pace = paceOfSaturated(levels, criteria);
  const onsets = outlasting(levels, criteria);
  return onsets && (!pace || onsets.isCertain) ? onsets : pace;
};

/**
 * Whether levels that ran into a limit may have been let have less than it: what they were let have did not come evenly, and no second level bears
 * it out, or buckets lasted longer.
 */
export const isPaceDoubtful = (levels: readonly LevelSummary[], criteria: Criteria): boolean => {
  const [saturated, ...others] = saturatedOf(levels, criteria);
  if (saturated === undefined || saturated.paceIsEven === true || saturated.countsByWindows) return false;
  const onsets = outlasting(levels, criteria);
  return onsets?.isLikely ? !onsets.isCertain : others.length === 0;
};

/** Whether levels that were pressed harder were let have less than a limit that is known: refused calls use it up. */
export const isUsedUpByRefusals = (
  levels: readonly LevelSummary[],
  criteria: Criteria,
  limitPerSecond: number,
): boolean =>
  saturatedOf(levels, criteria).some(
    ({ limitedPerSecond }) => (limitedPerSecond ?? 0) < AGREEMENT * limitPerSecond,
  );
