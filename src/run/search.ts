import type { Millis } from '../core/clock.ts';
import { type LevelFinding, meanOverCalls } from '../measure/level-finding.ts';
import type { Probe } from './measure-plan.ts';
import { FIRST } from './probe-size.ts';
import { ascend } from './search-ascent.ts';
import { doubt, saturate } from './search-limit.ts';
import type { SearchOptions } from './search-options.ts';
import { Search } from './search-state.ts';
import { atToldLimit } from './search-told.ts';

/** Of a ceiling by Little's law: below it by more than its own error, above which retries begin. */
const BELOW_CEILING = 0.95;
const ABOVE_CEILING = 1.05;

/** Levels nearer to each other than this are within the tolerance by themselves: that shows no plateau. */
const NEIGHBOURHOOD = 1.25;

/** Levels this far apart leave so much room that what lies between is worth more than to know the lower better. */
const FAR = 1.5;

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
  if ((yield* atToldLimit(search, first, options)) === 'confirmed') return;
  if (!first.admissible) {
    yield* descend(search, first);
    yield* descendFromBurst(search);
    return;
  }
  yield* ascend(search);
  const gaveWay = search.lowestRefused !== undefined;
  yield* search.measureUnloaded();
  // What was too slow by the latency of the lowest level may not be by that of an idle endpoint.
  if (gaveWay && !search.lowestRefused) yield* ascend(search);
  yield* saturate(search);
  yield* doubt(search);
  // Every probe may change what the others are worth: a limit that only shows at 128 makes a burst of the pace at 64.
  do {
    while (yield* takeStep(search, first.cycleMs)) yield* doubt(search);
  } while (yield* descendFromBurst(search));
}

interface Step {
  readonly level: number;
  /** Measure it once more, for longer than a bucket lasts. */
  readonly hold: boolean;
}

/** Takes the first step that the budget allows; `false` where there is none. */
function* takeStep(search: Search, cycleMs: Millis): Generator<Probe, boolean> {
  for (const step of nextSteps(search, cycleMs)) {
    // What is known already would be no news, and the same step would follow for ever.
    if (!step.hold && search.find(step.level)) continue;
    if (yield* step.hold ? search.repeat(step.level) : search.probe(step.level)) return true;
  }
  return false;
}

/**
 * What to measure next, by what is known now: between the highest level that holds and the lowest that does not, while they
 * are far apart; then, on a plateau, where it begins; last the answer itself again, past a minute's bucket. Nothing, once the
 * answer has held. Where the budget does not allow one, the next may be cheaper.
 */
function* nextSteps(search: Search, cycleMs: Millis): Generator<Step, void> {
  const { top, lowestRefused, answer } = search;
  if (!top || !answer) return;
  // Where a much lower level is as good already, the edge is of no interest.
  const isPlateau =
    answer.level * NEIGHBOURHOOD <= top.level ||
    (lowestRefused !== undefined &&
      top.level * NEIGHBOURHOOD <= lowestRefused.level &&
      search.isFlat(top, lowestRefused));
  if (lowestRefused && !isPlateau && !isNarrow(top.level, lowestRefused.level)) {
    const ceiling = (search.saturated * cycleMs) / 1000 || inUse(lowestRefused);
    yield { level: between(top, lowestRefused, ceiling), hold: false };
  }
  const below = search.highestBelow(answer.level);
  const above = search.lowestAbove(answer.level);
  if (above && isPlateau && mayPeak(search, answer, above))
    yield { level: kneeBetween(search, answer, above), hold: false };
  if (below) {
    const [isWide, bends] = [!isNarrow(below.level, answer.level), search.bends(below, answer)];
    const between = () => ({ level: kneeBetween(search, below, answer), hold: false });
    // By Little's law it was full already at the lower: chance made the difference.
    if (kneeAt(search, below, answer) <= below.level && search.isDoubtful(below))
      yield { level: below.level, hold: true };
    if (isWide && bends && below.level * FAR <= answer.level) yield between();
    if (below.level * NEIGHBOURHOOD <= answer.level && search.isDoubtful(below))
      yield { level: below.level, hold: true };
    if (isWide && (bends || isPlateau)) yield between();
  }
  if (!search.hasHeld(answer.level)) yield { level: answer.level, hold: true };
}

/**
 * Whether throughput may have a peak between the answer and the next level: the server was not full yet at the answer, and what is above is no faster,
 * without having refused anything. Not where throughput stays the same further up.
 */
const mayPeak = (search: Search, answer: LevelFinding, above: LevelFinding): boolean => {
  const below = search.highestBelow(answer.level);
  const further = search.lowestAbove(above.level);
  if (!below || above.refused || search.bends(below, answer)) return false;
  if (isNarrow(answer.level, above.level) || above.level < answer.level * FAR) return false;
  const isLevel = further && search.gainsNothing(further, above) && search.gainsNothing(above, answer);
  return !isLevel;
};

/** As many calls as keep a server busy that lets calls wait: by Little's law and what a call takes that does not wait, and a little more. */
const kneeAt = ({ found }: Search, low: LevelFinding, high: LevelFinding): number => {
  const idle = found.filter(({ level }) => level <= low.level);
  return Math.ceil((ABOVE_CEILING * high.perSecond * meanOverCalls(idle, 'callMs')) / 1000);
};

/**
 * Where between two levels a server that lets calls wait has its knee. Half-way where that is not between them, or where throughput falls further up: there it has a peak.
 */
const kneeBetween = (search: Search, low: LevelFinding, high: LevelFinding): number => {
  const knee = kneeAt(search, low, high);
  const hasPeak = search.found.some((each) => each.level > high.level && !search.gainsNothing(each, high));
  if (hasPeak || !(knee > low.level && knee < high.level)) return Math.round((low.level + high.level) / 2);
  return Math.min(high.level - 1, Math.max(knee, low.level + Math.ceil(Math.max(1, NARROW * low.level))));
};

/**
 * Calls that a server keeps in flight of those that a level sends, by Little's law, where it turns many of them away: as many as it has room for. Otherwise
 * 0: where it errs on a share of its calls, that many fewer would be too many as well.
 */
const inUse = ({ level, perSecond, callMs }: LevelFinding): number => {
  const calls = (perSecond * callMs) / 1000;
  return calls * NEIGHBOURHOOD <= level ? calls : 0;
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

/** What a higher level showed of the limit may have made a burst of all that was admissible; `true` if something lower holds. */
function* descendFromBurst(search: Search): Generator<Probe, boolean> {
  const { lowestRefused } = search;
  if (!lowestRefused || search.answer) return false;
  yield* descend(search, lowestRefused);
  return search.answer !== undefined;
}

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
