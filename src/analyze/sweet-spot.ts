import { formatNumber, formatPercent } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { type Inadmissible, inadmissible, retryWords } from './admission.ts';
import { type Bounds, CRITERIA } from './criteria.ts';
import { failureShare, pointOf, throughputOf, unloadedOf } from './level-point.ts';
import { pointOption } from './point.ts';
import { pick } from './rule.ts';

/** What gives way above the level. */
export type SweetSpotReason =
  | 'rate-limit'
  | 'retries'
  | 'failures'
  | 'latency'
  | 'decline'
  | 'plateau'
  | 'not-reached'
  | 'client-bound'
  | 'pacer'
  | 'only-level';

/** The rule's answer: the level to use, and why. */
export interface Spot {
  readonly level: number;
  /** `within-5-percent`: the smallest admissible level whose goodput is within the tolerance (5 %) of the best admissible one. */
  readonly method: 'within-5-percent';
  readonly reason: SweetSpotReason;
  /** One sentence in plain words. */
  readonly because: string;
  /** The smallest tested level above it, if any; the truth may lie between. */
  readonly nextLevel: number | null;
}

/** Levels this far above may be told from noise; nearer ones are the same neighbourhood. */
const NEIGHBOURHOOD = 1.25;

/** A throughput that grows less than with the square root of the level has levelled off. */
const STILL_GROWING = 0.5;

/** Refusals that explain why nothing is gained, as a share of the attempts. */
const NOTICEABLE = 0.01;

/** Everything that the reason looks at. */
interface Sweep {
  /** Valid levels in ascending order. */
  readonly ascending: readonly LevelSummary[];
  readonly criteria: Bounds;
  breach(level: LevelSummary): Inadmissible | undefined;
  goodput(level: LevelSummary): number;
}

/**
 * The verdict over all levels; `null` if none is admissible. Pure; the order of the levels does not matter. `invalid` are
 * levels that say more about this machine than about the endpoint: they are not judged, but they are what a ceiling may hide
 * behind.
 */
export const sweetSpot = (
  levels: readonly LevelSummary[],
  criteria: Bounds = CRITERIA,
  invalid: readonly number[] = [],
): Spot | null => {
  const ascending = levels
    .filter(({ level }) => !invalid.includes(level))
    .toSorted((a, b) => a.level - b.level);
  const unloaded = unloadedOf(ascending, criteria);
  if (!unloaded) return null;
  const sweep: Sweep = {
    ascending,
    criteria,
    breach: (level) => inadmissible(level, unloaded, criteria),
    goodput: (level) => lastingGoodput(level, criteria),
  };
  const answer = pick(
    ascending.map((level) => pointOf(level, criteria)),
    criteria,
  );
  const chosen = ascending.find(({ level }) => level === answer?.level);
  if (!chosen) return null;
  const next = Math.min(
    ...[...ascending.map(({ level }) => level), ...invalid].filter((n) => n > chosen.level),
  );
  return {
    level: chosen.level,
    method: 'within-5-percent',
    ...reasonOf(chosen, sweep, invalid),
    nextLevel: Number.isFinite(next) ? next : null,
  };
};

/** What is above a known limit came out of a full bucket, and is no reason for a level or against one. */
const lastingGoodput = (level: LevelSummary, criteria: Bounds): number => {
  const { perSecond } = pointOf(level, criteria);
  const { allowedPerSecond = Number.POSITIVE_INFINITY } = criteria;
  return level.sustained || level.load === 'open' ? perSecond : Math.min(perSecond, allowedPerSecond);
};

type Why = Pick<Spot, 'reason' | 'because'>;

/**
 * The first level above the answer that tells it apart: one that breaks a limit, or one far enough away to show that nothing
 * is gained. Where only neighbours follow, throughput must have levelled off below them, or no ceiling was reached.
 */
const reasonOf = (chosen: LevelSummary, sweep: Sweep, invalid: readonly number[]): Why => {
  const { ascending, breach, goodput } = sweep;
  const above = ascending.filter(({ level }) => level > chosen.level);
  const telling = above.find(
    (level) => breach(level) !== undefined || level.level >= NEIGHBOURHOOD * chosen.level,
  );
  if (telling) return beside(chosen, telling, sweep);
  const hidden = invalid.find((level) => level > chosen.level);
  if (hidden !== undefined) {
    return {
      reason: 'client-bound',
      because: `${chosen.level}: at ${hidden} this machine was the bottleneck, so what lies beyond ${chosen.level} is not known`,
    };
  }
  const top = ascending.at(-1) ?? chosen;
  const lower = ascending.findLast(({ level }) => level * NEIGHBOURHOOD <= top.level);
  const growth = lower ? Math.log(goodput(top) / goodput(lower)) / Math.log(top.level / lower.level) : 1;
  const last = above.at(-1);
  if (last && growth < STILL_GROWING) return beside(chosen, last, sweep);
  return atTheTop(chosen, { top, slow: growth < STILL_GROWING ? lower : undefined }, sweep);
};

/** What `--levels` accepts at most; a suggestion must not be refused. */
const HIGHEST_LEVEL = 10_000;

/** Where to look under a limit that is known and was not met, as shares of what it has room for. */
const UNDER_LIMIT = [0.8, 0.96] as const;

/** How many at once a known limit has room for, by the level's own pace; `undefined` where that is no further. */
const roomAbove = (level: LevelSummary, { allowedPerSecond }: Bounds): number | undefined => {
  if (level.load === 'open' || allowedPerSecond === undefined) return undefined;
  const room = Math.floor((level.level * allowedPerSecond) / throughputOf(level));
  return room >= NEIGHBOURHOOD * level.level ? room : undefined;
};

/** The highest level tested, and the next lower one if throughput hardly grew from there. */
interface Top {
  readonly top: LevelSummary;
  readonly slow: LevelSummary | undefined;
}

const atTheTop = (
  chosen: LevelSummary,
  { top: { level: top }, slow }: Top,
  { ascending, breach, goodput, criteria }: Sweep,
): Why => {
  const { level } = chosen;
  const room = roomAbove(chosen, criteria);
  const aims =
    room === undefined
      ? [Math.ceil(top * 1.5), top * 2]
      : UNDER_LIMIT.map((share) => Math.round(share * room));
  const higher = [...new Set([top, ...aims])].filter((next) => next >= top && next <= HIGHEST_LEVEL);
  const within = room === undefined ? '' : ` The endpoint's limit has room for about ${room}.`;
  const next = higher.length > 1 ? `.${within} Next: ${pointOption(chosen)} ${higher.join(',')}` : '';
  const tested = ascending.length;
  if (tested === 1) return { reason: 'only-level', because: `${level}: it is the only level tested${next}` };
  const subject =
    level === top
      ? 'it is the highest level tested and'
      : `${top}, the highest level tested, is no more than ${formatPercent(top / level - 1)} above it, and`;
  const lowerGaveWay = ascending.some((each) => breach(each));
  const found = slow
    ? `nothing gave way, though throughput hardly grows any more: ${formatNumber(goodput(slow))} ok/s at ${slow.level}, ${formatNumber(goodput(chosen))} at ${level}`
    : 'nothing gave way, so no ceiling was found';
  const verdict = lowerGaveWay ? 'did not give way itself, though a lower one did: measure again' : found;
  return { reason: 'not-reached', because: `${level}: ${subject} ${verdict}${next}` };
};

/** Why `chosen` and not `other`, which is higher. */
const beside = (chosen: LevelSummary, other: LevelSummary, { breach, goodput, criteria }: Sweep): Why => {
  const change = goodput(other) / goodput(chosen) - 1;
  const pace =
    Math.abs(change) < 0.005
      ? 'is no faster in throughput'
      : `is ${formatPercent(Math.abs(change))} ${change > 0 ? 'faster' : 'slower'} in throughput`;
  const link = change >= 0.005 ? 'but' : 'and';
  const because = (rest: string) => `${chosen.level}: ${other.level} ${pace} ${link} ${rest}`;
  const found = breach(other);
  const limited = limitedBy429(other);
  switch (found?.breach) {
    case 'nothing-succeeded':
      return {
        reason: limited ? 'rate-limit' : 'failures',
        because: `${chosen.level}: at ${other.level} no request succeeds`,
      };
    case 'failures':
      return {
        reason: limited ? 'rate-limit' : 'failures',
        because: because(
          `${formatPercent(failureShare(other))} of its requests fail${limited ? ', refused with 429 to the end' : ''}`,
        ),
      };
    case 'retries':
      return {
        reason:
          limited || other.counts.rateLimited === other.counts.attempts - other.counts.requests
            ? 'rate-limit'
            : 'retries',
        because: because(found.because.replace(/^it /, '')),
      };
    case 'burst':
    case 'edge':
      return { reason: 'rate-limit', because: `${chosen.level}: at ${other.level} ${found.because}` };
    case 'latency':
      return {
        reason: limited && isSlowByRetries(other) ? 'rate-limit' : 'latency',
        because: because(`its ${found.because}`),
      };
    case undefined: {
      const refused = limited && other.counts.rateLimited / other.counts.attempts >= NOTICEABLE;
      const cost = retryWords(other, criteria);
      if (change > criteria.tolerance)
        return refused
          ? { reason: 'rate-limit', because: because(cost) }
          : {
              reason: 'plateau',
              because: because(
                'not by more than chance at this spread: more requests, or --repeat 3, would tell',
              ),
            };
      const reason = change < -criteria.tolerance ? 'decline' : 'plateau';
      const words = reason === 'decline' ? 'falls beyond it' : 'levels off';
      return {
        reason: refused ? 'rate-limit' : reason,
        because: `${chosen.level}: throughput ${words}: ${other.level} ${pace}${refused ? ` ${link} ${cost}` : ''}`,
      };
    }
  }
};

/** Whether 429s are most of what went wrong. */
const limitedBy429 = ({ counts, failedAttempts }: LevelSummary): boolean => {
  const failed = Object.values(failedAttempts).reduce((total, count) => total + count, 0);
  return counts.rateLimited > failed / 2;
};

/** Whether requests are late for their retries rather than for the answers themselves. */
const isSlowByRetries = ({ metrics }: LevelSummary): boolean => {
  const [whole, alone] = [metrics.serviceTime?.p95, metrics.attemptTime?.p95];
  return typeof whole === 'number' && typeof alone === 'number' && alone < whole * 0.75;
};
