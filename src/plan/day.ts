import TinyQueue from 'tinyqueue';
import type { Millis } from '../core/clock.ts';
import { exponential, lognormalMean, type Rng } from '../core/rng.ts';
import { quantile } from '../stats/quantile.ts';
import type { LimitBucket, LimitDimension } from './limits.ts';
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
  readonly dimension: LimitDimension;
  readonly #limit: LimitBucket;
  #level: number;
  #at: Millis = 0;

  constructor(limit: LimitBucket) {
    this.#limit = limit;
    this.dimension = limit.dimension;
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
function* arrivals({ requestsPerDay, curve }: Day, rng: Rng): Generator<Millis> {
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

/**
 * Runs one day, request by request: each waits in line for a slot and for every limit, then takes its latency. The client paces
 * itself, so nothing is rejected. About a microsecond per request; the same `rng` gives the same day.
 */
export const simulateDay = (day: Day, rng: Rng): DayResult => {
  const chance = { arrivals: rng.fork('arrivals'), latency: rng.fork('latency'), tokens: rng.fork('tokens') };
  const pacings = day.buckets.map((limit) => ({ limit, pacing: new Pacing(limit) }));
  const ends = new TinyQueue<Millis>();
  const responses: number[] = [];
  const perHour = day.curve.map(() => ({ arrivals: 0, started: 0, used: 0, responses: [] as number[] }));
  const [binding] = day.buckets;
  let line: Millis = 0; // nobody overtakes
  let atOnce = 0;
  let finishedAtMs: Millis = 0;
  let maxInFlight = 0;
  for (const arrivedAt of arrivals(day, chance.arrivals)) {
    const size = day.tokensCv > 0 ? lognormalMean(chance.tokens, 1, day.tokensCv) : 1;
    const unitsOf = ({ dimension, perRequest }: LimitBucket) =>
      dimension.startsWith('requests') ? 1 : perRequest * size;
    let startAt = Math.max(arrivedAt, line);
    while ((ends.peek() ?? Number.POSITIVE_INFINITY) <= startAt) ends.pop();
    while (ends.length >= day.slots) startAt = Math.max(startAt, ends.pop() ?? 0);
    for (const { limit, pacing } of pacings)
      startAt = Math.max(startAt, pacing.ready(unitsOf(limit), startAt));
    for (const { limit, pacing } of pacings) pacing.take(unitsOf(limit), startAt);
    line = startAt;
    while ((ends.peek() ?? Number.POSITIVE_INFINITY) <= startAt) ends.pop();
    const endAt = startAt + lognormalMean(chance.latency, day.latencyMs, day.latencyCv);
    ends.push(endAt);
    maxInFlight = Math.max(maxInFlight, ends.length);
    finishedAtMs = Math.max(finishedAtMs, endAt);
    if (startAt === arrivedAt) atOnce++;
    responses.push(endAt - arrivedAt);
    const arrivalHour = perHour[Math.floor(arrivedAt / HOUR)];
    if (arrivalHour) {
      arrivalHour.arrivals++;
      arrivalHour.responses.push(endAt - arrivedAt);
    }
    const startHour = perHour[Math.floor(startAt / HOUR)];
    if (startHour) {
      startHour.started++;
      startHour.used += binding ? unitsOf(binding) : 0;
    }
  }
  const all = Float64Array.from(responses).sort();
  const p95Of = (values: readonly number[]) => quantile(Float64Array.from(values).sort(), 0.95);
  const busiest = perHour[day.curve.indexOf(Math.max(...day.curve))];
  return {
    requests: responses.length,
    p50Ms: quantile(all, 0.5),
    p95Ms: quantile(all, 0.95),
    p99Ms: quantile(all, 0.99),
    peakP95Ms: p95Of(busiest?.responses ?? []),
    maxInFlight,
    startedAtOnce: responses.length > 0 ? atOnce / responses.length : 1,
    finishedAtMs,
    hours: perHour.map(({ arrivals, started, used, responses }) => ({
      arrivals,
      started,
      utilization: binding ? used / (binding.unitsPerSecond * 3600) : 0,
      p95Ms: responses.length > 0 ? p95Of(responses) : null,
    })),
  };
};
