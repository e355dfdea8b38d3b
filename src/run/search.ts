import type { Millis } from '../core/clock.ts';
import { lastingUnder, type Refusals } from '../core/rate-limit.ts';
import type { LevelFinding } from '../measure/level-finding.ts';
import type { Probe } from './measure-plan.ts';
import { FIRST } from './probe-size.ts';
import type { SearchOptions } from './search-options.ts';
import { Search } from './search-state.ts';

/** Of a ceiling by Little's law: below it by more than its own error, above which retries begin. */
const BELOW_CEILING = 0.95;
const ABOVE_CEILING = 1.05;

/** Requests of a probe at a known limit, which only confirms it; some of it must be left when all slots are taken. */
const CONFIRMING = [50, 40, 40] as const;
const CONFIRMING_FULL = 16;
const LEAST_FULL = 10;

/** Fewest calls more that are worth a run of their own. */
const LEAST_MORE = 10;

/** What a search may cost where the limit is told, unless nothing it tried there would do. */
const MOST_TOLD = 150;

/** Where under the ceiling of a known limit to probe, and how far off that may turn out to be by the latency seen there. */
const AIM = 0.96;
const NEAR_ENOUGH = { low: 0.88, high: 1.12 } as const;

/** How far above the ceiling to press an endpoint, with how many requests, and what all of that may cost together with the aim. */
const PRESSING = 1.5;
const PRESSED = 40;
const PRESSED_FULL = 8;
const MOST_PRESSED = MOST_TOLD - FIRST.requests;

/** Where to probe under a level that was refused too much, or that was faster than the limit allows. */
const BELOW_REFUSED = 0.88;
const BELOW_BURST = 0.94;

/** Of what a told limit allows: an endpoint that lets less through does not keep its word. */
const KEPT = 0.8;

/** Levels nearer to each other than this are within the tolerance by themselves: that shows no plateau. */
const NEIGHBOURHOOD = 1.25;

/** Of a level, which is as near to another as a search looks. */
const NARROW = 0.1;

/** Two levels between which something gives way are near enough: one apart, or a tenth. */
const isNarrow = (low: number, high: number): boolean => high - low <= Math.max(1, NARROW * low);

/**
 * Where the sweet spot lies, level by level: a first look at 4; then, if the endpoint tells its limit, one probe far above what
 * that limit allows (Little's law) and one below it; else doubling until a level is inadmissible or gains less than the tolerance, one call
 * at a time where latency rises with the load, and bisection down to a tenth. Ends early, with what it has, when the budget does.
 */
export function* searchLevels(options: SearchOptions): Generator<Probe, void> {
  const search = new Search(options);
  const first = yield* search.probe(Math.min(FIRST.level, search.maxLevel), FIRST.requests);
  if (!first) return;
  if (!first.admissible) {
    yield* descend(search, first);
    return;
  }
  if ((yield* atKnownLimit(search, first, options)) === 'confirmed') return;
  yield* ascend(search);
  const gaveWay = search.lowestRefused !== undefined;
  yield* search.measureUnloaded();
  // What was too slow by the latency of the lowest level may not be by that of an idle endpoint.
  if (gaveWay && !search.lowestRefused) yield* ascend(search);
  yield* search.saturate();
  yield* search.doubt();
  // Every probe may change what the others are worth: a limit that only shows at 128 makes a burst of the pace at 64.
  for (let step = nextStep(search, first.cycleMs); step; step = nextStep(search, first.cycleMs)) {
    const finding = step.hold ? yield* search.repeat(step.level) : yield* search.probe(step.level);
    if (!finding) return;
    yield* search.doubt();
  }
  // What a higher level showed of the limit may have made a burst of the first as well.
  const { lowestRefused } = search;
  if (lowestRefused && !search.answer) yield* descend(search, lowestRefused);
}

/** Doubles until something gives way, or hardly anything is gained. */
function* ascend(search: Search): Generator<Probe, void> {
  for (let low = search.top; low && low.level < search.maxLevel && !search.lowestRefused; low = search.top) {
    const high = yield* search.pass(Math.min(low.level * 2, search.maxLevel));
    const before = search.find(low.level);
    if (!high || (before && search.gainsNothing(before, high))) return;
  }
}

interface Step {
  readonly level: number;
  /** Measure it once more, for longer than a bucket lasts. */
  readonly hold: boolean;
}

/**
 * What to measure next, by what is known now: between the highest level that holds and the lowest that does not, while they
 * are far apart; then, on a plateau, where it begins; last the answer itself again, past a minute's bucket. Nothing, once the
 * answer has held.
 */
const nextStep = (search: Search, cycleMs: Millis): Step | undefined => {
  const { top, lowestRefused, answer } = search;
  if (!top || !answer) return undefined;
  // Where a much lower level is as good already, the edge is of no interest.
  const isPlateau =
    answer.level * NEIGHBOURHOOD <= top.level ||
    (lowestRefused !== undefined &&
      top.level * NEIGHBOURHOOD <= lowestRefused.level &&
      search.isFlat(top, lowestRefused));
  if (lowestRefused && !isPlateau && !isNarrow(top.level, lowestRefused.level))
    return {
      level: between(top, lowestRefused, (search.saturated * cycleMs) / 1000),
      hold: false,
    };
  const below = search.highestBelow(answer.level);
  if (below && below.level * NEIGHBOURHOOD <= answer.level && search.isDoubtful(below))
    return { level: below.level, hold: true };
  if (below && !isNarrow(below.level, answer.level) && (isPlateau || search.bends(below, answer)))
    return { level: Math.round((below.level + answer.level) / 2), hold: false };
  return search.hasHeld(answer.level) ? undefined : { level: answer.level, hold: true };
};

/**
 * Where between two levels to look: just below or above the ceiling of Little's law, where calls get slower until they are too slow, where
 * that should be (their latency taken to grow by the same share with each call), else half-way.
 */
const between = (low: LevelFinding, high: LevelFinding, ceiling: number): number => {
  const near = [Math.floor(BELOW_CEILING * ceiling), Math.ceil(ABOVE_CEILING * ceiling)].find(
    (level) => level > low.level && level < high.level,
  );
  if (near !== undefined) return near;
  const width = high.level - low.level;
  if (high.refused || high.lateness <= 1 || low.lateness <= 0) return Math.round(low.level + width / 2);
  const share = Math.max(0, Math.log(1 / low.lateness)) / Math.log(high.lateness / Math.min(1, low.lateness));
  const least = Math.floor(Math.max(1, NARROW * low.level));
  const most = Math.max(least, width - Math.floor(Math.max(1, NARROW * high.level)));
  return low.level + Math.min(most, Math.max(least, Math.round(share * width)));
};

/** Already the first level is too much: the answer, if there is one, is 1, 2 or 3. */
function* descend(search: Search, { level }: LevelFinding): Generator<Probe, void> {
  for (let next = Math.floor(level / 2); next >= 1; next = Math.floor(next / 2)) {
    const finding = yield* search.probe(next);
    if (!finding) return;
    if (!finding.admissible) continue;
    if (next + 1 < level && next > 1) yield* search.probe(next + 1);
    return;
  }
}

/** Calls that a limit has room for, by Little's law. */
const ceilingOf = ({ allowedPerSecond = 0, perCallMs }: LevelFinding): number =>
  (allowedPerSecond * perCallMs) / 1000;

/** Where a level should lie under a ceiling. */
const aimUnder = (ceiling: number, refusals: Refusals): number =>
  Math.min(AIM * ceiling, lastingUnder(ceiling, refusals));

const isNear = (level: number, aim: number, maxLevel: number): boolean =>
  level <= NEAR_ENOUGH.high * aim && (level >= NEAR_ENOUGH.low * aim || level === maxLevel);

/**
 * What the endpoint does with calls that it refuses. A level far above the ceiling tells within fifty requests: between its refusals it is
 * let have the limit's pace, or, where refused calls count as well, far less. Not asked where the ceiling is too high for that to be
 * cheap, nor where tokens are what is limited, which refused calls do not use.
 */
function* pressed(
  search: Search,
  ceiling: number,
  { limitedBy }: LevelFinding,
): Generator<Probe, { readonly refusals: Refusals; readonly above?: LevelFinding | undefined }> {
  if (limitedBy !== 'requests') return { refusals: 'free' };
  const level = Math.ceil(PRESSING * ceiling);
  const requests = Math.max(PRESSED, level + PRESSED_FULL);
  const cost = requests + Math.max(CONFIRMING[1], AIM * ceiling + CONFIRMING_FULL);
  if (cost > MOST_PRESSED || level > search.maxLevel) return { refusals: 'unknown' };
  const above = yield* search.probe(level, requests);
  if (!above) return { refusals: 'unknown' };
  // A bucket that bears even that evens chance out, whatever refused calls would do to it.
  return { refusals: above.refused ? above.refusals : 'free', above };
}

/**
 * What a call takes is known from few, and decides how far below the limit the aim falls. Where the ceiling is so high that there is no room for
 * a second aim, what room there is goes into more calls before the first.
 */
function* knownBetter(
  search: Search,
  first: LevelFinding,
  ceiling: number,
  room: number,
): Generator<Probe, LevelFinding> {
  const aim = Math.min(search.maxLevel, Math.ceil(AIM * ceiling));
  const more = room - aim - CONFIRMING_FULL;
  if (more < LEAST_MORE || room >= CONFIRMING[0] + aim + LEAST_FULL) return first;
  return (yield* search.more(first.level, more)) ?? first;
}

/**
 * One probe where a limit that was told says that it should be; `confirmed` if the endpoint keeps its word. A latency known from
 * few calls, or one that rises with the load, may have put it elsewhere: then one more, if there is room for it or no other is admissible.
 */
function* atKnownLimit(
  search: Search,
  first: LevelFinding,
  { spent }: SearchOptions,
): Generator<Probe, 'confirmed' | undefined> {
  if (first.allowedPerSecond === undefined || AIM * ceilingOf(first) <= first.level) return undefined;
  const { refusals, above } = yield* pressed(search, ceilingOf(first), first);
  const room = MOST_TOLD - spent().requests;
  let known = above
    ? (search.find(first.level) ?? first)
    : yield* knownBetter(search, first, ceilingOf(first), room);
  let tooMuch = Number.POSITIVE_INFINITY;
  for (const requests of above ? CONFIRMING.slice(1) : CONFIRMING) {
    const aim: number = Math.min(aimUnder(ceilingOf(known), refusals), tooMuch);
    const level = Math.min(search.maxLevel, Math.round(aim));
    if (level <= first.level) return undefined;
    const room = MOST_TOLD - spent().requests;
    const isGoodEnough = (search.answer?.level ?? 0) > first.level;
    if (isGoodEnough && room < level + LEAST_FULL) return 'confirmed';
    const wanted = Math.max(requests, level + CONFIRMING_FULL);
    const finding = yield* search.probe(level, Math.min(wanted, Math.max(room, level + LEAST_FULL)));
    const allowed: number = known.allowedPerSecond ?? 0;
    if (!finding || finding.perSecond < KEPT * Math.min(allowed, (level / finding.callMs) * 1000))
      return undefined;
    known = finding;
    const seen = Math.min(aimUnder(ceilingOf(known), refusals), tooMuch);
    if (finding.admissible && isNear(level, seen, search.maxLevel)) return 'confirmed';
    if (!finding.admissible) tooMuch = finding.refused ? BELOW_REFUSED * level : BELOW_BURST * level;
  }
  return undefined;
}
