import { lastingUnder, type Refusals } from '../core/rate-limit.ts';
import type { LevelFinding } from '../measure/level-finding.ts';
import type { Probe } from './measure-plan.ts';
import { FIRST } from './probe-size.ts';
import type { SearchOptions } from './search-options.ts';
import type { Search } from './search-state.ts';

/** What a search may cost where the limit is told, unless nothing it tried there would do. */
const MOST_TOLD = 150;

/** Requests of a probe at a known limit, which only confirms it; some of it must be left when all slots are taken. */
const CONFIRMING = { first: 50, later: 40, full: 16, leastFull: 10 } as const;

/** Probes at a told limit: more, and what was told is not what limits. */
const MOST_TRIES = 6;

/** Tries that take the limit at its word; the others halve. */
const TRUSTING = 3;

/** Fewest calls more that are worth a run of their own. */
const LEAST_MORE = 10;

/** Where under the ceiling of a known limit to probe, and how far off that may turn out to be by the latency seen there. */
const AIM = 0.96;
const NEAR_ENOUGH = { low: 0.88, high: 1.12 } as const;

/** How far above the ceiling to press an endpoint, with how many requests, and what all of that may cost together with the aim. */
const PRESSING = 1.5;
const PRESSED = 40;
const PRESSED_FULL = 8;
const MOST_PRESSED = MOST_TOLD - FIRST.requests;

/** Of the ceiling: where so much lasts whatever refused calls do, what they do need not be known. */
const ALL_THE_SAME = 0.94;

/** Where to probe under a level that was refused too much, or that was faster than the limit allows. */
const BELOW_REFUSED = 0.88;
const BELOW_BURST = 0.94;

/** Of what a told limit allows: an endpoint that lets less through unrefused is not limited by it. */
const KEPT = 0.8;

/** Of what a told limit allows: where what is beyond less than this is refused already, something else refuses it. */
const FAR_BELOW = 0.35;

/** Calls that a limit has room for, by Little's law. */
const ceilingOf = ({ allowedPerSecond = 0, perCallMs }: LevelFinding): number =>
  (allowedPerSecond * perCallMs) / 1000;

/** Where a level should lie under the ceiling of the limit that was told. */
const aimUnder = (known: LevelFinding, refusals: Refusals): number => {
  const [ceiling, bucket, cv] = [ceilingOf(known), known.bucketRequests, known.callCv];
  return Math.min(AIM * ceiling, Math.max(1, lastingUnder({ ceiling, refusals, bucket, cv })));
};

const isNear = (level: number, aim: number, maxLevel: number): boolean =>
  level <= NEAR_ENOUGH.high * aim && (level >= NEAR_ENOUGH.low * aim || level === maxLevel);

/**
 * What the endpoint does with calls that it refuses. A level far above the ceiling tells within fifty requests: between its refusals it is
 * let have the limit's pace, or, where refused calls count as well, far less. Not asked where the ceiling is too high for that to be
 * cheap, where the bucket is so large that it makes no difference, nor where tokens are what is limited, which refused calls do not use.
 */
function* pressed(
  search: Search,
  known: LevelFinding,
): Generator<Probe, { readonly refusals: Refusals; readonly above?: LevelFinding | undefined }> {
  if (known.limitedBy !== 'requests') return { refusals: 'free' };
  const ceiling = ceilingOf(known);
  if (known.refusals !== 'unknown' || aimUnder(known, 'unknown') >= ALL_THE_SAME * ceiling)
    return { refusals: known.refusals };
  const level = Math.ceil(PRESSING * ceiling);
  const requests = Math.max(PRESSED, level + PRESSED_FULL);
  const cost = requests + Math.max(CONFIRMING.later, AIM * ceiling + CONFIRMING.full);
  if (cost > MOST_PRESSED || level > search.maxLevel) return { refusals: 'unknown' };
  const above = yield* search.probe(level, requests);
  if (!above) return { refusals: 'unknown' };
  // A bucket that bears even that evens chance out, whatever refused calls would do to it.
  return { refusals: above.refused ? above.refusals : 'free', above };
}

/**
 * What a call takes is known from few, and decides how far below the limit the aim falls. What room there is goes into more calls before the first
 * aim; but where tokens are limited, whose charges only the aim shows, a second aim is better if there is room for it.
 */
function* knownBetter(search: Search, first: LevelFinding, room: number): Generator<Probe, LevelFinding> {
  const aim = Math.min(search.maxLevel, Math.ceil(AIM * ceilingOf(first)));
  const more = room - Math.max(CONFIRMING.later, aim + CONFIRMING.full);
  const isRoomForTwo =
    first.limitedBy !== 'requests' && room >= CONFIRMING.first + aim + CONFIRMING.leastFull;
  if (more < LEAST_MORE || isRoomForTwo) return first;
  return (yield* search.more(first.level, more)) ?? first;
}

/** Below what was too much already: first by how much it was, then half-way to what holds. */
const mostBelow = ({ lowestRefused, top }: Search, tries: number): number => {
  if (!lowestRefused) return Number.POSITIVE_INFINITY;
  const { level, refused } = lowestRefused;
  if (tries >= TRUSTING) return Math.floor((level + (top?.level ?? 0)) / 2);
  return Math.min(level - 1, (refused ? BELOW_REFUSED : BELOW_BURST) * level);
};

/** Between what holds and what was too much there is room for more than an answer may be off. */
const isWide = (holds: LevelFinding, tooMuch: LevelFinding | undefined): boolean =>
  tooMuch !== undefined && holds.level < NEAR_ENOUGH.low * (tooMuch.level - 1);

/** It is the limit that gives way, and neither latency nor something else. */
const isLimited = ({ admissible, refused, lateness }: LevelFinding): boolean =>
  admissible || refused || lateness <= 1;

/** Whether the endpoint lets about as much through as it tells, as far as that was tried. */
const isKept = ({ top, lowestRefused }: Search, { allowedPerSecond = 0 }: LevelFinding): boolean =>
  lowestRefused === undefined ||
  lowestRefused.level === 1 ||
  (top?.perSecond ?? 0) >= FAR_BELOW * allowedPerSecond;

/**
 * Probes where a limit that was told says that the edge should be; `confirmed` if the endpoint keeps its word. A latency known from few calls,
 * or one that rises with the load, may have put it elsewhere: then once more, if there is room for it or no other is admissible.
 */
export function* atToldLimit(
  search: Search,
  first: LevelFinding,
  { spent }: SearchOptions,
): Generator<Probe, 'confirmed' | undefined> {
  if (first.allowedPerSecond === undefined || !isLimited(first)) return undefined;
  const isAbove = first.admissible && AIM * ceilingOf(first) > first.level;
  const { refusals, above } = isAbove ? yield* pressed(search, first) : { refusals: first.refusals };
  const room = () => MOST_TOLD - spent().requests;
  let known = above ? (search.find(first.level) ?? first) : yield* knownBetter(search, first, room());
  const outcome = () => (isKept(search, known) ? 'confirmed' : undefined);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const aim = Math.min(aimUnder(known, refusals), mostBelow(search, tries));
    // Calls spared though refused ones may be free: of these the fewest.
    const isSpared = refusals === 'unknown' && tries === 0 && aim < AIM * ceilingOf(known);
    const level = Math.max(1, Math.min(search.maxLevel, isSpared ? Math.ceil(aim) : Math.round(aim)));
    const holds = search.top;
    if (holds && level <= holds.level) return outcome();
    if (!holds && search.lowestRefused?.level === 1) return outcome();
    const isGoodEnough =
      holds !== undefined &&
      holds.level >= Math.min(first.level + 1, level) &&
      !isWide(holds, search.lowestRefused);
    if (isGoodEnough && room() < level + CONFIRMING.leastFull) return outcome();
    const wanted = Math.max(
      tries > 0 || above ? CONFIRMING.later : CONFIRMING.first,
      level + CONFIRMING.full,
    );
    const finding = yield* search.probe(
      level,
      Math.min(wanted, Math.max(room(), level + CONFIRMING.leastFull)),
    );
    if (!finding || !isLimited(finding)) return undefined;
    const allowed = known.allowedPerSecond ?? 0;
    if (!finding.refused && finding.perSecond < KEPT * Math.min(allowed, (level / finding.callMs) * 1000))
      return undefined;
    known = finding;
    if (finding.admissible && isNear(level, aimUnder(known, refusals), search.maxLevel)) return 'confirmed';
  }
  return search.top ? outcome() : undefined;
}
