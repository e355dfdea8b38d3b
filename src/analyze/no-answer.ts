import { formatDuration, formatNumber } from '../core/units.ts';
import type { Criteria } from './criteria.ts';
import { findLimits, limitWords } from './limits.ts';
import { pointOption, pointText } from './point.ts';
import type { LevelReport, Warning } from './report.ts';

/** Shares of what a limit has room for that are worth a try, or of the lowest level where no limit is known. */
const UNDER_LIMIT = [0.5, 0.8, 0.96] as const;
const LOWER = [0.25, 0.5, 0.75] as const;

interface Advice {
  /** What is known of the limit behind it; empty if nothing is. */
  readonly words: string;
  readonly hint: string;
}

const tryLevels = (lowest: LevelReport, base: number, shares: readonly number[]): string => {
  const round = (level: number) =>
    lowest.load === 'open' ? Number(level.toPrecision(3)) : Math.max(1, Math.floor(level));
  const levels = [...new Set(shares.map((share) => round(share * base)))];
  return `Try ${base === lowest.level ? 'lower levels' : 'below it'}: ${pointOption(lowest)} ${levels.join(',')}.`;
};

/** What a limit that was told or seen means for the levels to try; `undefined` where none is known, or it is not what is in the way. */
const byLimit = (
  levels: readonly LevelReport[],
  lowest: LevelReport,
  criteria: Criteria,
): Advice | undefined => {
  const limit = findLimits(levels, criteria, undefined).find(({ binding }) => binding);
  const callMs = levels.find(({ metrics }) => metrics.attemptTime)?.metrics.attemptTime?.mean;
  if (!limit || callMs === undefined || lowest.counts.rateLimited === 0) return undefined;
  const { requestsPerSecond } = limit;
  const isOpen = lowest.load === 'open';
  const room = isOpen ? requestsPerSecond : (requestsPerSecond * callMs) / 1000;
  if (room >= lowest.level) return undefined;
  const name = `The endpoint's limit of ${limitWords(limit)}`;
  if (!isOpen && room < 1)
    return {
      words: ` ${name} lets ${formatNumber(requestsPerSecond)} calls/s through, less than the ${formatNumber(1000 / callMs)}/s of one at a time.`,
      hint: 'Pace the calls instead: --policy recommended.',
    };
  return {
    words: ` ${name} has room for about ${isOpen ? `${formatNumber(room)}/s` : `${formatNumber(room)} calls of ${formatDuration(callMs)}`}.`,
    hint: tryLevels(lowest, room, UNDER_LIMIT),
  };
};

/** Why no level can be recommended, by the lowest of the valid ones, and what to try. */
export const noAnswer = (levels: readonly LevelReport[], criteria: Criteria): Warning => {
  const lowest = levels.toSorted((a, b) => a.level - b.level)[0];
  const because = lowest?.inadmissibleBecause ?? 'no request succeeded';
  const advice = lowest && byLimit(levels, lowest, criteria);
  const canLower = lowest && (lowest.level > 1 || lowest.load === 'open') && lowest.counts.ok > 0;
  return {
    code: 'no-sweet-spot',
    message: `No level can be recommended: already at ${lowest ? pointText(lowest) : 1} ${because}.${advice?.words ?? ''}`,
    hint:
      advice?.hint ??
      (canLower ? tryLevels(lowest, lowest.level, LOWER) : 'Look at the failures and at the endpoint first.'),
  };
};
