import type { LevelFinding } from '../measure/level-finding.ts';
import type { Probe } from './measure-plan.ts';
import { durationOf, leastOf, ON_THE_WAY, probeOf } from './probe-size.ts';
import type { Search } from './search-state.ts';

/** Of the highest level: where to look below it, should it show a limit at last. */
const BELOW_HIGHEST = 0.9;

/** Of the throughput in proportion to the level below: less, and something else gave way already. */
const HOPED = 0.9;

/** Doubles until something gives way, or hardly anything is gained. */
export function* ascend(search: Search): Generator<Probe, void> {
  for (let low = search.top; low && low.level < search.maxLevel && !search.lowestRefused; low = search.top) {
    const next = Math.min(low.level * 2, search.maxLevel);
    const high = yield* next === search.maxLevel ? reach(search, low, next) : search.pass(next);
    const before = search.find(low.level);
    if (!high || (before && search.gainsNothing(before, high))) return;
  }
}

/**
 * Measures the highest level that may be tried. Nothing above it can show a limit that has not shown yet: while it is as fast as hoped for, it is measured on in
 * one go, past a minute's bucket or for all that can be spared. Each of two shorter runs would start from a full one.
 */
function* reach(
  search: Search,
  below: LevelFinding,
  level: number,
): Generator<Probe, LevelFinding | undefined> {
  const left = search.left(level);
  const requests = Math.floor(left.requests - leastOf(Math.round(BELOW_HIGHEST * level)));
  const shownAfter = probeOf(level, ON_THE_WAY);
  if (search.find(level) || requests <= shownAfter) return yield* search.pass(level);
  const perSecondOfSlot = below.perSecond / below.level;
  return yield* search.holdWhile(level, {
    requests,
    duration: Math.min(left.duration, durationOf(perSecondOfSlot)),
    hoped: { perSecond: HOPED * level * perSecondOfSlot, shownAfter },
  });
}
