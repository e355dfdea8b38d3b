import { PassThrough } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import type { RequestRecord } from '../../core/record.ts';
import { createRng } from '../../core/rng.ts';
import { createPace } from '../../load/pacers.ts';
import { pool } from '../../load/pool.ts';
import { LevelAccumulator } from '../../measure/summarize.ts';
import { sdkRetry } from '../../policy/sdk-retry.ts';
import type { Endpoint } from '../../run/endpoint.ts';
import { type Runtime, runStretch } from '../../run/level.ts';
import { RunStop } from '../../run/run-stop.ts';
import { batchSize } from '../../workload/scenario.ts';
import { createProgress } from '../progress.ts';
import type { Experiment, Finding } from './claim.ts';

/** How every experiment retries unless it says otherwise: ten times, as the SDKs do. */
export const TEN_RETRIES = sdkRetry(10);
const TIMEOUT = 120_000;

/** How claims are put to the test: in virtual time, or for real at a speed. */
export interface LabOptions {
  readonly seed: number;
  /** Model time ÷ real time over sockets; `undefined` for virtual time. */
  readonly speed: number | undefined;
  readonly signal: AbortSignal;
}

type Base = Pick<Runtime, 'clock' | 'turnstile'>;

/** The progress bar of a run, on a screen that nobody sees. */
const progressBar = (clock: Clock) => {
  const screen = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 120 });
  const drawn: string[] = [];
  screen.on('data', (text: string) => drawn.push(text));
  const progress = createProgress(false, screen as unknown as NodeJS.WriteStream);
  progress.follow(clock, 1);
  return { progress, drawn: () => drawn.join('') };
};

/** Runs one level to its end. Throws what stopped it. */
export const runExperiment = async (
  experiment: Experiment,
  { endpoint, seed, signal, clock, turnstile }: Base & LabOptions & { readonly endpoint: Endpoint },
): Promise<Finding> => {
  const { scenario, level } = experiment;
  const records: RequestRecord[] = [];
  const figures = new LevelAccumulator(level);
  const stop = new RunStop({ patience: Number.POSITIVE_INFINITY });
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const record = (each: RequestRecord) => {
    if (experiment.recorded) records.push(each);
    figures.add(each);
  };
  const until = { requests: experiment.requests ?? batchSize(scenario) };
  const bar = experiment.watched ? progressBar(clock) : undefined;
  bar?.progress.onStretch(level, 'measure', until);
  await runStretch(
    { level, phase: 'measure', driver: pool(level), until },
    {
      scenario,
      endpoint,
      retry: experiment.retry ?? TEN_RETRIES,
      attemptTimeout: experiment.attemptTimeout ?? TIMEOUT,
      pace:
        experiment.pace &&
        createPace(['token-bucket'], { limits: experiment.pace, share: 1, spread: 0 }, clock),
    },
    { clock, rng: createRng(seed), stop, turnstile, recorders: [{ record }, ...(bar ? [bar.progress] : [])] },
  );
  bar?.progress.end();
  signal.removeEventListener('abort', onAbort);
  if (stop.reason) throw stop.reason;
  return { summary: figures.finish(), records, drawn: bar?.drawn() ?? '' };
};
