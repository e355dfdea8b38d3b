import type { Millis } from '../core/clock.ts';

/** Enough to know a latency whose coefficient of variation is 0.3 to ± 8 %, at a level that hardly any endpoint refuses. */
export const FIRST = { level: 4, requests: 60 } as const;

/** A throughput known to ± 5 % after about this many requests of the usual spread. */
export const MOST = 150;

/** On the way up, from one level to its double, half as many tell whether something gives way. */
export const ON_THE_WAY = 75;

/** Sequential calls that know the p95 of an idle endpoint: from 72 on its interval is finite. */
export const UNLOADED = 80;

/** Limits count per minute: an answer must hold for longer than a full bucket can carry it. */
export const HOLDING: Millis = 90_000;

/** Slots' worth of requests from the first start to a steady part: one to be let in, one while it ramps up, one and a half to settle, one to be measured. */
const ROUNDS = 4.5;

/**
 * Fewest requests that a probe is worth: with less a level has no steady part, and one with a queue looks far faster than it is. The first, without
 * which there is no answer at all, does with little.
 */
export const leastOf = (level: number): number =>
  level <= FIRST.level ? 2 * level + FIRST.level : Math.ceil(ROUNDS * level);

/**
 * Requests of a probe that is to bring so many: a level needs itself to be let in, as many again while it ramps up, one and a half to
 * settle, and itself again to be measured.
 */
export const probeOf = (level: number, measured: number): number =>
  Math.max(measured + 2 * level, Math.ceil(ROUNDS * level));

/** A server whose calls take more than so many times as long at the highest level has given way before. */
const SLOWEST = 4;

/** How long the highest level is measured at most: past a minute's bucket, and for as many rounds as a probe needs where calls are slower than that. */
export const durationOf = (perSecondOfSlot: number): Millis =>
  Math.max(HOLDING, (1000 * SLOWEST * ROUNDS) / perSecondOfSlot);
