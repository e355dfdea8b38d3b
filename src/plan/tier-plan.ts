import { planBatch } from './batch-plan.ts';
import type { DrawnDays } from './drawn-days.ts';
import type { PlanInputs, Tier } from './inputs.ts';
import { limitBuckets } from './limits.ts';
import type { TierPlan } from './report.ts';
import { planStream } from './stream-plan.ts';

/** What `tier` means for the work: formulas first, then a simulation that checks them; with `most` one of so many requests, without checks. */
export const planTier = (tier: Tier, inputs: PlanInputs, drawn: DrawnDays, most?: number): TierPlan => {
  const buckets = limitBuckets(tier.limits, {
    input: inputs.inputTokens.value,
    output: inputs.outputTokens.value,
    ...(inputs.maxTokens ? { maxOutput: inputs.maxTokens.value } : {}),
    cachedShare: inputs.cachedShare.value,
  });
  return inputs.work.kind === 'stream'
    ? planStream({ tier, buckets, inputs, work: inputs.work, drawn, most })
    : planBatch({ tier, buckets, inputs, work: inputs.work, drawn, checked: most === undefined });
};
