import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { HELD, isPaced, throughputOf } from './level-point.ts';
import { limitWords } from './limits.ts';
import { pointText } from './point.ts';
import type { LevelReport, Warning } from './report.ts';
import type { SweetSpot } from './verdict.ts';

/** How far above the pace at which another level was held a level may be before that shows. */
const TOLERANCE = 0.05;

/** Limits count per minute as a rule: a minute's worth is the largest bucket to reckon with. */
const BUCKET_SECONDS = 60;

/** Share of the pace that must be proven to last, whatever a minute's bucket held. */
const PROVEN_SHARE = 0.9;

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

const longer = ({ level, load, counts }: LevelReport): string => {
  const point = load === 'open' ? `--rate ${level}` : `--levels ${level}`;
  return `To see the pace that lasts, run past the bucket: ${point} --requests ${counts.requests * 4}`;
};

/** Levels whose pace came, or may have come, out of a full rate-limit bucket. A level that was cut short says nothing. */
export const burstWarnings = (levels: readonly LevelReport[]): readonly Warning[] => {
  const complete = levels.filter(({ complete: whole, counts }) => whole && counts.ok > 0);
  const held = complete.flatMap(({ burst }) => burst.limitedPerSecond ?? []);
  const limit = held.length > 0 ? Math.max(...held) : undefined;
  const found = complete.flatMap((level) => ownWarning(level, limit) ?? []);
  return found.length > 0 || limit !== undefined ? found : unseen(complete);
};

const ownWarning = (level: LevelReport, limit: number | undefined): Warning | undefined => {
  const { burst, wallClockMs } = level;
  const pace = `${formatNumber(throughputOf(level))} ok/s`;
  const warning = (message: string): Warning => ({
    code: 'burst',
    level: level.level,
    message,
    hint: longer(level),
  });
  if (burst.because === 'above-the-limit' && burst.headerPerSecond !== null)
    return warning(
      `At ${pointText(level)} the ${pace} are more than the ${formatNumber(burst.headerPerSecond)}/s that the endpoint's headers allow: they came out of a full bucket and cannot be sustained.`,
    );
  if (burst.because === 'not-settled' && burst.first429AfterMs !== null)
    return warning(
      `At ${pointText(level)} the first 429 came after ${formatDuration(burst.first429AfterMs)} of ${formatDuration(wallClockMs)}: its ${pace} are part burst of a full bucket, part the pace that can be sustained.`,
    );
  if (
    burst.because === 'no-limit-seen' &&
    limit !== undefined &&
    throughputOf(level) > limit * (1 + TOLERANCE)
  )
    return warning(
      `At ${pointText(level)} the ${pace} are more than the ${formatNumber(limit)}/s at which another level was limited: they came out of a full bucket and cannot be sustained.`,
    );
  return undefined;
};

/** Nothing told of a limit: what follows from that for the fastest level. */
const unseen = (levels: readonly LevelReport[]): readonly Warning[] => {
  const open = levels.filter(({ burst }) => burst.because === 'no-limit-seen');
  const fastest = open.toSorted((a, b) => throughputOf(b) - throughputOf(a))[0];
  if (!fastest || open.length < levels.length) return [];
  // A bucket of a minute's worth that was not emptied in t seconds refills at X·t ÷ (60 + t) at least.
  const seconds = fastest.wallClockMs / 1000;
  if (seconds / (BUCKET_SECONDS + seconds) >= PROVEN_SHARE) return [];
  return [
    {
      code: 'no-limit-seen',
      level: fastest.level,
      message: `No 429 was seen and no header told a limit. If there is one, a bucket that holds more than ${fastest.counts.requests} requests may have carried the ${formatNumber(throughputOf(fastest))} ok/s at ${pointText(fastest)}: they are not known to be sustained.`,
      hint: longer(fastest),
    },
  ];
};
