import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { drainTail } from '../stats/drain.ts';
import { quantile } from '../stats/quantile.ts';
import { batchFloorMs, batchTimeMs, concurrencyFor } from './batch-time.ts';
import { crossChecks } from './cross-checks.ts';
import { type Day, type DayResult, serveDay } from './day.ts';
import type { DrawnDays } from './drawn-days.ts';
import type { BatchOfRequests, PlanInputs, StreamOfRequests, Tier } from './inputs.ts';
import { type LimitBucket, limitBuckets } from './limits.ts';
import { peakFactorOf } from './load-curve.ts';
import type { SimulatedDays, TierPlan, TierVerdict } from './report.ts';
import { poissonQuantile } from './slots.ts';

/** Share of requests that are to find a slot free at the peak. */
const SLOT_QUANTILE = 0.99;

const DAY_MS = 86_400_000;

/** Requests whose percentiles no more days would make better known. */
const ENOUGH_REQUESTS = 600_000;

const bucketsOf = (tier: Tier, inputs: PlanInputs): readonly LimitBucket[] =>
  limitBuckets(tier.limits, {
    input: inputs.inputTokens.value,
    output: inputs.outputTokens.value,
    ...(inputs.maxTokens ? { maxOutput: inputs.maxTokens.value } : {}),
    cachedShare: inputs.cachedShare.value,
  });

/** What `tier` means for the work: formulas first, then simulated days that check them. */
export const planTier = (tier: Tier, inputs: PlanInputs, drawn: DrawnDays): TierPlan =>
  inputs.work.kind === 'stream'
    ? planStream(tier, inputs, inputs.work, drawn)
    : planBatch(tier, inputs, inputs.work);

const planStream = (tier: Tier, inputs: PlanInputs, work: StreamOfRequests, drawn: DrawnDays): TierPlan => {
  const buckets = bucketsOf(tier, inputs);
  const peakFactor = peakFactorOf(work.curve.value);
  const attempts = 1 + inputs.retryOverhead.value;
  const mean = (work.perDay.value / 86_400) * attempts;
  const peak = mean * peakFactor;
  const maxPerSecond = buckets[0]?.requestsPerSecond ?? null;
  const utilization = maxPerSecond === null ? null : { mean: mean / maxPerSecond, peak: peak / maxPerSecond };
  // What the limit lets through is all that can be in flight, however much is asked for.
  const admitted = Math.min(peak, maxPerSecond ?? peak);
  const load = (admitted * inputs.latencyMs.value) / 1000;
  const slots = Math.max(1, poissonQuantile(load, SLOT_QUANTILE));
  const breaksAt = maxPerSecond === null ? null : breakingPoints(maxPerSecond, attempts * peakFactor, inputs);
  const day: Day = {
    requestsPerDay: work.perDay.value * attempts,
    curve: work.curve.value,
    latencyMs: inputs.latencyMs.value,
    latencyCv: inputs.latencyCv.value,
    tokensCv: inputs.tokensCv.value,
    buckets,
    slots,
  };
  // A day that never catches up has no percentiles worth the name; of many requests, fewer days tell as much.
  const days = Math.max(1, Math.min(inputs.days, Math.floor(ENOUGH_REQUESTS / day.requestsPerDay)));
  const simulation = (utilization?.mean ?? 0) >= 1 ? null : simulateDays(day, days, drawn);
  const { verdict, because } = judgeStream(utilization, simulation, inputs, work, buckets[0]);
  return {
    tier,
    verdict,
    because,
    buckets,
    maxPerSecond,
    demandPerSecond: { mean, peak },
    utilization,
    breaksAt,
    monthsLeft: breaksAt ? monthsUntil(breaksAt.withHeadroomPerDay / work.perDay.value, inputs) : null,
    concurrency: {
      mean: load,
      slots,
      quantile: SLOT_QUANTILE,
      workers: Math.ceil(slots / inputs.slotsPerWorker.value),
    },
    batch: null,
    simulation,
    checks: crossChecks(day, load, drawn),
  };
};

const breakingPoints = (maxPerSecond: number, factor: number, { headroom }: PlanInputs) => {
  const perDay = (maxPerSecond * 86_400) / factor;
  return { withHeadroomPerDay: perDay * (1 - headroom.value), perDay };
};

/** Months until a load that grows by the given share each month is `factor` times today's; 0 if it is already. */
const monthsUntil = (factor: number, { growthPerMonth }: PlanInputs): number | null => {
  if (growthPerMonth.value <= 0) return null;
  return Math.max(0, Math.log(factor) / Math.log(1 + growthPerMonth.value));
};

const simulateDays = (day: Day, days: number, drawn: DrawnDays): SimulatedDays => {
  const results = Array.from({ length: days }, (_, number) => serveDay(day, drawn.day(day, number)));
  const median = (of: (result: DayResult) => number) =>
    quantile(Float64Array.from(results.map(of)).sort(), 0.5);
  return {
    days,
    p50Ms: median(({ p50Ms }) => p50Ms),
    p95Ms: median(({ p95Ms }) => p95Ms),
    peakP95Ms: median(({ peakP95Ms }) => peakP95Ms),
    worstPeakP95Ms: Math.max(...results.map(({ peakP95Ms }) => peakP95Ms)),
    maxInFlight: Math.max(...results.map(({ maxInFlight }) => maxInFlight)),
    startedAtOnce: median(({ startedAtOnce }) => startedAtOnce),
    finishedAtMs: Math.max(...results.map(({ finishedAtMs }) => finishedAtMs)),
    hours: results[0]?.hours ?? [],
  };
};

const judgeStream = (
  utilization: TierPlan['utilization'],
  simulation: SimulatedDays | null,
  { headroom }: PlanInputs,
  { sloP95Ms }: StreamOfRequests,
  binding: LimitBucket | undefined,
): { readonly verdict: TierVerdict; readonly because: string } => {
  const p95 = formatDuration(simulation?.peakP95Ms ?? Number.NaN);
  if (!utilization || !binding) {
    return { verdict: 'fits', because: `it has no limit; p95 at the peak is ${p95}` };
  }
  const limit = `its limit of ${formatNumber(binding.unitsPerSecond * 60)} ${binding.dimension} per minute`;
  if (utilization.mean >= 1 || !simulation) {
    return {
      verdict: 'too-small',
      because: `the whole day asks for ${formatNumber(utilization.mean)} times ${limit}: it never catches up`,
    };
  }
  if (utilization.peak >= 1) {
    return {
      verdict: 'queues',
      because: `the peak asks for ${formatPercent(utilization.peak)} of ${limit}: requests queue (p95 at the peak ${p95}) and the day ends ${endOfDay(simulation)}`,
    };
  }
  if (sloP95Ms && simulation.peakP95Ms > sloP95Ms.value) {
    return {
      verdict: 'late',
      because: `p95 at the peak is ${p95}, above the ${formatDuration(sloP95Ms.value)} asked for, at ${formatPercent(utilization.peak)} of ${limit}`,
    };
  }
  const free = formatPercent(1 - utilization.peak);
  return utilization.peak > 1 - headroom.value
    ? {
        verdict: 'tight',
        because: `the peak leaves ${free} of ${limit}, less than the ${formatPercent(headroom.value)} asked for; p95 at the peak is ${p95}`,
      }
    : { verdict: 'fits', because: `the peak leaves ${free} of ${limit}; p95 at the peak is ${p95}` };
};

const endOfDay = ({ finishedAtMs }: SimulatedDays): string =>
  finishedAtMs <= DAY_MS * 1.01
    ? 'with everything answered'
    : `${formatDuration(finishedAtMs - DAY_MS)} late`;

const planBatch = (tier: Tier, inputs: PlanInputs, work: BatchOfRequests): TierPlan => {
  const buckets = bucketsOf(tier, inputs);
  const requests = Math.round(work.requests.value * (1 + inputs.retryOverhead.value));
  const batch = {
    requests,
    latencyMs: inputs.latencyMs.value,
    drainMs: (concurrency: number) => drainTail(concurrency, inputs.latencyCv.value) * inputs.latencyMs.value,
    buckets,
  };
  const maxPerSecond = buckets[0]?.requestsPerSecond ?? null;
  const floorMs = batchFloorMs(batch);
  const deadline = work.deadlineMs?.value;
  const needed = deadline === undefined ? undefined : concurrencyFor(batch, deadline);
  // Without a deadline: as many as the limit can use, by Little's law, and no more than one worker holds if nothing limits.
  const useful = Math.ceil(((maxPerSecond ?? Number.POSITIVE_INFINITY) * inputs.latencyMs.value) / 1000);
  const slots = Math.max(1, Math.min(requests, needed ?? Math.min(useful, inputs.slotsPerWorker.value)));
  const timeMs = batchTimeMs(batch, slots);
  const meetsDeadline = deadline === undefined ? null : timeMs <= deadline;
  const limit = buckets[0];
  const bound =
    limit && floorMs > inputs.latencyMs.value
      ? `no concurrency beats ${formatDuration(floorMs)}, the time its limit of ${formatNumber(limit.unitsPerSecond * 60)} ${limit.dimension} per minute takes`
      : 'its limits do not bind';
  return {
    tier,
    verdict: meetsDeadline === false ? 'late' : 'fits',
    because: `${slots} at once finish in ${formatDuration(timeMs)}; ${bound}`,
    buckets,
    maxPerSecond,
    demandPerSecond: null,
    utilization: null,
    breaksAt: null,
    monthsLeft: null,
    concurrency: {
      mean: slots,
      slots,
      quantile: null,
      workers: Math.ceil(slots / inputs.slotsPerWorker.value),
    },
    batch: { timeMs, floorMs, meetsDeadline },
    simulation: null,
    checks: [],
  };
};
