import { join } from 'node:path';
import type { LevelFacts, SweepReport } from '../analyze/report.ts';
import type { SweepSettings } from '../config/resolve.ts';
import { type Clock, ScaledClock, SystemClock } from '../core/clock.ts';
import { BenchError, EXIT, type ExitCode } from '../core/errors.ts';
import { formatInstant } from '../core/instant.ts';
import { createRng } from '../core/rng.ts';
import { formatDuration, formatNumber } from '../core/units.ts';
import { LIMITERS } from '../load/limiters.ts';
import { sdkRetry } from '../policy/sdk-retry.ts';
import { renderJson } from '../report/json.ts';
import { measureOverhead } from '../run/overhead.ts';
import { RunStop } from '../run/run-stop.ts';
import { SelfWatch } from '../run/self.ts';
import { type LevelOutcome, runSweep, type SweepPlan } from '../run/sweep.ts';
import { type Manifest, writeManifest } from '../store/manifest.ts';
import { RecordWriter } from '../store/records.ts';
import { createRunDir, linkLatest, RUN_FILES, runName, writeWhole } from '../store/run-dir.ts';
import { RunAccumulator } from './build-report.ts';
import { gitState, host, shownArgv, versions } from './environment.ts';
import { printReport } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { stopOnSignal } from './signals.ts';
import { type OpenTarget, openTarget } from './target.ts';

/** Sequential requests that serve as level 1 where it was not asked for. */
const REFERENCE_REQUESTS = 20;

const firstManifest = async (settings: SweepSettings, startedAt: string): Promise<Manifest> => {
  const { scenario, target, speed, seed, limiter, maxRetries, attemptTimeout } = settings;
  const { sweetspot, node } = versions();
  return {
    schema: 'bench.manifest/1',
    status: 'running',
    meta: {
      tool: 'sweetspot',
      version: sweetspot ?? 'unknown',
      node: node ?? 'unknown',
      scenario: scenario.name,
      target: target.kind,
      model: target.model,
      ...(target.kind === 'mock' ? { profile: target.profile } : { baseUrl: target.baseUrl }),
      speed,
      timeUnit: 'model ms',
      seed,
      limiter,
      retry: sdkRetry(maxRetries).description,
      attemptTimeoutMs: attemptTimeout,
      startedAt,
      command: shownArgv(['bench', ...process.argv.slice(2)]).join(' '),
    },
    plannedLevels: [...settings.levels],
    speed,
    seed,
    argv: [...shownArgv(process.argv.slice(2))],
    versions: versions(),
    host: host(),
    git: await gitState(),
    startedAt,
    endedAt: null,
    overhead: null,
    levels: [],
    mockProfile: null,
  };
};

const planOf = (settings: SweepSettings, { endpoint }: OpenTarget): SweepPlan => ({
  scenario: settings.scenario,
  endpoint,
  retry: sdkRetry(settings.maxRetries),
  attemptTimeout: settings.attemptTimeout,
  levels: settings.levels,
  driver: (level) => LIMITERS[settings.limiter].create(level),
  measure: settings.measure,
  warmup: settings.warmup,
  referenceRequests: settings.levels.includes(1) ? 0 : REFERENCE_REQUESTS,
  cooldown: settings.cooldown,
});

/** Warms the client up against the mock and notes what the harness adds to a call. */
const calibrate = async (
  { mock, endpoint }: OpenTarget,
  { scenario, levels, speed }: SweepSettings,
  signal: AbortSignal,
): Promise<Manifest['overhead']> => {
  if (!mock) return null;
  const call = scenario.call(0, createRng(0));
  const reading = await measureOverhead(
    { client: endpoint.client, call, headers: mock.calibration, signal },
    Math.max(...levels),
  );
  await mock.reset();
  return { ...reading, perCallMs: reading.perCallRealMs * speed };
};

const factsOf = (
  { level, cooldown, count, complete }: LevelOutcome,
  health: LevelFacts['health'],
): LevelFacts => ({
  level,
  complete,
  cooldown,
  ...(health ? { health } : {}),
  ...(count
    ? {
        ledger: { attempts: count.attempts, ok: count.ok, rateLimited: count.rateLimited },
        mockLatenessP99RealMs: count.latenessP99RealMs,
      }
    : {}),
});

/**
 * Runs a sweep from settings to printed report. Whatever ends it early, what has completed is saved and reported first;
 * the result is the exit code.
 */
export const sweep = async (settings: SweepSettings): Promise<ExitCode> => {
  const { speed, seed, format, quiet } = settings;
  const real = new SystemClock();
  const clock: Clock = speed === 1 ? real : new ScaledClock(real, speed);
  const startedAt = formatInstant(real.epoch);
  const dir = await createRunDir(settings.out, runName(startedAt, settings.scenario.name));
  const stop = new RunStop();
  const progress = createProgress(quiet, settings.measure.requests, speed);
  const release = stopOnSignal(stop, (text) => progress.note(text));
  const accumulator = new RunAccumulator();
  const writer = new RecordWriter(join(dir, RUN_FILES.records), (error) => stop.abort(error));
  let manifest = await firstManifest(settings, startedAt);
  const save = async (change: Partial<Manifest>): Promise<SweepReport> => {
    manifest = { ...manifest, ...change };
    const report = accumulator.report(manifest);
    await writeManifest(dir, manifest);
    await writeWhole(join(dir, RUN_FILES.report), renderJson(report));
    return report;
  };
  let target: OpenTarget | undefined;
  let failure: unknown;
  try {
    await save({});
    target = await openTarget(settings.target, settings, (error) => stop.abort(error));
    if (target.mock) await save({ mockProfile: await target.mock.config().catch(() => null) });
    introduce(settings, target, progress);
    await save({ overhead: await calibrate(target, settings, stop.signal) });
    const self = new SelfWatch();
    let health: LevelFacts['health'];
    const runtime = { clock, rng: createRng(seed), stop, recorders: [writer, accumulator, progress] };
    const observer = {
      onCooldown: progress.onCooldown.bind(progress),
      onStretch(level: number, phase: 'reference' | 'warmup' | 'measure') {
        progress.onStretch(level, phase);
        self.start();
      },
      onMeasured() {
        health = self.stop();
      },
    };
    for await (const outcome of runSweep(planOf(settings, target), runtime, observer)) {
      await save({ levels: [...manifest.levels, factsOf(outcome, health)] });
    }
  } catch (error) {
    failure = error;
  } finally {
    progress.end();
    writer.close();
    await target?.close();
    release();
  }
  failure = stop.reason ?? failure;
  const status = failure === undefined ? 'complete' : isInterruption(failure) ? 'interrupted' : 'failed';
  const report = await save({ status, endedAt: formatInstant(real.epoch + real.now()) });
  await linkLatest(dir);
  if (writer.lines > 0 || failure === undefined) printReport(report, format);
  if (!quiet) process.stderr.write(`\n${writer.lines} requests saved in ${dir}\n`);
  if (failure !== undefined) throw failure;
  if (report.levels.every(({ counts }) => counts.ok === 0)) {
    throw new BenchError(EXIT.invalid, 'nothing was measured: no request succeeded', {
      hint: 'The failures by kind are in the report above.',
    });
  }
  return EXIT.ok;
};

const isInterruption = (error: unknown): boolean =>
  error instanceof BenchError && (error.exitCode === EXIT.interrupted || error.exitCode === EXIT.terminated);

/** Says what is about to happen, and how long it is likely to feel. */
const introduce = (settings: SweepSettings, { baseUrl, mock }: OpenTarget, progress: Progress): void => {
  const { scenario, levels, measure, speed, limiter, maxRetries } = settings;
  const amount = [
    ...(measure.requests === undefined ? [] : [`${measure.requests} requests`]),
    ...(measure.duration === undefined ? [] : [formatDuration(measure.duration)]),
  ].join(' or ');
  progress.note(
    `${scenario.name}: ${amount} at each of ${levels.join(', ')} at once, against ${mock ? 'the embedded mock' : baseUrl}`,
  );
  progress.note(`${LIMITERS[limiter].description}; ${sdkRetry(maxRetries).description}`);
  if (speed !== 1) progress.note(`all times are model time: ${formatNumber(speed)} s of it pass in 1 s`);
};
