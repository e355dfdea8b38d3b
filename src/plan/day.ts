import type { Millis } from '../core/clock.ts';
import type { Rng } from '../core/rng.ts';
import { quantileInPlace } from '../stats/select.ts';
import { type DayLoad, type DrawnDay, drawDay } from './drawn-day.ts';
import { FreeSlots } from './free-slots.ts';
import type { LimitBucket } from './limits.ts';
import { Pacing } from './pacing.ts';

/** A day's load, and what serves it. */
export interface Day extends DayLoad {
  readonly buckets: readonly LimitBucket[];
  /** Calls at once, over all workers; may be infinite. */
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
  /** Share of requests that began as soon as they came. */
  readonly startedAtOnce: number;
  /** When the last answer had come, since the start of the day; beyond 24 h the day did not keep up. */
  readonly finishedAtMs: Millis;
  readonly hours: readonly Hour[];
}

/** Request by request: when each began, and how the hours went. */
interface Served {
  /** From arrival to start, in milliseconds. */
  readonly waits: Float64Array;
  readonly finishedAtMs: Millis;
  readonly started: Float64Array;
  /** Units of the binding limit that were taken in each hour. */
  readonly used: Float64Array;
}

const HOUR: Millis = 3_600_000;

/**
 * Serves requests in the order in which they came: each waits for a slot and for every limit, then takes its latency. The client
 * paces itself, so nothing is rejected. A tenth of a microsecond per request.
 */
export const serve = (
  { buckets, slots }: Pick<Day, 'buckets' | 'slots'>,
  { arrivals, latencies, sizes }: DrawnDay,
  hours = 0,
): Served => {
  const pacings = buckets.map((limit) => new Pacing(limit));
  const perRequest = Float64Array.from(buckets, (limit) => limit.perRequest);
  /** Requests count one each, whatever their size. */
  const sized = buckets.map(({ dimension }) => !dimension.startsWith('requests'));
  const free = Number.isFinite(slots) ? new FreeSlots(Math.min(slots, arrivals.length)) : undefined;
  const waits = new Float64Array(arrivals.length);
  const [started, used] = [new Float64Array(hours), new Float64Array(hours)];
  let line: Millis = 0; // nobody overtakes
  let finishedAtMs: Millis = 0;
  for (let index = 0; index < waits.length; index++) {
    const arrivedAt = arrivals[index] ?? 0;
    const size = sizes[index] ?? 1;
    let startAt = arrivedAt > line ? arrivedAt : line;
    if (free && free.next > startAt) startAt = free.next;
    for (let at = 0; at < pacings.length; at++) {
      const units = sized[at] ? (perRequest[at] ?? 0) * size : 1;
      startAt = pacings[at]?.ready(units, startAt) ?? startAt;
    }
    for (let at = 0; at < pacings.length; at++)
      pacings[at]?.take(sized[at] ? (perRequest[at] ?? 0) * size : 1, startAt);
    line = startAt;
    const endAt = startAt + (latencies[index] ?? 0);
    free?.takeUntil(endAt);
    if (endAt > finishedAtMs) finishedAtMs = endAt;
    waits[index] = startAt - arrivedAt;
    const hour = Math.floor(startAt / HOUR);
    if (hour < hours) {
      started[hour] = (started[hour] ?? 0) + 1;
      used[hour] = (used[hour] ?? 0) + (sized[0] ? (perRequest[0] ?? 0) * size : 1);
    }
  }
  return { waits, finishedAtMs, started, used };
};

/** Number of the first arrival at or after `at`. */
const firstFrom = (arrivals: Float64Array, at: Millis): number => {
  let low = 0;
  let high = arrivals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((arrivals[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Serves a drawn day and sums it up. */
export const serveDay = (day: Day, drawn: DrawnDay): DayResult => {
  const { arrivals, latencies } = drawn;
  const { waits, finishedAtMs, started, used } = serve(day, drawn, day.curve.length);
  const edges = Array.from({ length: day.curve.length + 1 }, (_, hour) => firstFrom(arrivals, hour * HOUR));
  let atOnce = 0;
  for (const wait of waits) if (wait === 0) atOnce++;
  const responses = waits.map((wait, index) => wait + (latencies[index] ?? 0));
  // Each hour on its own first: what follows reorders the whole.
  const hours = day.curve.map((_, hour): Hour => {
    const [first = 0, end = 0] = [edges[hour], edges[hour + 1]];
    const [binding] = day.buckets;
    return {
      arrivals: end - first,
      started: started[hour] ?? 0,
      utilization: binding ? (used[hour] ?? 0) / (binding.unitsPerSecond * 3600) : 0,
      p95Ms: end > first ? quantileInPlace(responses.subarray(first, end), 0.95) : null,
    };
  });
  return {
    requests: arrivals.length,
    p99Ms: quantileInPlace(responses, 0.99),
    p95Ms: quantileInPlace(responses, 0.95),
    p50Ms: quantileInPlace(responses, 0.5),
    peakP95Ms: hours[day.curve.indexOf(Math.max(...day.curve))]?.p95Ms ?? Number.NaN,
    startedAtOnce: arrivals.length > 0 ? atOnce / arrivals.length : 1,
    finishedAtMs,
    hours,
  };
};

/** Draws a day and serves it. */
export const simulateDay = (day: Day, rng: Rng): DayResult => serveDay(day, drawDay(day, rng));
