import type { BatchSettings } from '../config/resolve-batch.ts';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import type { Usd } from '../core/price.ts';
import { formatUsd } from '../core/units.ts';
import { forecast } from '../run/forecast.ts';
import { worstCase } from '../run/spending.ts';
import { fingerprintOf } from '../store/fingerprint.ts';
import { batchCall } from '../workload/batch-call.ts';
import { unfilled } from '../workload/template.ts';
import { itemsOf } from './batch-files.ts';

/** What one look at the whole input of a batch tells, before anything is sent. */
export interface BatchSurvey {
  /** Hash of the items and of all that an answer depends on. */
  readonly fingerprint: string;
  readonly items: number;
  /** Estimated, of all items. */
  readonly inputTokens: number;
  /** With answers of full length and no retries; `undefined` without a price. */
  readonly costUsd: Usd | undefined;
  /** Names in braces in the prompts that are no column of the first item. */
  readonly unfilled: readonly string[];
  /** What the dearest item may cost at most; 0 without a price. */
  readonly worstUsd: Usd;
}

/** What an answer depends on beside its prompt. */
const aboutOf = ({ maxTokens, run: { target } }: BatchSettings) => [
  target.kind,
  target.model,
  target.kind === 'mock' ? target.profile : target.baseUrl,
  maxTokens,
];

/** Reads the whole input once, so that a bad line is refused before any traffic. Throws `UsageError`. */
export const surveyBatch = async (settings: BatchSettings): Promise<BatchSurvey> => {
  const { priceOf } = settings.run.money;
  const price = priceOf(undefined);
  let inputTokens = 0;
  let costUsd = 0;
  let worstUsd = 0;
  let unknown: readonly string[] | undefined;
  async function* prompts(): AsyncGenerator<string> {
    for await (const item of itemsOf(settings)) {
      const call = batchCall(settings, item);
      unknown ??= unfilled(`${settings.system ?? ''}${settings.prompt}`, item);
      const foretold = forecast([call], { requests: 1 }, 1, priceOf);
      inputTokens += foretold.inputTokens ?? 0;
      costUsd += foretold.costUsd ?? 0;
      if (price) worstUsd = Math.max(worstUsd, worstCase(call, price));
      yield call.messages.map(({ content }) => content).join('\n');
    }
  }
  const { fingerprint, items } = await fingerprintOf(aboutOf(settings), prompts());
  if (items === 0) throw new UsageError(`--input ${settings.input.path} holds no items`);
  return { fingerprint, items, inputTokens, costUsd: price && costUsd, worstUsd, unfilled: unknown ?? [] };
};

/** How many calls at once the spending cap can bear. Throws `UsageError` if it cannot bear what was asked for. */
export const affordable = (
  { concurrency, run: { money } }: BatchSettings,
  worstUsd: Usd,
  spentBefore: Usd,
): number => {
  const most = worstUsd === 0 ? Number.POSITIVE_INFINITY : Math.floor((money.cap - spentBefore) / worstUsd);
  const asked = concurrency === 'auto' ? 1 : concurrency;
  if (asked <= most) return most;
  if (spentBefore > 0)
    throw new BenchError(
      EXIT.cost,
      `the spending cap of ${formatUsd(money.cap)} holds for the whole batch, and the runs before have cost ${formatUsd(spentBefore)}: ${asked} more at once could cost up to ${formatUsd(asked * worstUsd)}`,
      { hint: 'Raise --max-cost to what the batch may cost in all, or lower --concurrency.' },
    );
  throw new UsageError(
    `--max-cost: ${asked} at once could cost up to ${formatUsd(asked * worstUsd)} before the first answer, above the cap of ${formatUsd(money.cap)}`,
    'Raise --max-cost, lower --concurrency, or allow shorter answers with --max-tokens.',
  );
};
