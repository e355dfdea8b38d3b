import { type BatchSettings, STANDARD } from '../config/resolve-batch.ts';
import { type Clock, ScaledClock, SystemClock } from '../core/clock.ts';
import { BenchError, EXIT, type ExitCode } from '../core/errors.ts';
import type { RequestRecord } from '../core/record.ts';
import { createRng } from '../core/rng.ts';
import { openTurnstile, turnstile } from '../core/turnstile.ts';
import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { LevelAccumulator } from '../measure/summarize.ts';
import { batchSource } from '../run/batch.ts';
import { runStretch } from '../run/level.ts';
import { createPolicy, type LivePolicy, limiterSentence, retryWords } from '../run/policy.ts';
import { RunStop } from '../run/run-stop.ts';
import { Spending } from '../run/spending.ts';
import type { BatchRow } from '../store/batch-row.ts';
import type { Item } from '../workload/items.ts';
import { type BatchConcurrency, concurrencyOf } from './batch-concurrency.ts';
import { callOf, isComplete, itemsOf, type OpenJournal, openJournal, writeResults } from './batch-files.ts';
import { knownLimits } from './known-limits.ts';
import { createProgress, type Progress } from './progress.ts';
import { stopOnSignal } from './signals.ts';
import { type OpenTarget, openTarget, profileOf } from './target.ts';

/** So many refusals in a row, before anything has succeeded, show that the endpoint takes nothing of the kind. */
const PATIENCE = 20;

const rowOf = (item: Item, record: RequestRecord, output: string | undefined): BatchRow => ({
  index: item.index,
  input: item.text,
  output: record.outcome === 'ok' ? (output ?? '') : null,
  inputTokens: record.usage?.inputTokens ?? null,
  outputTokens: record.usage?.outputTokens ?? null,
  attempts: record.attempts.length,
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
  const source = batchSource({
    clock,
    signal: stop.signal,
    rng: rng.fork('requests'),
    items: left(settings, open),
    aside: (read) => (target.virtual ? target.virtual.aside(read) : read()),
    call: (item) => callOf(settings, item),
    onEnd(item, record, output) {
      try {
        open.journal.append(rowOf(item, record, output));
      } catch (error) {
        fail(error);
      }
    },
    onBadInput: fail,
  });
  const until = open.items === undefined ? {} : { requests: open.items - open.journal.ok };
  progress.onStretch(level, 'measure', until, undefined, 'batch');
  const runtime = {
    clock,
    rng,
    stop,
    turnstile: target.virtual ? openTurnstile : turnstile(),
    spending: run.money.source === undefined ? undefined : new Spending(run.money.priceOf, run.money.cap),
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

/** What the concurrency was worth, in words. */
const worth = ({
  wallClockMs,
  slotTime,
  counts,
  attemptsPerSuccess,
  retryOverhead,
}: LevelSummary): string => {
  if (counts.ok === 0 || wallClockMs === 0) return '';
  const saved = slotTime.serviceMs - wallClockMs;
  const times = formatNumber(slotTime.serviceMs / wallClockMs);
  const answers = `The ${counts.ok.toLocaleString('en-US')} answers of this run took ${formatDuration(wallClockMs)}; one after another and without a refusal they take ${formatDuration(slotTime.serviceMs)}`;
  const verdict =
    saved >= 0
      ? `concurrency saved ${formatDuration(saved)} (${times} ×)`
      : `retries cost ${formatDuration(-saved)} more than that`;
  const retries = `${formatNumber(attemptsPerSuccess ?? 1)} attempts per answer, ${formatPercent(retryOverhead ?? 0)} of the slots' time went into retries`;
  return `${answers}: ${verdict}. ${retries}.\n`;
};

/**
 * Runs a batch from settings to results. Whatever ends it early, what was answered is kept and written; then the error is
 * thrown. The result is the exit code.
 */
export const batch = async (settings: BatchSettings): Promise<ExitCode> => {
  const { run, output } = settings;
  const limits = knownLimits(run, await profileOf(run.target));
  if (isComplete(settings)) {
    process.stderr.write(`${output.path} is complete: nothing is left to do.\n`);
    return EXIT.ok;
  }
  const open = await openJournal(settings);
  const { journal } = open;
  const concurrency = await concurrencyOf(settings);
  const stop = new RunStop({ patience: journal.ok > 0 ? Number.POSITIVE_INFINITY : PATIENCE });
  const progress = createProgress(run.quiet);
  const figures = new LevelAccumulator(concurrency.level);
  const release = stopOnSignal(stop, (text) => progress.note(text));
  let target: OpenTarget | undefined;
  let failure: unknown;
  try {
    target = await openTarget(run, (error) => stop.abort(error));
    progress.note(
      `${open.items ?? 'all'} items against ${target.label}, ${concurrency.level} at once: ${concurrency.because}`,
    );
    if (settings.resume) progress.note(`${journal.ok} of them are answered already and not sent again`);
    progress.note(
      `policy ${run.policy.name}: ${limiterSentence(run.policy, limits)}; ${retryWords(run.policy)}`,
    );
    progress.note(`journal: ${journal.path}`);
    const policy = createPolicy(run.policy, limits);
    await work({ settings, target, open, stop, progress, concurrency, figures, policy });
  } catch (error) {
    failure = error;
  }
  progress.end();
  await target?.close();
  failure = stop.reason ?? failure;
  const { ok, failed } = journal;
  const isEmpty = ok + failed === 0;
  if (!isEmpty) await writeResults(journal, output);
  journal.close();
  const isWhole = failure === undefined && failed === 0;
  if (isWhole || isEmpty || output.path === STANDARD) await open.discard();
  release();
  if (!run.quiet)
    process.stderr.write(summary({ ok, failed, open, settings, isWhole }) + worth(figures.finish()));
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

const summary = ({
  ok,
  failed,
  open,
  settings: { output },
  isWhole,
}: {
  readonly ok: number;
  readonly failed: number;
  readonly open: OpenJournal;
  readonly settings: BatchSettings;
  readonly isWhole: boolean;
}): string => {
  const count = (value: number) => value.toLocaleString('en-US');
  const missing = open.items === undefined ? 0 : open.items - ok - failed;
  const where =
    output.path === STANDARD ? '' : `, in ${output.path}${isWhole ? '' : `; go on with --resume`}`;
  return `\n${count(ok)} succeeded, ${count(failed)} failed${missing > 0 ? `, ${count(missing)} not done` : ''}${where}.\n`;
};
