import type { Millis } from '../core/clock.ts';

/** When attempts of a block left, in order of time. */
export interface Starts {
  readonly admitted: Float64Array;
  readonly refused: Float64Array;
  /** When each of the refused was told to come again; NaN where one was not, nothing where none was. */
  readonly againAt?: Float64Array;
}

/** A stretch in which nothing was let in, though it was asked for. */
export interface Silence {
  /** Index of the last admission before it. */
  readonly after: number;
  readonly ms: Millis;
  /** For so long it is known to have been silent: as long as it was asked, or longer than anybody waits of his own accord. */
  readonly provenMs: Millis;
  /** Until then it was silent for certain: as refused ones were told, or the last refusal, where it was asked all the time, else when the first was let in again. */
  readonly lastsUntil: Millis;
  /** When the first was let in again, or was told that it would be. */
  readonly letInAt: Millis;
  /** Half-way between the two. */
  readonly endsAt: Millis;
}

/** Shorter ones happen without a limit. */
const SHORT: Millis = 1000;
/** Longer than most retries wait: so long a silence needs less of what comes after it. */
const LONG: Millis = 5000;
/** The longest that the SDKs' retries wait where nobody tells them for how long. */
const LONGEST_BACKOFF: Millis = 8000;
/** No window that is worth waiting for is silent for longer, with a retry that comes late. */
const LONGEST: Millis = 60_000 + LONGEST_BACKOFF;
/** A silence as a multiple of the time between two admissions while there are any. */
const INTERVALS = 10;
/** Fewest admissions between two silences: a bucket that refused calls keep empty lets in one now and then. */
const FEWEST = 12;

/** Fewest after a long one until something is refused; after a short one. */
const OPEN = FEWEST;
const WIDE_OPEN = 20;
/** So many after one are as good, refused ones among them, if they come at half the pace of the start, or as soon as sleepers wake. */
const MANY = 20;
const HALF = 0.5;
const WAKING: Millis = 4000;
/**
 * Of those let in last before one, so few may have been refused between them, and they must have come at this share of the pace of the start: a limit that
 * refused calls use up lets in fewer and fewer before it falls silent.
 */
const UNREFUSED = 0.2;
const UNSLOWED = 0.7;
/** Before a short one, let in since the first refusal, as a multiple of what was let in before that: a window's worth at most, if its predecessor's silence was too short to see. */
const SINCE_REFUSED = 1.2;
/** Fewest after a later one in the time that it had lasted. */
const SOME = 5;

/** By how much what was let in between two silences may differ from the number of slots for these to have been let in once each; fewer between two short ones are no window either. */
const ONE_EACH = 0.1;

/** Index of the first of some ascending instants that is not before `at`. */
const firstFrom = (instants: Float64Array, at: Millis): number => {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Whether so many that came after a silence were let in without a refusal. */
const isOpen = ({ admitted, refused }: Starts, { after }: Silence, least: number): boolean => {
  const until = refused[firstFrom(refused, admitted[after + 1] ?? 0)] ?? Number.POSITIVE_INFINITY;
  return (admitted[after + least] ?? Number.POSITIVE_INFINITY) < until;
};

/** Whether so many were let in soon after it. */
const isFollowed = (
  { admitted }: Starts,
  { after }: Silence,
  { least, within }: { readonly least: number; readonly within: Millis },
): boolean => (admitted[after + least] ?? Number.POSITIVE_INFINITY) - (admitted[after + 1] ?? 0) < within;

/** How long so many took at the start, before anything was refused. */
const atFirst = ({ admitted, refused }: Starts, count: number): Millis => {
  const from = admitted[0] ?? 0;
  const to = refused[0] ?? from;
  return (count * (to - from)) / Math.max(1, firstFrom(admitted, to));
};

/** Whether it came out of full pace, with hardly anything refused until it began. */
const isSudden = (starts: Starts, { after, ms }: Silence): boolean => {
  const { admitted, refused } = starts;
  const unrefused = firstFrom(admitted, refused[0] ?? 0);
  if (ms < LONG && after + 1 - unrefused > SINCE_REFUSED * unrefused) return false;
  const first = Math.max(0, after + 1 - MANY);
  const [from, to] = [admitted[first] ?? 0, admitted[after] ?? 0];
  const between = firstFrom(refused, to) - firstFrom(refused, from);
  const count = after + 1 - first;
  return between <= UNREFUSED * count && UNSLOWED * (to - from) <= atFirst(starts, count);
};

/** `Retry-After` counts whole seconds, rounded up as a rule. */
const WHOLE: Millis = 1000;

/**
 * Between which instants a gap ended by what the refused ones in it were told: each to come again at its end, or up to a second later. `undefined` where
 * they were told nothing, or contradict each other or what was refused later.
 */
const toldEnd = (
  againAt: Float64Array | undefined,
  asked: Millis,
): { readonly from: Millis; readonly to: Millis } | undefined => {
  const told = againAt?.filter((at) => Number.isFinite(at));
  if (!told?.length) return undefined;
  const to = Math.min(...told);
  const from = Math.max(asked, Math.max(...told) - WHOLE);
  return from <= to ? { from, to } : undefined;
};

/** All gaps between admissions in which something was refused. */
const gapsOf = ({ admitted, refused, againAt }: Starts): readonly Silence[] => {
  const gaps: Silence[] = [];
  let next = 0;
  for (let after = 0; after + 1 < admitted.length; after++) {
    const [from, to] = [admitted[after] ?? 0, admitted[after + 1] ?? 0];
    let asked: Millis | undefined;
    let first = next;
    for (; (refused[next] ?? Number.POSITIVE_INFINITY) <= to; next++)
      if ((refused[next] ?? 0) >= from) asked = refused[next];
      else first = next + 1;
    const ms = to - from;
    if (asked === undefined || ms < SHORT) continue;
    const isAsked = asked - from >= ms / 2;
    const told = toldEnd(againAt?.subarray(first, next), asked);
    const [least, most] = told ? [told.from, Math.min(told.to, to)] : [isAsked ? asked : to, to];
    gaps.push({
      after,
      ms,
      provenMs: Math.max(asked - from, ms - LONGEST_BACKOFF),
      lastsUntil: Math.min(least, most),
      letInAt: most,
      endsAt: (Math.min(least, most) + most) / 2,
    });
  }
  return gaps;
};

/** Gaps that are longer than chance makes them, and what of them are waves: just one call for each slot was let in since the last. */
const longGapsOf = (starts: Starts, slots: number) => {
  const usual = atFirst(starts, INTERVALS);
  const gaps = gapsOf(starts).filter(({ ms }) => ms >= usual);
  const isOneEach = (from: Silence | undefined, to: Silence | undefined) => {
    if (!from || !to) return false;
    const each = (to.after - from.after) / slots;
    return each <= 1 + ONE_EACH && (each >= 1 - ONE_EACH || Math.max(from.ms, to.ms) < LONG);
  };
  const isWave = (i: number) => isOneEach(gaps[i - 1], gaps[i]) || isOneEach(gaps[i], gaps[i + 1]);
  return { gaps, isWave };
};

/** Whether a long silence is over for so short that it cannot be told yet whether it is a window's. */
export const isSilenceOpen = (starts: Starts, slots: number): boolean => {
  const { gaps, isWave } = longGapsOf(starts, slots);
  return gaps.some(
    (each, i) =>
      each.ms >= LONG &&
      each.after + MANY >= starts.admitted.length - 1 &&
      !isWave(i) &&
      isSudden(starts, each),
  );
};

/**
 * Stretches in which nothing was let in for long, though it was asked for, and then many at once: not just one for each slot, which is what a limit
 * does that is charged when calls end.
 */
export const silencesOf = (starts: Starts, slots: number): readonly Silence[] => {
  const { admitted } = starts;
  const { gaps, isWave } = longGapsOf(starts, slots);
  const soon = { least: MANY, within: Math.max(WAKING, atFirst(starts, MANY) / HALF) };
  const first = gaps.findIndex(
    (each, i) =>
      !isWave(i) &&
      isSudden(starts, each) &&
      (isOpen(starts, each, each.ms < LONG ? WIDE_OPEN : OPEN) || isFollowed(starts, each, soon)),
  );
  if (first < 0) return [];
  const found: Silence[] = [];
  for (const each of gaps.slice(first)) {
    const isOne =
      found.length === 0 || each.ms >= LONG || isFollowed(starts, each, { least: SOME, within: each.ms });
    if (isOne && each.after - (found.at(-1)?.after ?? -1) >= FEWEST) found.push(each);
  }
  const spanMs = (admitted.at(-1) ?? 0) - (admitted[0] ?? 0);
  const silentMs = found.reduce((sum, { ms }) => sum + ms, 0);
  const interval = (spanMs - silentMs) / Math.max(1, admitted.length);
  return found.every(({ ms }) => ms <= LONGEST) ? found.filter(({ ms }) => ms >= INTERVALS * interval) : [];
};
