import { type BatchSettings, STANDARD } from '../config/resolve-batch.ts';
import { type Clock, ScaledClock, SystemClock } from '../core/clock.ts';
import { BenchError, EXIT, type ExitCode, UsageError } from '../core/errors.ts';
import type { RequestRecord } from '../core/record.ts';
import { createRng } from '../core/rng.ts';
import { openTurnstile, turnstile } from '../core/turnstile.ts';
import { LevelAccumulator } from '../measure/summarize.ts';
import { batchSource } from '../run/batch.ts';
import { runStretch } from '../run/level.ts';
import { createPolicy, type LivePolicy } from '../run/policy.ts';
import { preflight } from '../run/preflight.ts';
import { RunStop } from '../run/run-stop.ts';
import { Spending } from '../run/spending.ts';
import type { BatchRow } from '../store/batch-row.ts';
import { batchCall } from '../workload/batch-call.ts';
import type { Item } from '../workload/items.ts';
import { type BatchConcurrency, concurrencyOf } from './batch-concurrency.ts';
import {
  type AnsweredBefore,
  answeredBefore,
  isComplete,
  itemsOf,
  journalPath,
  NOTHING,
  type OpenJournal,
  openJournal,
  writeResults,
} from './batch-files.ts';
import { lockFile } from './batch-lock.ts';
import { affordable, type BatchSurvey, surveyBatch } from './batch-survey.ts';
import { batchPlanText, batchSummary, costOfRest } from './batch-words.ts';
import { askFirst } from './confirm.ts';
import { introduceBatch } from './introduce-batch.ts';
import { knownLimits } from './known-limits.ts';
import { createProgress, type Progress } from './progress.ts';
import { stopOnSignal } from './signals.ts';
import { type OpenTarget, openTarget, profileOf } from './target.ts';
import { proxyOnTheWay } from './unused-proxies.ts';

/** So many refusals in a row, before anything has succeeded, show that the endpoint takes nothing of the kind. */
const PATIENCE = 20;

const costOfAttempts = ({ attempts }: RequestRecord): number | null => {
  const known = attempts.flatMap(({ costUsd }) => costUsd ?? []);
  return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0);
};

const rowOf = (item: Item, record: RequestRecord, output: string | undefined): BatchRow => ({
  index: item.index,
  input: item.text,
  output: record.outcome === 'ok' ? (output ?? '') : null,
  inputTokens: record.usage?.inputTokens ?? null,
  outputTokens: record.usage?.outputTokens ?? null,
  attempts: record.attempts.length,
  costUsd: costOfAttempts(record),
  error: record.failure ? `${record.failure.kind}: ${record.failure.message}` : null,
});

/** The items that are still to be done. */
async function* left(settings: BatchSettings, { journal }: OpenJournal): AsyncGenerator<Item> {
  for await (const item of itemsOf(settings)) if (!journal.isAnswered(item.index)) yield item;
}

interface Batch {
  readonly settings: BatchSettings;
  readonly target: OpenTarget;
  readonly open: OpenJournal;
  /** How many there are, if that is known before they are read. */
  readonly items: number | undefined;
  readonly stop: RunStop;
  readonly progress: Progress;
  readonly concurrency: BatchConcurrency;
  readonly figures: LevelAccumulator;
  readonly policy: LivePolicy;
}

/** Sends everything that is left; each item is in the journal as soon as it has ended. */
const work = async ({
  settings,
  target,
  open,
  items,
  stop,
  progress,
  concurrency,
  figures,
  policy,
}: Batch): Promise<void> => {
  const { run } = settings;
  const { level } = concurrency;
  const real = new SystemClock();
  const clock: Clock = target.virtual ?? (run.speed === 1 ? real : new ScaledClock(real, run.speed));
  progress.follow(clock, target.virtual ? Number.POSITIVE_INFINITY : run.speed);
  const rng = createRng(run.seed);
  const fail = (error: unknown) =>
    stop.abort(
      error instanceof BenchError ? error : new BenchError(EXIT.internal, String(error), { cause: error }),
    );
  const spending =
    run.money.source === undefined
      ? undefined
      : new Spending(run.money.priceOf, run.money.cap, open.journal.costUsd);
  const [like] = run.sample.calls;
  if (run.preflight && like) {
    const { client } = target.endpoint;
    const { attemptTimeout: timeout } = run;
    const proxy = proxyOnTheWay(run, process.env);
    const { signal } = stop;
    const remark = await preflight({ client, like, clock: real, timeout, signal, spending, proxy });
    if (remark) progress.note(remark);
  }
  const source = batchSource({
    clock,
    signal: stop.signal,
    rng: rng.fork('requests'),
    items: left(settings, open),
    aside: (read) => (target.virtual ? target.virtual.aside(read) : read()),
    call: (item) => batchCall(settings, item),
    onEnd(item, record, output) {
      try {
        open.journal.append(rowOf(item, record, output));
      } catch (error) {
        fail(error);
      }
    },
    onBadInput: fail,
  });
  const until = items === undefined ? {} : { requests: items - open.journal.ok };
  progress.onStretch(level, 'measure', until, undefined, 'batch');
  const runtime = {
    clock,
    rng,
    stop,
    turnstile: target.virtual ? openTurnstile : turnstile(),
    spending,
    recorders: [{ record: (record: RequestRecord) => figures.add(record) }, progress],
  };
  const plan = {
    scenario: run.scenario,
    endpoint: target.endpoint,
    retry: policy.retry,
    pace: policy.pace(clock),
    attemptTimeout: run.attemptTimeout,
  };
  const stretch = { level, phase: 'measure', driver: concurrency.driver(), until } as const;
  const whole = () => runStretch(stretch, plan, runtime, source);
  await (target.virtual ? target.virtual.run(whole) : whole());
  progress.onMeasured();
};

/** What is known before anything is sent, and how it is to be done. */
const prepare = async (settings: BatchSettings) => {
  const survey = settings.input.path === STANDARD ? undefined : await surveyBatch(settings);
  const before = survey ? answeredBefore(settings, survey) : NOTHING;
  const most = affordable(settings, survey?.worstUsd ?? 0, before.costUsd);
  return { survey, before, concurrency: await concurrencyOf(settings, most) };
};

/**
 * Runs a batch from settings to results. Whatever ends it early, what was answered is kept and written; then the error is
 * thrown. The result is the exit code.
 */
export const batch = async (settings: BatchSettings): Promise<ExitCode> => {
  const { path } = settings.output;
  if (path === STANDARD) return runBatch(settings);
  const release = lockFile(`${journalPath(path)}.lock`);
  try {
    return await runBatch(settings);
  } finally {
    release();
  }
};

const runBatch = async (settings: BatchSettings): Promise<ExitCode> => {
  const { run, output } = settings;
  const limits = knownLimits(run, await profileOf(run.target));
  if (await isComplete(settings)) {
    process.stderr.write(`${output.path} is complete: nothing is left to do.\n`);
    return EXIT.ok;
  }
  const { survey, before, concurrency } = await prepare(settings);
  if (run.dryRun) {
    process.stdout.write(dryRun(settings, survey, concurrency, before));
    return EXIT.ok;
  }
  const open = await openJournal(settings, survey ?? UNREAD);
  const { journal } = open;
  const stop = new RunStop({ patience: journal.ok > 0 ? Number.POSITIVE_INFINITY : PATIENCE });
  const progress = createProgress(run.quiet);
  const figures = new LevelAccumulator(concurrency.level);
  const release = stopOnSignal(stop, (text) => progress.note(text));
  let target: OpenTarget | undefined;
  let failure: unknown;
  try {
    await askFirst(run, costOfRest(survey, (survey?.items ?? 0) - journal.ok));
    target = await openTarget(run, (error) => stop.abort(error));
    introduceBatch(settings, { target, survey, concurrency, journal, limits }, progress);
    const policy = createPolicy(run.policy, limits);
    const items = survey?.items;
    await work({ settings, target, open, items, stop, progress, concurrency, figures, policy });
  } catch (error) {
    failure = error;
  }
  progress.end();
  await target?.close();
  failure = stop.reason ?? failure;
  const { ok, failed, costUsd } = journal;
  const isEmpty = ok + failed === 0;
  if (!isEmpty) await writeResults(journal, output);
  journal.close();
  const isWhole = failure === undefined && failed === 0;
  if (isWhole || isEmpty || output.path === STANDARD) await open.discard();
  release();
  if (!run.quiet && !(isEmpty && failure !== undefined)) {
    const standing = { ok, failed, items: survey?.items, costUsd, isWhole };
    process.stderr.write(batchSummary(standing, settings, figures.finish()));
  }
  if (failure !== undefined) throw failure;
  if (failed > 0) {
    throw new BenchError(EXIT.invalid, `${failed} of ${ok + failed} items failed`, {
      hint:
        output.path === STANDARD
          ? undefined
          : 'Their errors stand in the results. --resume tries them again.',
    });
  }
  return EXIT.ok;
};

/** Stands for the survey of an input that can be read only once. */
const UNREAD = { fingerprint: 'stdin', items: 0 } as const;

const dryRun = (
  settings: BatchSettings,
  survey: BatchSurvey | undefined,
  concurrency: BatchConcurrency,
  before: AnsweredBefore,
): string => {
  if (!survey)
    throw new UsageError('--dry-run cannot tell what stdin will bring', 'Name a file with --input.');
  return batchPlanText(settings, survey, concurrency, before);
};
