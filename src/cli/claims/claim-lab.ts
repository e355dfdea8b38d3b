import { PassThrough } from 'node:stream';
import { loadProfile } from '../../../mock-server/profiles/load.ts';
import { createClient } from '../../client/create-client.ts';
import type { Call } from '../../core/call.ts';
import { type Clock, ScaledClock, SystemClock } from '../../core/clock.ts';
import type { RequestRecord } from '../../core/record.ts';
import { createRng } from '../../core/rng.ts';
import { openTurnstile, turnstile } from '../../core/turnstile.ts';
import { createPace } from '../../load/pacers.ts';
import { pool } from '../../load/pool.ts';
import { LevelAccumulator } from '../../measure/summarize.ts';
import { sdkRetry } from '../../policy/sdk-retry.ts';
import type { Endpoint } from '../../run/endpoint.ts';
import { type Runtime, runStretch } from '../../run/level.ts';
import { measureOverhead } from '../../run/overhead.ts';
import { RunStop } from '../../run/run-stop.ts';
import { simulate } from '../../simulate/simulate.ts';
import { batchSize } from '../../workload/scenario.ts';
import { startMock } from '../mock-process.ts';
import { createProgress } from '../progress.ts';
import type { ClaimLab, Experiment, Finding } from './claim.ts';

const MODEL = 'gpt-4o-mini';
const TEN_RETRIES = sdkRetry(10);
const TIMEOUT = 120_000;

/** What the client warms up with, where the mock answers at once and counts nothing: its first calls take far longer. */
const WARM_UP: Call = { messages: [{ role: 'user', content: 'warm up' }], maxTokens: 8, stream: false };

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

/** Runs one level to its end. */
const runIn = async (
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
    records.push(each);
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

const inVirtualTime = async (experiment: Experiment, options: LabOptions): Promise<Finding> => {
  const { clock, endpoint } = await simulate({
    profile: await loadProfile(experiment.profile, experiment.settings ?? []),
    seed: options.seed,
    model: MODEL,
    hop: { delay: 0.3, jitter: 0.2 },
    client: 'direct',
  });
  return clock.run(() => runIn(experiment, { ...options, endpoint, clock, turnstile: openTurnstile }));
};

const overSockets = async (experiment: Experiment, speed: number, options: LabOptions): Promise<Finding> => {
  const { profile, settings = [] } = experiment;
  const stop = new AbortController();
  const mock = await startMock({ profile, settings, speed, seed: options.seed }, (error) =>
    stop.abort(error),
  );
  try {
    const client = await createClient({
      protocol: 'openai',
      kind: 'sdk',
      transport: 'default',
      baseUrl: `${mock.url}/v1`,
      model: MODEL,
      apiKey: 'mock-key',
    });
    await measureOverhead(
      { client, call: WARM_UP, headers: mock.calibration, signal: stop.signal },
      experiment.level,
    );
    await mock.reset();
    return await runIn(experiment, {
      ...options,
      signal: AbortSignal.any([options.signal, stop.signal]),
      endpoint: { ...mock.endpoint, client },
      clock: new ScaledClock(new SystemClock(), speed),
      turnstile: turnstile(),
    });
  } finally {
    await mock.stop();
  }
};

/** What makes two experiments the same. */
const keyOf = ({ scenario, retry = TEN_RETRIES, ...rest }: Experiment): string =>
  JSON.stringify([scenario.name, retry.name, retry.description, Object.entries(rest).toSorted()]);

/** A lab that runs each experiment once, one after another. */
export const claimLab = (options: LabOptions): ClaimLab => {
  const findings = new Map<string, Promise<Finding>>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(experiment) {
      const key = keyOf(experiment);
      const known = findings.get(key);
      if (known !== undefined) return known;
      const { speed } = options;
      const start = () =>
        speed === undefined ? inVirtualTime(experiment, options) : overSockets(experiment, speed, options);
      const finding = last.then(start);
      last = finding.catch(() => {});
      findings.set(key, finding);
      return finding;
    },
  };
};
