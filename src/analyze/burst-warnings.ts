import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { HELD, isPaced, throughputOf } from './level-point.ts';
import { isWindowed, limitWords } from './limits.ts';
import { pointOption, pointText } from './point.ts';
import type { LevelReport, Warning } from './report.ts';
import { isSilent } from './silent.ts';
import type { SweetSpot } from './verdict.ts';

/** How far above the pace at which another level was held a level may be before that shows. */
const TOLERANCE = 0.05;

/** Limits count per minute as a rule: a minute's worth is the largest bucket to reckon with. */
const BUCKET_SECONDS = 60;

/** Share of the pace that must be proven to last, whatever a minute's bucket held. */
const PROVEN_SHARE = 0.9;

/** A run that proves it: nine minutes, and some more for the start. */
const PROVING = '10m';

/** A recommendation close to a limit of requests that refused calls may use up, on the strength of a short run. */
export const edgeWarnings = (spot: SweetSpot | null, levels: readonly LevelReport[]): readonly Warning[] => {
  const limit = spot?.limits.find(({ binding }) => binding);
  const level = levels.find((each) => each.level === spot?.level);
  if (!limit || !level || !spot?.ceiling || limit.dimension !== 'requests' || isPaced(level)) return [];
  const heldMs = level.blocks.reduce((sum, { wallClockMs }) => sum + wallClockMs, 0);
  const { refusals = 'unknown', lasting = spot.ceiling.level } = spot.ceiling;
  const safe = Math.round(lasting);
  if (refusals === 'free' || spot.level <= safe || safe < 1 || heldMs >= HELD) return [];
  const used = formatPercent(Math.min(1, limit.used ?? 1));
  const danger =
    refusals === 'counted'
      ? 'Refused calls seem to count against the limit here: a level so near it runs well for minutes and then collapses.'
      : 'Where refused calls count against the limit, as OpenAI says they do, a level so near it runs well for minutes and then collapses.';
  return [
    {
      code: 'edge-not-held',
      level: spot.level,
      message: `${pointText(level)} uses ${used} of the limit of ${limitWords(limit)} and was held for ${formatDuration(heldMs)}. ${danger}`,
      hint: `Before a long job, use ${safe} or see whether it lasts: --levels ${safe},${spot.level} --duration 10m`,
    },
  ];
};

/** What a bucket or a window bears may be known badly, and some requests must be left once it is used up. */
const MARGIN = 1.25;

/** A run may begin at the end of one window and go on in the next. */
const WINDOWS_AT_ONCE = 2;

/** A level that the recommendation may rest on: no other is worth a longer run. */
const mayBeUsed = ({ admissible, level }: LevelReport, spot: SweetSpot | null): boolean =>
  admissible && level <= (spot?.level ?? 0);

/** What a limit has in store for a pace above it. */
interface Reserve {
  readonly perSecond: number;
  /** Requests that its bucket or window holds: known, or a minute's worth. */
  readonly held: number;
  readonly isWindowed: boolean;
}

/** Whether the limit that levels met counts by windows of time, as it is told or as levels saw. */
const isByWindows = (spot: SweetSpot | null, levels: readonly LevelReport[]): boolean => {
  const limit = spot?.limits.find(({ binding }) => binding);
  return (limit !== undefined && isWindowed(limit)) || isSilent(levels);
};

const reserveOf = (perSecond: number, spot: SweetSpot | null, levels: readonly LevelReport[]): Reserve => {
  const limit = spot?.limits.find(({ binding }) => binding);
  const seen = levels.map(({ burst }) => burst.bucketAttempts ?? 0);
  return {
    perSecond,
    held: limit?.bucketRequests ?? (Math.max(0, ...seen) || BUCKET_SECONDS * perSecond),
    isWindowed: isByWindows(spot, levels),
  };
};

/** Rounded up to two digits, since it is not known better. */
const roundedUp = (requests: number): number => {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(requests)) - 1);
  return Math.ceil(requests / unit) * unit;
};

/** How many requests use up what the limit has in store: held + limit × time = pace × time. `undefined` where the pace is not clearly above the limit, so that none do. */
const requestsPast = (level: LevelReport, { perSecond, held, isWindowed }: Reserve): number | undefined => {
  const { goodput } = level;
  // One standard error less: the nearer to the limit, the more hangs on it.
  const pace = throughputOf(level) - (goodput.high - goodput.low) / 4;
  if (pace <= perSecond * (1 + TOLERANCE)) return undefined;
  const needed = isWindowed ? WINDOWS_AT_ONCE * held : held / (1 - perSecond / pace);
  return Math.max(2 * level.counts.requests, roundedUp(MARGIN * needed));
};

/** Levels whose pace came, or may have come, out of a full rate-limit bucket. A level that was cut short says nothing. */
export const burstWarnings = (levels: readonly LevelReport[], spot: SweetSpot | null): readonly Warning[] => {
  const complete = levels.filter(({ complete: whole, counts }) => whole && counts.ok > 0);
  const limit = paceThatLasts(complete, spot);
  const store = isByWindows(spot, complete) ? 'a fresh window' : 'a full bucket';
  const found = complete.flatMap((level) => burstOf(level, limit, store) ?? []);
  if (found.length === 0) return limit === undefined ? unseen(complete, spot) : [];
  // One for all: several levels share a note.
  const hint = advice(found, spot, complete);
  return found.map(({ level: { level }, message }) => ({ code: 'burst', level, message, hint }));
};

/** What the limit lets last that levels met: by the verdict, which takes in what others had used of it, else as the level shows it that was let have most. */
const paceThatLasts = (levels: readonly LevelReport[], spot: SweetSpot | null): number | undefined => {
  const held = levels.flatMap(({ burst }) => burst.limitedPerSecond ?? []);
  if (held.length === 0) return undefined;
  const seen = spot?.limits.find(({ binding, source }) => binding && source === 'slope');
  return seen?.requestsPerSecond ?? Math.max(...held);
};

/** A level that lived on what a limit had in store, and what lasts of it where that is known. */
interface Burst {
  readonly level: LevelReport;
  readonly message: string;
  readonly limitPerSecond: number | undefined;
}

/** What to run to see what lasts, for the highest level that may be used and outlasts the reserve; else why nothing would help. */
const advice = (found: readonly Burst[], spot: SweetSpot | null, levels: readonly LevelReport[]): string => {
  const used = found
    .filter(({ level }) => mayBeUsed(level, spot))
    .toSorted((a, b) => b.level.level - a.level.level);
  if (used.length === 0) return 'No recommendation rests on it.';
  for (const { level, limitPerSecond } of used) {
    const reserve = limitPerSecond === undefined ? undefined : reserveOf(limitPerSecond, spot, levels);
    // Where nothing tells the limit, its bucket was empty at the first 429.
    const requests = reserve ? requestsPast(level, reserve) : PAST_FIRST_429 * level.counts.requests;
    if (requests !== undefined)
      return `To see the pace that lasts, run past the ${reserve?.isWindowed ? 'window' : 'bucket'}: ${pointOption(level)} ${level.level} --requests ${requests}`;
  }
  return 'So near the limit no longer run is sure to use up what it has in store.';
};

/** Of a level that ended soon after its first 429: times its requests. */
const PAST_FIRST_429 = 4;

const burstOf = (level: LevelReport, limit: number | undefined, store: string): Burst | undefined => {
  const { burst, wallClockMs } = level;
  const pace = `${formatNumber(throughputOf(level))} ok/s`;
  if (burst.because === 'above-the-limit' && burst.headerPerSecond !== null)
    return {
      level,
      limitPerSecond: burst.headerPerSecond,
      message: `At ${pointText(level)} the ${pace} are more than the ${formatNumber(burst.headerPerSecond)}/s that the endpoint's headers allow: they came out of ${store} and cannot be sustained.`,
    };
  if (burst.because === 'not-settled' && burst.first429AfterMs !== null)
    return {
      level,
      limitPerSecond: undefined,
      message: `At ${pointText(level)} the first 429 came after ${formatDuration(burst.first429AfterMs)} of ${formatDuration(wallClockMs)}: its ${pace} are part burst of ${store}, part the pace that can be sustained.`,
    };
  if (
    burst.because === 'no-limit-seen' &&
    limit !== undefined &&
    throughputOf(level) > limit * (1 + TOLERANCE)
  )
    return {
      level,
      limitPerSecond: limit,
      message: `At ${pointText(level)} the ${pace} are more than the ${formatNumber(limit)}/s at which another level was limited: they came out of ${store} and cannot be sustained.`,
    };
  return undefined;
};

/** Nothing told of a limit: what follows from that for the fastest level that may be used. */
const unseen = (levels: readonly LevelReport[], spot: SweetSpot | null): readonly Warning[] => {
  const open = levels.filter(({ burst }) => burst.because === 'no-limit-seen');
  const fastest = open
    .filter((level) => mayBeUsed(level, spot))
    .toSorted((a, b) => throughputOf(b) - throughputOf(a))[0];
  if (!fastest || open.length < levels.length) return [];
  // A bucket of a minute's worth that was not emptied in t seconds refills at X·t ÷ (60 + t) at least.
  const seconds = fastest.wallClockMs / 1000;
  if (seconds / (BUCKET_SECONDS + seconds) >= PROVEN_SHARE) return [];
  return [
    {
      code: 'no-limit-seen',
      level: fastest.level,
      message: `No 429 was seen and no header told a limit. If there is one, a bucket that holds more than ${fastest.counts.requests} requests may have carried the ${formatNumber(throughputOf(fastest))} ok/s at ${pointText(fastest)}: they are not known to be sustained.`,
      hint: `To see whether they last, run past a bucket of a minute's worth: ${pointOption(fastest)} ${fastest.level} --duration ${PROVING}`,
    },
  ];
};
