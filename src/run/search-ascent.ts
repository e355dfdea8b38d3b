import { type LevelFinding, meanOverCalls } from '../measure/level-finding.ts';
import type { Probe } from './measure-plan.ts';
import { durationOf, leastOf, ON_THE_WAY, probeOf } from './probe-size.ts';
import type { Search } from './search-state.ts';

/** Of the highest level: where to look below it, should it show a limit at last; and where at least, should that take longer. */
const BELOW_HIGHEST = { far: 0.9, least: 0.5 } as const;

/** Of the throughput in proportion to the levels below: less, and something else gave way already. */
const HOPED = 0.85;

/** Doubles until something gives way, or hardly anything is gained. */
export function* ascend(search: Search): Generator<Probe, void> {
  for (let low = search.top; low && low.level < search.maxLevel && !search.lowestRefused; low = search.top) {
    const next = Math.min(low.level * 2, search.maxLevel);
    const high = yield* next === search.maxLevel ? reach(search, next) : search.pass(next);
    const before = search.find(low.level);
    if (!high || (before && search.gainsNothing(before, high))) return;
  }
}

/**
 * Measures the highest level that may be tried. Nothing above it can show a limit that has not shown yet: if it is as fast as hoped for, it is measured on in
 * one go, past a minute's bucket or for all that can be spared. Each of two shorter runs would start from a full one.
 */
function* reach(search: Search, level: number): Generator<Probe, LevelFinding | undefined> {
  const left = search.left(level);
  const spare = (below: number) => Math.floor(left.requests - leastOf(Math.round(below * level)));
  const shownAfter = probeOf(level, ON_THE_WAY);
  const provenAfter = spare(BELOW_HIGHEST.far);
  const perSecond = 1000 / meanOverCalls(search.found, 'cycleMs');
  const callMs = meanOverCalls(search.found, 'callMs');
  const duration = Math.min(left.duration / 2, durationOf(perSecond));
  const isWorthIt = provenAfter > shownAfter && duration > (1000 * shownAfter) / (level * perSecond);
  if (search.find(level) || !isWorthIt) return yield* search.pass(level);
  return yield* search.holdWhile(level, {
    requests: spare(BELOW_HIGHEST.least),
    duration,
    hoped: { perSecond: HOPED * level * perSecond, shownAfter, provenAfter, callMs },
  });
}
