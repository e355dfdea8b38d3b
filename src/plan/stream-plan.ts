import { quantile } from '../stats/quantile.ts';
import { check, crossChecks, fewerSlots } from './cross-checks.ts';
import { type Day, type DayResult, serveDay } from './day.ts';
import type { DrawnDays } from './drawn-days.ts';
import type { PlanInputs, StreamOfRequests, Tier } from './inputs.ts';
import { judgeStream } from './judge-stream.ts';
import { type LimitBucket, pacedWaitMs } from './limits.ts';
import { peakFactorOf } from './load-curve.ts';
import type { CrossCheck, PeakWaits, SimulatedDays, TierPlan } from './report.ts';
import { meanSlotWaitMs, peakedness, slotsFor, slotWaitQuantileMs } from './slots.ts';

/** Share of requests that are to find a slot free at the peak. */
const SLOT_QUANTILE = 0.99;

/** Requests whose percentiles no more days would make better known. */
const ENOUGH_REQUESTS = 600_000;

/** A tier, and the stream of requests that is to run on it. */
export interface StreamOnTier {
  readonly tier: Tier;
  readonly buckets: readonly LimitBucket[];
  readonly inputs: PlanInputs;
  readonly work: StreamOfRequests;
  readonly drawn: DrawnDays;
  /** Most requests to simulate, over all days, and without checking formulas; `undefined` for a plan in full. */
  readonly most: number | undefined;
}

/** What a day's stream of requests needs of a tier. */
export const planStream = (on: StreamOnTier): TierPlan => {
  const { tier, inputs, work, drawn, most = ENOUGH_REQUESTS } = on;
  const peakFactor = peakFactorOf(work.curve.value);
  const attempts = 1 + inputs.retryOverhead.value;
  const mean = (work.perDay.value / 86_400) * attempts;
  const peak = mean * peakFactor;
  /** Attempts per second at the peak that a limit bears: a day's quota does not care when in the day they come. */
  const bears = ({ dimension, requestsPerSecond }: LimitBucket): number =>
    dimension === 'requests per day' ? requestsPerSecond * peakFactor : requestsPerSecond;
  const keepsUp = on.buckets.every(({ requestsPerSecond }) => mean < requestsPerSecond);
  // As they come, the tightest over the day is first; of a day that fits it is the peak that tells.
  const buckets = keepsUp ? on.buckets.toSorted((a, b) => bears(a) - bears(b)) : on.buckets;
  const [binding] = buckets;
  const utilization = binding
    ? { mean: mean / binding.requestsPerSecond, peak: peak / bears(binding) }
    : null;
  const below = !utilization || utilization.peak < 1;
  // What the limit lets through is all that can be in flight, however much is asked for.
  const load = (Math.min(peak, binding ? bears(binding) : peak) * inputs.latencyMs.value) / 1000;
  const z = peakedness(1 / work.burstiness.value, inputs.latencyCv.value);
  const day: Day = {
    requestsPerDay: work.perDay.value * attempts,
    curve: work.curve.value,
    burstiness: work.burstiness.value,
    latencyMs: inputs.latencyMs.value,
    latencyCv: inputs.latencyCv.value,
    tokensCv: inputs.tokensCv.value,
    buckets,
    slots: slotsFor(load, SLOT_QUANTILE, z),
  };
  // A day that never catches up has no percentiles worth the name; of many requests, fewer days tell as much.
  const days = Math.max(1, Math.min(inputs.days, Math.floor(most / day.requestsPerDay)));
  const simulation = keepsUp
    ? simulateDays(day, days, Math.max(1, day.requestsPerDay / most), z, drawn)
    : null;
  const perDay = binding ? (bears(binding) * 86_400) / (attempts * peakFactor) : null;
  const breaksAt =
    perDay === null ? null : { withHeadroomPerDay: perDay * (1 - inputs.headroom.value), perDay };
  return {
    tier,
    ...judgeStream({ utilization, keepsUp, simulation, buckets, inputs, work }),
    buckets,
    maxPerSecond: binding?.requestsPerSecond ?? null,
    demandPerSecond: { mean, peak },
    utilization,
    breaksAt,
    monthsLeft: breaksAt ? monthsUntil(breaksAt.withHeadroomPerDay / work.perDay.value, inputs) : null,
    concurrency: {
      mean: load,
      slots: day.slots,
      quantile: SLOT_QUANTILE,
      workers: Math.ceil(day.slots / inputs.slotsPerWorker.value),
    },
    waits: below ? waitsOf(day, peak, load, z) : null,
    batch: null,
    simulation,
    checks:
      simulation && below && on.most === undefined
        ? [arrivalCheck(peak, simulation), ...crossChecks(day, binding, drawn)]
        : [],
  };
};

/** Months until a load that grows by the given share each month is `factor` times today's; 0 if it is already. */
const monthsUntil = (factor: number, { growthPerMonth }: PlanInputs): number | null => {
  if (growthPerMonth.value <= 0) return null;
  return Math.max(0, Math.log(factor) / Math.log(1 + growthPerMonth.value));
};

const waitsOf = (day: Day, perSecond: number, load: number, z: number): PeakWaits => {
  const [binding] = day.buckets;
  const arrivalCv2 = 1 / day.burstiness;
  const few = fewerSlots(day.slots, load, z);
  const queue = {
    slots: few,
    arrivalsPerSecond: perSecond,
    latencyMs: day.latencyMs,
    latencyCv2: day.latencyCv ** 2,
    arrivalCv2,
  };
  return {
    fewer:
      few < day.slots
        ? { slots: few, meanMs: meanSlotWaitMs(queue), p95Ms: slotWaitQuantileMs(queue, 0.95) }
        : null,
    limitMeanMs:
      binding && binding.dimension !== 'requests per day'
        ? pacedWaitMs(binding, perSecond, binding.dimension === 'requests' ? 0 : day.tokensCv, arrivalCv2)
        : null,
  };
};

/** A load so many times smaller, on limits and slots to match: a queue at a limit lasts as long, chance weighs a little more. */
const scaledDown = (day: Day, factor: number, z: number): Day => {
  if (factor === 1) return day;
  const load = (day.requestsPerDay * peakFactorOf(day.curve) * day.latencyMs) / 86_400_000;
  const part = Math.min(1, day.slots / slotsFor(load, SLOT_QUANTILE, z)); // less where the limit admits less than the peak
  return {
    ...day,
    requestsPerDay: day.requestsPerDay / factor,
    slots: slotsFor((load * part) / factor, SLOT_QUANTILE, z),
    buckets: day.buckets.map((bucket) => ({
      ...bucket,
      unitsPerSecond: bucket.unitsPerSecond / factor,
      requestsPerSecond: bucket.requestsPerSecond / factor,
      capacity: Math.max(bucket.capacity / factor, bucket.perRequest),
    })),
  };
};

const simulateDays = (
  whole: Day,
  days: number,
  oneIn: number,
  z: number,
  drawn: DrawnDays,
): SimulatedDays => {
  const day = scaledDown(whole, oneIn, z);
  const results = Array.from({ length: days }, (_, number) => serveDay(day, drawn.day(day, number)));
  const middle = (of: (result: DayResult) => number) =>
    quantile(Float64Array.from(results.map(of).filter(Number.isFinite)).sort(), 0.5);
  const most = (of: (result: DayResult) => number) => Math.max(...results.map(of).filter(Number.isFinite));
  const hours = results[0]?.hours ?? [];
  return {
    days,
    oneIn,
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p95Ms: middle(({ p95Ms }) => p95Ms),
    peakP95Ms: middle(({ peakP95Ms }) => peakP95Ms),
    worstPeakP95Ms: most(({ peakP95Ms }) => peakP95Ms),
    startedAtOnce: middle(({ startedAtOnce }) => startedAtOnce),
    finishedAtMs: most(({ finishedAtMs }) => finishedAtMs),
    hours: hours.map((hour) => ({
      ...hour,
      arrivals: Math.round(hour.arrivals * oneIn),
      started: Math.round(hour.started * oneIn),
    })),
  };
};

const arrivalCheck = (peak: number, { hours }: SimulatedDays): CrossCheck => {
  const arrivals = Math.max(...hours.map((hour) => hour.arrivals));
  return check(
    'arrivals in the busiest hour',
    peak,
    { value: arrivals / 3600, chance: (2 * Math.sqrt(arrivals)) / 3600 },
    'per second',
  );
};
