import { formatDuration, formatPercent } from '../core/units.ts';
import { pointText } from './point.ts';
import type { LevelReport, Warning } from './report.ts';

/** Late starts that a schedule may have before its figures are those of another one. */
const LATE_SHARE = 0.05;

/** A schedule that this process did not keep. */
export const lateStarts = (level: LevelReport, speed: number): Warning | undefined => {
  const { arrivals, counts } = level;
  const started = counts.requests - counts.dropped;
  if (!arrivals || started === 0 || arrivals.lateStarts / started <= LATE_SHARE) return undefined;
  return {
    code: 'late-starts',
    level: level.level,
    message: `At ${pointText(level)} this process started ${formatPercent(arrivals.lateStarts / started)} of the requests late, by up to ${formatDuration(arrivals.maxLatenessMs)}: the load was not the one asked for.`,
    hint:
      speed > 1
        ? `Use a smaller factor, for example --speed ${Math.max(1, Math.floor(speed / 2))}.`
        : 'Use a faster or idle machine, or lower rates.',
  };
};

/** Requests that a schedule wanted and that were never sent. */
export const dropped = (level: LevelReport): Warning | undefined => {
  const { counts, arrivals } = level;
  if (!arrivals || counts.dropped === 0) return undefined;
  return {
    code: 'dropped',
    level: level.level,
    message: `At ${pointText(level)} ${formatPercent(counts.dropped / counts.requests)} of the requests were dropped, since too many were open: the endpoint does not keep up with this rate, or the bound is too low.`,
    hint: 'Use lower rates, or a higher --max-in-flight.',
  };
};
