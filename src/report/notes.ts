import type { LevelReport, SweepReport, Warning } from '../analyze/report.ts';
import { formatDuration } from '../core/units.ts';
import { axisWords, loadOf } from './axis-words.ts';
import { failureCounts, groupByText, levelList, sentence } from './wording.ts';

/** A remark in words, unpainted; the hint says what to do about it. */
export interface Note {
  readonly text: string;
  readonly hint?: string;
}

const numbers = (levels: readonly { readonly level: number }[]) => levels.map(({ level }) => level);

/** Why levels are not recommended: one note per reason. The verdict itself says it of the next level up. */
export const refusalNotes = ({ levels, sweetSpot }: SweepReport): readonly Note[] =>
  groupByText(
    levels.filter(({ level, admissible }) => !admissible && level !== sweetSpot?.nextLevel),
    ({ inadmissibleBecause }) => inadmissibleBecause,
  ).map(([because, those]) => ({
    text: sentence(`at ${levelList(numbers(those))} ${axisWords({ levels }).at}, ${because}`),
  }));

/** What failed at each level, by kind: in the end, and on the way. Levels without a failure are left out. */
export const failureNotes = ({ levels }: SweepReport): readonly Note[] =>
  levels.flatMap((level) => {
    const { requests, failed, attempts } = level.counts;
    const inTheEnd = failureCounts(level.failures);
    const onTheWay = failureCounts(level.failedAttempts);
    if (!inTheEnd && !onTheWay) return [];
    const failedAttempts = Object.values(level.failedAttempts).reduce((sum, count) => sum + count, 0);
    const ofAttempts = `${share(failedAttempts, attempts)} attempts: ${onTheWay}`;
    const ofRequests = `${share(failed, requests)} requests: ${inTheEnd}`;
    const parts = inTheEnd
      ? [ofRequests, onTheWay && (onTheWay !== inTheEnd || attempts !== requests) ? ofAttempts : '']
      : [ofAttempts, level.counts.cancelled === 0 ? 'each request succeeded in the end' : ''];
    return [{ text: `At ${level.level}, ${parts.filter(Boolean).join('; ')}` }];
  });

const share = (part: number, whole: number): string =>
  `${part.toLocaleString('en-US')} of ${whole.toLocaleString('en-US')}`;

/** Codes whose content every format shows elsewhere: the verdict and the failures. */
const SHOWN_ELSEWHERE = new Set(['no-sweet-spot', 'failures']);

/** The caveats, one per code: the highest level speaks for the others, whose numbers follow. */
export const warningNotes = ({ warnings }: SweepReport): readonly Note[] =>
  groupByText(
    warnings.filter(({ code }) => !SHOWN_ELSEWHERE.has(code)),
    ({ code }) => code,
  ).flatMap(([, those]) => {
    const speaker = those.toSorted((a, b) => (b.level ?? 0) - (a.level ?? 0))[0];
    if (!speaker) return [];
    const others = those.flatMap(({ level }) =>
      level === undefined || level === speaker.level ? [] : [level],
    );
    const also = others.length > 0 ? ` (Also at ${levelList(others)}.)` : '';
    return [{ text: `${sentence(speaker.message)}${also}`, hint: hintOf(speaker) }];
  });

const hintOf = ({ hint }: Warning): string => sentence(hint);

/** How long was waited before levels so that none inherits another's rate limit: one note per reason. */
export const cooldownNotes = ({ levels }: SweepReport): readonly Note[] =>
  groupByText(
    levels.filter(({ cooldown }) => cooldown),
    ({ cooldown }) => cooldown?.because,
  ).map(([because, those]) => ({
    text: sentence(`cool-down before ${levelList(numbers(those))}: ${waited(those)}, ${because}`),
  }));

const waited = (levels: readonly LevelReport[]): string => {
  const waits = levels.map(({ cooldown }) => cooldown?.waitedMs ?? 0);
  const shortest = formatDuration(Math.min(...waits));
  const longest = formatDuration(Math.max(...waits));
  if (Math.max(...waits) === 0) return 'none needed';
  return shortest === longest ? longest : `${shortest} to ${longest}`;
};

/** Where the speed-up's reference comes from; `undefined` if it is simply level 1 of the table. */
export const referenceNote = ({ levels, reference }: SweepReport): Note | undefined => {
  if (loadOf({ levels }) === 'open') return undefined; // nobody counts calls at once there
  if (levels.length === 0 || levels.some(({ level }) => level === 1)) return undefined;
  return {
    text: reference
      ? sentence(`speed-up and efficiency are relative to 1 at once: ${reference.because}`)
      : 'There is no speed-up and no efficiency, since 1 at once was not measured.',
  };
};
