import type { BatchSettings } from '../config/resolve-batch.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { formatUsd } from '../core/units.ts';
import { limiterSentence, retryWords } from '../run/policy.ts';
import type { BatchJournal } from '../store/batch-journal.ts';
import type { BatchConcurrency } from './batch-concurrency.ts';
import type { BatchSurvey } from './batch-survey.ts';
import { moneyWords } from './introduce.ts';
import type { Progress } from './progress.ts';
import type { OpenTarget } from './target.ts';
import { unusedProxies } from './unused-proxies.ts';

/** Says what a batch is about to do. */
export const introduceBatch = (
  { run, resume }: BatchSettings,
  {
    target,
    survey,
    concurrency,
    journal,
    limits,
  }: {
    readonly target: OpenTarget;
    readonly survey: BatchSurvey | undefined;
    readonly concurrency: BatchConcurrency;
    readonly journal: BatchJournal;
    readonly limits: readonly KnownLimit[];
  },
  { note }: Progress,
): void => {
  const { level, because, limiter } = concurrency;
  note(`${survey?.items ?? 'all'} items against ${target.label}, ${level} at once: ${because}`);
  if (resume) note(`${journal.ok} of them are answered already and not sent again`);
  const policy = { ...run.policy, limiter };
  note(`policy ${policy.name}: ${limiterSentence(policy, limits)}; ${retryWords(policy)}`);
  for (const name of survey?.unfilled ?? [])
    note(`{${name}} in the prompt is no column of the input: it is sent as it stands`);
  const money = moneyWords(run);
  if (money !== undefined) note(money);
  if (journal.costUsd > 0 && Number.isFinite(run.money.cap))
    note(`the cap holds for the whole batch: the runs before have cost ${formatUsd(journal.costUsd)} of it`);
  const proxies = unusedProxies(run, process.env);
  if (proxies) note(proxies);
  note(`journal: ${journal.path}`);
};
