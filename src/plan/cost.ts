import type { PlanInputs } from './inputs.ts';
import type { PlanCost } from './report.ts';

/** Requests of the work: of one day of a stream, or of the whole batch. */
export const requestsOf = ({ work }: PlanInputs): number =>
  work.kind === 'stream' ? work.perDay.value : work.requests.value;

/**
 * What the work costs: N·(E[in]·p_in + E[out]·p_out, cached input at its own price). Waste is what retries would cost if every
 * attempt beyond the first were paid for its input: rejected attempts usually are not, so it is an upper bound.
 */
export const planCost = (inputs: PlanInputs): PlanCost | null => {
  if (!inputs.price) return null;
  const { inputUsd, outputUsd, cachedInputUsd } = inputs.price.value;
  const cached = inputs.inputTokens.value * inputs.cachedShare.value;
  const inputCost = ((inputs.inputTokens.value - cached) * inputUsd + cached * cachedInputUsd) / 1e6;
  const perRequestUsd = inputCost + (inputs.outputTokens.value * outputUsd) / 1e6;
  const requests = requestsOf(inputs);
  const wasteUsd = requests * inputs.retryOverhead.value * inputCost;
  return {
    perRequestUsd,
    totalUsd: requests * perRequestUsd + wasteUsd,
    wasteUsd,
    throughBatchApiUsd: requests * perRequestUsd * (1 - inputs.batchDiscount.value),
    breakEvenCachedShare: breakEven(inputs),
  };
};

/** Where N·(in·((1 − s)·p_in + s·p_cached) + out·p_out) = (1 − discount)·N·(in·p_in + out·p_out). */
const breakEven = ({ price, inputTokens, outputTokens, batchDiscount }: PlanInputs): number | null => {
  if (!price) return null;
  const { inputUsd, outputUsd, cachedInputUsd } = price.value;
  const full = inputTokens.value * inputUsd + outputTokens.value * outputUsd;
  const share = (batchDiscount.value * full) / (inputTokens.value * (inputUsd - cachedInputUsd));
  return share >= 0 && share <= 1 ? share : null;
};
