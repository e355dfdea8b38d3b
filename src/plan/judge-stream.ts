import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import type { PlanInputs, StreamOfRequests } from './inputs.ts';
import { type LimitBucket, limitText } from './limits.ts';
import type { SimulatedDays, TierPlan, TierVerdict } from './report.ts';

const DAY_MS = 86_400_000;

/** What is known of a stream on a tier when it is judged. */
export interface StreamFindings {
  readonly utilization: TierPlan['utilization'];
  /** No limit is below the day's mean. */
  readonly keepsUp: boolean;
  readonly simulation: SimulatedDays | null;
  /** The one that binds at the peak first. */
  readonly buckets: readonly LimitBucket[];
  readonly inputs: PlanInputs;
  readonly work: StreamOfRequests;
}

/** Whether a tier carries a stream, and why or why not, in one sentence. */
export const judgeStream = ({
  utilization,
  keepsUp,
  simulation,
  buckets,
  inputs: { headroom },
  work: { sloP95Ms },
}: StreamFindings): { readonly verdict: TierVerdict; readonly because: string } => {
  const [binding] = buckets;
  const reached = Number.isFinite(simulation?.peakP95Ms);
  const p95 = reached
    ? `p95 at the peak is ${formatDuration(simulation?.peakP95Ms ?? 0)}`
    : 'too few come for percentiles';
  const late = sloP95Ms && simulation && simulation.peakP95Ms > sloP95Ms.value;
  const tooLate = `${p95}, above the ${formatDuration(sloP95Ms?.value ?? 0)} asked for`;
  if (!utilization || !binding) {
    return late
      ? { verdict: 'late', because: `it has no limit, but ${tooLate}` }
      : { verdict: 'fits', because: `it has no limit; ${p95}` };
  }
  const limit = `its limit of ${limitText(binding)}`;
  if (!keepsUp || !simulation) {
    return {
      verdict: 'too-small',
      because: `the whole day asks for ${formatNumber(utilization.mean)} times ${limit}: it never catches up`,
    };
  }
  if (utilization.peak >= 1) {
    return {
      verdict: 'queues',
      because: `the peak asks for ${formatPercent(utilization.peak)} of ${limit}: requests queue (${p95}) and the day ends ${endOfDay(simulation)}`,
    };
  }
  if (late)
    return { verdict: 'late', because: `${tooLate}, at ${formatPercent(utilization.peak)} of ${limit}` };
  const free = formatPercent(1 - utilization.peak);
  return utilization.peak > 1 - headroom.value
    ? {
        verdict: 'tight',
        because: `the peak leaves ${free} of ${limit}, less than the ${formatPercent(headroom.value)} asked for; ${p95}`,
      }
    : { verdict: 'fits', because: `the peak leaves ${free} of ${limit}; ${p95}` };
};

const endOfDay = ({ finishedAtMs }: SimulatedDays): string =>
  finishedAtMs <= DAY_MS * 1.01
    ? 'with everything answered'
    : `${formatDuration(finishedAtMs - DAY_MS)} late`;
