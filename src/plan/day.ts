import TinyQueue from 'tinyqueue';
import type { Millis } from '../core/clock.ts';
import { exponential, lognormalMean, type Rng } from '../core/rng.ts';
import { quantile } from '../stats/quantile.ts';
import type { LimitBucket } from './limits.ts';
import type { LoadCurve } from './load-curve.ts';

/** A day's load, and what serves it. */
export interface Day {
  readonly requestsPerDay: number;
  readonly curve: LoadCurve;
  readonly latencyMs: Millis;
  readonly latencyCv: number;
  /** Coefficient of variation of what a request takes from a token limit. */
  readonly tokensCv: number;
  readonly buckets: readonly LimitBucket[];
  /** Calls at once, over all workers. */
  readonly slots: number;
}

/** One hour of a simulated day. */
export interface Hour {
  readonly arrivals: number;
  readonly started: number;
  /** Share (0–1) of the binding limit used by what was started in this hour. */
  readonly utilization: number;
  /** 95th percentile of the response time of what arrived in this hour; `null` where nothing did. */
  readonly p95Ms: Millis | null;
}

/** What became of a simulated day. */
export interface DayResult {
  readonly requests: number;
  /** Response times: from arrival to answer, waiting for limits and slots included. */
  readonly p50Ms: Millis;
  readonly p95Ms: Millis;
  readonly p99Ms: Millis;
  /** Response time of what arrived in the busiest hour. */
  readonly peakP95Ms: Millis;
  /** Mean time from arrival to start, for slots and limits. */
  readonly meanWaitMs: Millis;
  readonly maxInFlight: number;
  /** Share of requests that began as soon as they came. */
  readonly startedAtOnce: number;
  /** When the last answer had come, since the start of the day; beyond 24 h the day did not keep up. */
  readonly finishedAtMs: Millis;
  readonly hours: readonly Hour[];
}

const HOUR: Millis = 3_600_000;

/** A bucket that a client paces itself by; may only be asked at instants that never go back. */
class Pacing {
  readonly #limit: LimitBucket;
  #level: number;
  #at: Millis = 0;

  constructor(limit: LimitBucket) {
    this.#limit = limit;
    this.#level = limit.capacity;
  }

  /** The first instant from `at` on at which `units` are there. */
  ready(units: number, at: Millis): Millis {
    const missing = Math.min(units, this.#limit.capacity) - this.#levelAt(at);
    return missing > 0 ? at + (missing / this.#limit.unitsPerSecond) * 1000 : at;
  }

  take(units: number, at: Millis): void {
    this.#level = this.#levelAt(at) - Math.min(units, this.#limit.capacity);
    this.#at = at;
  }

  #levelAt(at: Millis): number {
    const refilled = this.#level + ((at - this.#at) / 1000) * this.#limit.unitsPerSecond;
    return Math.min(this.#limit.capacity, refilled);
  }
}

/** Arrival instants of a day: a Poisson process whose rate follows the curve, by stretching unit gaps over the rising load. */
function* arrivals({ requestsPerDay, curve }: Omit<Day, 'buckets' | 'slots'>, rng: Rng): Generator<Millis> {
  const perHour = curve.map((weight) => (weight * requestsPerDay) / curve.length);
  let hour = 0;
  let used = 0; // requests' worth of this hour that has passed
  for (;;) {
    let gap = exponential(rng, 1);
    for (; gap > (perHour[hour] ?? 0) - used; hour++) {
      if (hour >= perHour.length) return;
      gap -= (perHour[hour] ?? 0) - used;
      used = 0;
    }
    used += gap;
    yield (hour + used / (perHour[hour] ?? 1)) * HOUR;
  }
}

/** The chance of a day, drawn once and served by as many tiers as there are. */
export interface DrawnDay {
  readonly arrivals: Float64Array;
  readonly latencies: Float64Array;
  /** What each request takes relative to the mean. */
  readonly sizes: Float64Array;
}

/** Draws a day; the same `rng` gives the same one. */
export const drawDay = (day: Omit<Day, 'buckets' | 'slots'>, rng: Rng): DrawnDay => {
  const [latency, tokens] = [rng.fork('latency'), rng.fork('tokens')];
  const instants = Float64Array.from(arrivals(day, rng.fork('arrivals')));
  return {
    arrivals: instants,
    latencies: instants.map(() => lognormalMean(latency, day.latencyMs, day.latencyCv)),
    sizes: instants.map(() => (day.tokensCv > 0 ? lognormalMean(tokens, 1, day.tokensCv) : 1)),
  };
};

/** Draws a day and serves it. */
export const simulateDay = (day: Day, rng: Rng): DayResult => serveDay(day, drawDay(day, rng));

/**
 * Serves a day, request by request: each waits in line for a slot and for every limit, then takes its latency. The client paces
 * itself, so nothing is rejected. A fraction of a microsecond per request.
 */
export const serveDay = (day: Day, drawn: DrawnDay): DayResult => {
  const pacings = day.buckets.map((limit) => new Pacing(limit));
  const perRequest = day.buckets.map((limit) => limit.perRequest);
  const units = day.buckets.map(() => 0);
  const isCount = day.buckets.map(({ dimension }) => dimension.startsWith('requests'));
  const ends = new TinyQueue<Millis>();
  const responses = new Float64Array(drawn.arrivals.length);
  const perHour = day.curve.map(() => ({ first: responses.length, arrivals: 0, started: 0, used: 0 }));
  const [binding] = day.buckets;
  let line: Millis = 0; // nobody overtakes
  let atOnce = 0;
  let waited = 0;
  let finishedAtMs: Millis = 0;
  let maxInFlight = 0;
  for (let index = 0; index < responses.length; index++) {
    const arrivedAt = drawn.arrivals[index] ?? 0;
    const size = drawn.sizes[index] ?? 1;
    let startAt = Math.max(arrivedAt, line);
    while ((ends.peek() ?? Number.POSITIVE_INFINITY) <= startAt) ends.pop();
    while (ends.length >= day.slots) startAt = Math.max(startAt, ends.pop() ?? 0);
    for (let at = 0; at < pacings.length; at++) {
      units[at] = isCount[at] ? 1 : (perRequest[at] ?? 0) * size;
      startAt = pacings[at]?.ready(units[at] ?? 0, startAt) ?? startAt;
    }
    for (let at = 0; at < pacings.length; at++) pacings[at]?.take(units[at] ?? 0, startAt);
    line = startAt;
    while ((ends.peek() ?? Number.POSITIVE_INFINITY) <= startAt) ends.pop();
    const endAt = startAt + (drawn.latencies[index] ?? 0);
    ends.push(endAt);
    maxInFlight = Math.max(maxInFlight, ends.length);
    finishedAtMs = Math.max(finishedAtMs, endAt);
    waited += startAt - arrivedAt;
    if (startAt === arrivedAt) atOnce++;
    responses[index] = endAt - arrivedAt;
    const arrivalHour = perHour[Math.floor(arrivedAt / HOUR)];
    if (arrivalHour && arrivalHour.arrivals++ === 0) arrivalHour.first = index;
    const startHour = perHour[Math.floor(startAt / HOUR)];
    if (startHour) {
      startHour.started++;
      startHour.used += units[0] ?? 0;
    }
  }
  const inHour = ({ first, arrivals: count }: { readonly first: number; readonly arrivals: number }) =>
    quantile(responses.slice(first, first + count).sort(), 0.95);
  const all = responses.slice().sort();
  const busiest = perHour[day.curve.indexOf(Math.max(...day.curve))];
  return {
    requests: responses.length,
    p50Ms: quantile(all, 0.5),
    p95Ms: quantile(all, 0.95),
    p99Ms: quantile(all, 0.99),
    peakP95Ms: busiest ? inHour(busiest) : Number.NaN,
    meanWaitMs: responses.length > 0 ? waited / responses.length : 0,
    maxInFlight,
    startedAtOnce: responses.length > 0 ? atOnce / responses.length : 1,
    finishedAtMs,
    hours: perHour.map(({ first, arrivals, started, used }) => ({
      arrivals,
      started,
      utilization: binding ? used / (binding.unitsPerSecond * 3600) : 0,
      p95Ms: arrivals > 0 ? inHour({ first, arrivals }) : null,
    })),
  };
};
