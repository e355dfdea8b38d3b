import { formatDuration } from '../core/units.ts';
import { drainTail } from '../stats/drain.ts';
import { mean, standardErrorOfMean } from '../stats/moments.ts';
import { type Batch, batchFloorMs, batchTimeMs, concurrencyFor } from './batch-time.ts';
import { check } from './cross-checks.ts';
import { serve } from './day.ts';
import type { DrawnDays } from './drawn-days.ts';
import type { BatchOfRequests, PlanInputs, Tier } from './inputs.ts';
import { type LimitBucket, limitText, pacedBuckets } from './limits.ts';
import type { CrossCheck, TierPlan } from './report.ts';

/** Batches simulated to check the formula. */
const CHECKED_BATCHES = 4;

/** Requests of a larger batch that are simulated. */
const MOST_CHECKED = 50_000;

/** How much longer than its floor a batch may take where nobody asked for fewer calls at once. */
const ALMOST = 1.01;

/** A tier, and the batch that is to run on it. */
export interface BatchOnTier {
  readonly tier: Tier;
  readonly buckets: readonly LimitBucket[];
  readonly inputs: PlanInputs;
  readonly work: BatchOfRequests;
  readonly drawn: DrawnDays;
  /** Whether the formula is held against simulated batches. */
  readonly checked: boolean;
}

/** How long a batch takes on a tier, and how many calls at once it needs. */
export const planBatch = ({ tier, buckets, inputs, work, drawn, checked }: BatchOnTier): TierPlan => {
  const latencyMs = inputs.latencyMs.value;
  const requests = Math.round(work.requests.value * (1 + inputs.retryOverhead.value));
  const paced: Batch = {
    requests,
    latencyMs,
    drainMs: (concurrency) => drainTail(concurrency, inputs.latencyCv.value) * latencyMs,
    buckets: pacedBuckets(buckets),
  };
  const deadline = work.deadlineMs.value;
  const floorMs = batchFloorMs({ ...paced, buckets });
  const needed = concurrencyFor(paced, deadline);
  // Too late in any case: then as fast as it goes.
  const fastest = concurrencyFor(paced, ALMOST * batchFloorMs(paced)) ?? requests;
  const slots = Math.max(1, Math.min(requests, needed ?? fastest));
  const timeMs = batchTimeMs(paced, slots);
  const [limit] = buckets;
  const bound =
    limit && floorMs > latencyMs
      ? `no concurrency beats ${formatDuration(floorMs)}, the time its limit of ${limitText(limit)} takes`
      : `its limits do not bind, and no concurrency beats one call's ${formatDuration(latencyMs)}`;
  return {
    tier,
    verdict: timeMs <= deadline ? 'fits' : 'late',
    because: `${slots === 1 ? 'one call at a time finishes' : `${slots} at once finish`} in ${formatDuration(timeMs)}; ${bound}`,
    buckets,
    maxPerSecond: limit?.requestsPerSecond ?? null,
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
    waits: null,
    batch: { timeMs, floorMs, meetsDeadline: timeMs <= deadline },
    simulation: null,
    checks: checked ? [checkTime(paced, slots, inputs, drawn)] : [],
  };
};

/** The formula beside simulated batches; of a large one beside its first requests. */
const checkTime = (batch: Batch, slots: number, inputs: PlanInputs, drawn: DrawnDays): CrossCheck => {
  const requests = Math.min(batch.requests, MOST_CHECKED);
  const atOnce = Math.min(slots, requests);
  const load = {
    latencyMs: inputs.latencyMs.value,
    latencyCv: inputs.latencyCv.value,
    tokensCv: inputs.tokensCv.value,
  };
  const times = Array.from(
    { length: CHECKED_BATCHES },
    (_, number) =>
      serve({ buckets: batch.buckets, slots: atOnce }, drawn.batch(load, requests, number)).finishedAtMs,
  );
  return check(
    `time of ${requests === batch.requests ? 'the batch' : `the first ${requests.toLocaleString('en-US')} requests`}, ${atOnce} at once`,
    batchTimeMs({ ...batch, requests }, atOnce),
    { value: mean(times), chance: 2 * standardErrorOfMean(times) },
    'ms',
  );
};
