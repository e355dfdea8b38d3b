import type { Millis } from '../core/clock.ts';

/** When attempts of a block left, in order of time. */
export interface Starts {
  readonly admitted: Float64Array;
  readonly refused: Float64Array;
}

/** What was let in over some stretch. */
export interface LetIn {
  readonly admitted: number;
  readonly ms: Millis;
}

/** Longer than retries wait between two attempts as a rule: nothing is let in, and not for want of asking. */
const SILENT: Millis = 5000;
/** The same as a multiple of the time between two admissions while there are any. */
const SILENT_INTERVALS = 10;
/** Fewest admissions between two silences: a bucket that refused calls keep empty lets in one now and then. */
const FEWEST = 12;

/** Limits count by the second, by ten or by the minute as a rule: what is silent for longer than ten counts by the minute. */
const TEN_SECONDS: Millis = 10_000;
/** The longest window to reckon with; limits per day cannot be waited out. */
export const ONE_MINUTE: Millis = 60_000;

/** Fewest after one until something is refused. */
const OPEN = 5;

/** Indices of the admissions after which nothing was let in for long, though it was asked for. */
const silencesOf = ({ admitted, refused }: Starts): readonly number[] => {
  const silences: number[] = [];
  let silentMs = 0;
  let next = 0;
  for (let i = 0; i + 1 < admitted.length; i++) {
    const [from, to] = [admitted[i] ?? 0, admitted[i + 1] ?? 0];
    while ((refused[next] ?? Number.POSITIVE_INFINITY) < from) next++;
    if (to - from < SILENT || (refused[next] ?? Number.POSITIVE_INFINITY) > to) continue;
    silences.push(i);
    silentMs += to - from;
  }
  const spanMs = (admitted.at(-1) ?? 0) - (admitted[0] ?? 0);
  const interval = (spanMs - silentMs) / Math.max(1, admitted.length);
  return silences.every((i) => (admitted[i + 1] ?? 0) - (admitted[i] ?? 0) >= SILENT_INTERVALS * interval)
    ? silences
    : [];
};

/** Whether what came after a silence was let in without a refusal for as long as one now and then would not be. */
const isOpen = ({ admitted, refused }: Starts, silence: number): boolean => {
  const from = admitted[silence + 1] ?? 0;
  const until = refused.find((at) => at >= from) ?? Number.POSITIVE_INFINITY;
  return (admitted[silence + OPEN] ?? Number.POSITIVE_INFINITY) < until;
};

/** What a block was let have by a limit that counts by windows. */
export interface Windowed extends LetIn {
  /** Attempts that a window holds. */
  readonly perWindow: number;
  /** Where it was used up once only: when it began anew, and what was let in during the minute before. */
  readonly minute?: WindowOfAMinute;
}

/** A window that ends a minute after the one before it: what was let in between is all that it holds. */
export interface WindowOfAMinute {
  /** Attempts that the block itself was let have. */
  readonly attempts: number;
  /** From the block's start to the first that was let in again; less than a minute if the window began before the block. */
  readonly endsAfterMs: Millis;
}

/**
 * What a limit that counts by windows lets in: nothing for a while once a window is used up, then all that is asked for. How much is let in from then to
 * the last start depends on where in a window that falls; from the end of a silence to that of another, each time a window's worth flows in. With one
 * silence alone, from the block's start, if it is so long that windows are of a minute: no more than that lasts, since the block may have begun late in one.
 * `undefined` where that is not what the starts look like.
 */
export const windowsOf = (starts: Starts, from: Millis): Windowed | undefined => {
  const { admitted } = starts;
  const silences = silencesOf(starts);
  const marks = [-1, ...silences];
  const isWorthOne = marks.slice(1).every((mark, i) => mark - (marks[i] ?? 0) >= FEWEST);
  if (silences.length === 0 || !isWorthOne || !silences.every((each) => isOpen(starts, each)))
    return undefined;
  const [first, last] = [silences[0] ?? 0, silences.at(-1) ?? 0];
  const to = admitted[last + 1] ?? from;
  if (silences.length === 1) {
    const ms = to - from;
    if (to - (admitted[last] ?? to) <= TEN_SECONDS) return undefined;
    const all = last + 1;
    const attempts = admitted.subarray(0, all).filter((at) => at >= to - ONE_MINUTE).length;
    return {
      admitted: all,
      ms,
      perWindow: Math.max(all, (all / ms) * ONE_MINUTE),
      minute: { attempts, endsAfterMs: ms },
    };
  }
  const between = last - first;
  return {
    admitted: between,
    ms: to - (admitted[first + 1] ?? from),
    perWindow: between / (silences.length - 1),
  };
};
