import type { Millis } from '../core/clock.ts';
import { type Silence, type Starts, silencesOf } from './silences.ts';

/** What was let in over some stretch. */
export interface LetIn {
  readonly admitted: number;
  readonly ms: Millis;
}

/** Limits count by the second, by ten or by the minute as a rule: what is silent for longer than ten counts by the minute. */
export const TEN_SECONDS: Millis = 10_000;
/** The longest window to reckon with; limits per day cannot be waited out. */
const ONE_MINUTE: Millis = 60_000;
const USUAL = [TEN_SECONDS, ONE_MINUTE] as const;

/** What a block was let have by a limit that counts by windows. */
export interface Windowed extends LetIn {
  /** Attempts that a window holds. */
  readonly perWindow: number;
  /** Where it was used up once only. */
  readonly only?: OnlyWindow;
}

/** A single window that was used up: what was let in before the silence that ended it, as far as the block saw. */
export interface OnlyWindow {
  /** How long windows last, as a rule: what was silent for longer than ten seconds, or let have more before, counts by the minute. */
  readonly ms: Millis;
  /** Attempts of the block itself that were let in so long before it ended. */
  readonly attempts: number;
  /** From the block's start to the first that was let in again; less than a window if that began before the block. */
  readonly endsAfterMs: Millis;
}

/** The block that starts are of. */
export interface WindowedBlock {
  readonly from: Millis;
  readonly slots: number;
  /** Nothing was sent in the minute before it: all of a window that it saw the end of is its own. */
  readonly isRested?: boolean;
}

/** What chance adds to one window's worth by when exactly it ended. */
const SLACK = { share: 0.05, attempts: 2 } as const;

/** Whether no earlier ten seconds of a block were let have more than the ten before a silence ended, which are all of a window then. */
const mayBeTenSeconds = (admitted: Float64Array, endsAt: Millis): boolean => {
  const counts = new Map<number, number>();
  for (const at of admitted) {
    const window = Math.floor((endsAt - at) / TEN_SECONDS);
    if (window >= 0) counts.set(window, (counts.get(window) ?? 0) + 1);
  }
  const most = (counts.get(0) ?? 0) * (1 + SLACK.share) + SLACK.attempts;
  return [...counts.values()].every((count) => count <= most);
};

/** After a window no more than the next one's worth comes in its time, but for when exactly it ended. */
const MOST_AFTER = 1.25;

/** Whether what was let in within a window's time after its end is no more than a window holds. */
const isRefilled = (
  admitted: Float64Array,
  { endsAt, ms, attempts }: { endsAt: Millis; ms: Millis; attempts: number },
): boolean =>
  admitted.filter((at) => at >= endsAt && at < endsAt + ms).length <= MOST_AFTER * attempts + SLACK.attempts;

/**
 * How long passed between the ends of two silences, so many windows apart. When each ended is known between two instants only: if that leaves room for windows of a
 * length that is usual, they are taken for such.
 */
const between = (first: Silence, last: Silence, windows: number): Millis => {
  const [least, most] = [last.lastsUntil - first.letInAt, last.letInAt - first.lastsUntil];
  const usual = USUAL.find((ms) => ms * windows >= least && ms * windows <= most);
  return usual === undefined ? last.endsAt - first.endsAt : usual * windows;
};

/**
 * What a limit that counts by windows lets in: nothing for a while once a window is used up, then all that is asked for. How much is let in from then to
 * the last start depends on where in a window that falls; from the end of a silence to that of another, each time a window's worth flows in. With one
 * silence alone, what was let in before it ended is a window's worth, if only one knew how long that lasts: ten seconds as a rule, a minute if it was silent for longer, or let have more
 * before. `undefined` where that is not what the starts look like, or where far more than a window's worth came after it.
 */
export const windowsOf = (
  starts: Starts,
  { from, slots, isRested = false }: WindowedBlock,
): Windowed | undefined => {
  const { admitted } = starts;
  const silences = silencesOf(starts, slots);
  const [first, last] = [silences[0], silences.at(-1)];
  if (!first || !last) return undefined;
  if (first !== last) {
    const windows = silences.length - 1;
    const letIn = last.after - first.after;
    return { admitted: letIn, ms: between(first, last, windows), perWindow: letIn / windows };
  }
  const letIn = admitted.subarray(0, first.after + 1);
  const { endsAt, lastsUntil, provenMs } = first;
  // When it ended is known between two instants only.
  const mayEndAt = [endsAt, lastsUntil].find((at) => mayBeTenSeconds(letIn, at));
  const isTen = provenMs <= TEN_SECONDS && mayEndAt !== undefined;
  const ms = isTen ? TEN_SECONDS : ONE_MINUTE;
  const attempts = letIn.filter((at) => at >= (isTen ? mayEndAt : endsAt) - ms).length;
  const isWhole = isRested || endsAt - from >= ms;
  if (isWhole && !isRefilled(admitted, { endsAt: first.letInAt, ms, attempts })) return undefined;
  const endsAfterMs = endsAt - from;
  return { admitted: attempts, ms, perWindow: attempts, only: { ms, attempts, endsAfterMs } };
};
