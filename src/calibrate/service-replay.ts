import type { Stay } from './observations.ts';

/** How a server shares itself: each in service is slowed by the others, and more than `slots` wait in line. */
export interface LoadModel {
  /** Everything takes 1 + `sharing` · (n − 1) times as long with n in service. */
  readonly sharing: number;
  /** Above `thrashAbove` each further one slows all by another `thrashing`. */
  readonly thrashAbove: number;
  readonly thrashing: number;
  readonly slots: number;
}

/** A server that any number of requests do not slow. */
export const FREE: LoadModel = {
  sharing: 0,
  thrashAbove: Number.POSITIVE_INFINITY,
  thrashing: 0,
  slots: Number.POSITIVE_INFINITY,
};

/** How many times slower than an idle server everything is with `active` in service. */
const slowdownAt = ({ sharing, thrashAbove, thrashing }: LoadModel, active: number): number =>
  (1 + sharing * Math.max(active - 1, 0)) * (1 + thrashing * Math.max(active - thrashAbove, 0));

/** What a replay under a model finds for the stays that ended with a whole answer. */
export interface Replay {
  /** Time that each would have taken alone, in milliseconds, by number of the stay; NaN where it brought no whole answer. */
  readonly work: Float64Array;
  /** The same up to the first token. */
  readonly firstWork: Float64Array;
  /** Natural logarithm of the slow-down at the end of each, added up. */
  readonly logSlowdown: number;
}

/**
 * Runs the observed arrivals and departures through a model: at any instant work passes at 1 ÷ slow-down, and whoever came when
 * all slots were taken starts when one is given back, in order of arrival. `undefined` where someone would have left unserved.
 */
export const replay = (stays: readonly Stay[], model: LoadModel): Replay | undefined => {
  const count = stays.length;
  const work = new Float64Array(count).fill(Number.NaN);
  const firstWork = new Float64Array(count).fill(Number.NaN);
  const started = new Float64Array(count).fill(Number.NaN);
  const events = eventsOf(stays);
  let active = 0;
  let arrived = 0; // stays that have come
  let next = 0; // the first that waits
  let clock = 0;
  let at = 0;
  let logSlowdown = 0;
  for (let event = 0; event < events.length; event += 3) {
    const [instant = 0, kind = 0, index = 0] = [events[event], events[event + 1], events[event + 2]];
    clock += (instant - at) / slowdownAt(model, active);
    at = instant;
    if (kind === ARRIVAL) arrived++;
    else if (kind === FIRST_TOKEN) firstWork[index] = clock - (started[index] ?? Number.NaN);
    else {
      const begun = started[index] ?? Number.NaN;
      if (Number.isNaN(begun)) return undefined;
      if (stays[index]?.whole) {
        work[index] = clock - begun;
        logSlowdown += Math.log(slowdownAt(model, active));
      }
      active--;
    }
    while (next < arrived && active < model.slots) {
      started[next++] = clock;
      active++;
    }
  }
  return { work, firstWork, logSlowdown };
};

const DEPARTURE = 0;
const FIRST_TOKEN = 1;
const ARRIVAL = 2;

const sorted = new WeakMap<readonly Stay[], Float64Array>();

/** Instant, kind and number of the stay, by time; who leaves at an instant does so before others come. */
const eventsOf = (stays: readonly Stay[]): Float64Array => {
  const known = sorted.get(stays);
  if (known) return known;
  const all = stays.flatMap(({ startedAt, endedAt, firstTokenAt }, index) => [
    [startedAt, ARRIVAL, index] as const,
    ...(firstTokenAt === undefined ? [] : [[firstTokenAt, FIRST_TOKEN, index] as const]),
    [endedAt, DEPARTURE, index] as const,
  ]);
  const events = Float64Array.from(all.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]).flat());
  sorted.set(stays, events);
  return events;
};

/**
 * Log-likelihood of what was observed, up to a constant, if work is lognormal with a median and spread that fit best: the density
 * of a work, times how fast work passed at its end.
 */
export const logLikelihood = (runs: readonly (readonly Stay[])[], model: LoadModel): number => {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let slowdowns = 0;
  for (const stays of runs) {
    const replayed = replay(stays, model);
    if (!replayed) return Number.NEGATIVE_INFINITY;
    slowdowns += replayed.logSlowdown;
    for (const each of replayed.work) {
      if (Number.isNaN(each)) continue;
      const log = Math.log(Math.max(each, 1e-6));
      count++;
      sum += log;
      squares += log * log;
    }
  }
  if (count < 2) return Number.NEGATIVE_INFINITY;
  const variance = Math.max(squares / count - (sum / count) ** 2, 1e-6);
  return -sum - (count / 2) * Math.log(variance) - slowdowns;
};
