import { join } from 'node:path';
import type { LevelFacts, SweepReport } from '../analyze/report.ts';
import { refuseUnknownLimits } from '../config/policy.ts';
import type { SweepSettings } from '../config/resolve.ts';
import { type Clock, ScaledClock, SystemClock } from '../core/clock.ts';
import { BenchError, EXIT, type ExitCode } from '../core/errors.ts';
import { formatInstant } from '../core/instant.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import { createRng } from '../core/rng.ts';
import { openTurnstile, turnstile } from '../core/turnstile.ts';
import { createPolicy } from '../run/policy.ts';
import { preflight } from '../run/preflight.ts';
import { RunStop } from '../run/run-stop.ts';
import { SelfWatch } from '../run/self.ts';
import { Spending } from '../run/spending.ts';
import { runSweep } from '../run/sweep.ts';
import { readRecords } from '../store/records.ts';
import { RUN_FILES } from '../store/run-dir.ts';
import { endIfLost, failOnAssertions, watchAssertions } from './assertions.ts';
import { calibrate } from './calibrate.ts';
import { askFirst } from './confirm.ts';
import { firstManifest } from './first-manifest.ts';
import { slowerBecause, withFittingSpeed } from './fitting-speed.ts';
import { introduce } from './introduce.ts';
import { knownLimits } from './known-limits.ts';
import { withFacts } from './level-facts.ts';
import { deliver, needsView, type WrittenReport } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { RunSession } from './run-session.ts';
import { stopOnSignal } from './signals.ts';
import { mostCost, planText } from './spending-plan.ts';
import { planOf, referenceRequests } from './sweep-plan.ts';
import { type OpenTarget, openTarget, profileOf } from './target.ts';
import { proxyOnTheWay } from './unused-proxies.ts';

/** A run under way: everything that its parts share. */
interface Run {
  readonly settings: SweepSettings;
  readonly target: OpenTarget;
  /** Of the endpoint, as far as they are known. */
  readonly limits: readonly KnownLimit[];
  readonly clock: Clock;
  readonly session: RunSession;
  readonly stop: RunStop;
  readonly progress: Progress;
  readonly spending: Spending | undefined;
}

/** Runs all levels against an open target, saving after each. */
const measure = async ({
  settings,
  target,
  limits,
  clock,
  session,
  stop,
  progress,
  spending,
}: Run): Promise<void> => {
  // A simulation uses this process for other things than measuring it: how busy it is says nothing about the run.
  const self = target.virtual ? undefined : new SelfWatch();
  let health: LevelFacts['health'];
  const runtime = {
    clock,
    rng: createRng(settings.seed),
    stop,
    turnstile: target.virtual ? openTurnstile : turnstile(),
    recorders: [
      ...session.recorders,
      ...(target.pending ? [target.pending] : []),
      progress,
      watchAssertions(settings.assertions, stop),
    ],
    spending,
  };
  const observer = {
    onCooldown: progress.onCooldown.bind(progress),
    onStretch(...stretch: Parameters<Progress['onStretch']>) {
      progress.onStretch(...stretch);
      self?.start();
    },
    onMeasured() {
      health = self?.stop();
      progress.onMeasured();
    },
  };
  const policy = createPolicy(settings.policy, limits);
  const plan = planOf(settings, { target, policy, runtime, session });
  for await (const outcome of runSweep(plan, runtime, observer)) {
    const save = () => session.save({ levels: withFacts(session.manifest.levels, outcome, health) });
    await (target.virtual ? target.virtual.aside(save) : save());
    endIfLost(session.report(), settings.assertions, stop);
  }
};

const statusOf = (failure: unknown): 'complete' | 'interrupted' | 'failed' => {
  if (failure === undefined) return 'complete';
  const interrupted =
    failure instanceof BenchError &&
    [EXIT.interrupted, EXIT.terminated, EXIT.cost, EXIT.threshold].some((code) => failure.exitCode === code);
  return interrupted ? 'interrupted' : 'failed';
};

/**
 * Runs a sweep from settings to printed report. Whatever ends it early, what has completed is saved and reported first;
 * then the error is thrown. The result is the exit code.
 */
export const sweep = async (asked: SweepSettings): Promise<ExitCode> => {
  const settings = await withFittingSpeed(asked);
  const { speed, quiet, money } = settings;
  if (settings.dryRun) {
    process.stdout.write(planText(settings, referenceRequests(settings)));
    return EXIT.ok;
  }
  await askFirst(settings, mostCost(settings, referenceRequests(settings)));
  const mockProfile = await profileOf(settings.target);
  const limits = knownLimits(settings, mockProfile);
  refuseUnknownLimits(settings, limits);
  const real = new SystemClock();
  const stop = new RunStop();
  const manifest = await firstManifest(settings, {
    startedAt: formatInstant(real.epoch),
    mockProfile,
    limits,
  });
  const session = await RunSession.open(settings.out, manifest, {
    onFullDisk: (error) => stop.abort(error),
    keepRecords: settings.keepRecords,
    repeatable: settings.simulate !== 'off',
    keepView: settings.html !== undefined || (await needsView(settings.formats)),
  });
  const progress = createProgress(quiet);
  const release = stopOnSignal(stop, (text) => progress.note(text));
  let target: OpenTarget | undefined;
  let failure: unknown;
  try {
    target = await openTarget(settings, (error) => stop.abort(error));
    introduce(settings, target, limits, progress);
    if (speed < asked.speed) progress.note(slowerBecause(speed, asked.speed));
    const spending = money.source === undefined ? undefined : new Spending(money.priceOf, money.cap);
    const [like] = settings.sample.calls;
    if (settings.preflight && like) {
      const remark = await preflight({
        client: target.endpoint.client,
        like,
        clock: real,
        timeout: settings.attemptTimeout,
        signal: stop.signal,
        spending,
        proxy: proxyOnTheWay(settings, process.env),
      });
      if (remark) progress.note(remark);
    }
    await session.save({ overhead: await calibrate(target, settings, stop.signal) });
    const clock = target.virtual ?? (speed === 1 ? real : new ScaledClock(real, speed));
    progress.follow(clock, target.virtual ? Number.POSITIVE_INFINITY : speed);
    const run = { settings, target, limits, clock, session, stop, progress, spending };
    const { virtual, pending } = target;
    const waitingFor = () => pending?.describe() ?? '';
    await (virtual ? virtual.run(() => measure(run), waitingFor) : measure(run));
  } catch (error) {
    failure = error;
  }
  progress.end();
  await target?.close();
  failure = stop.reason ?? failure;
  const endedAt = formatInstant(real.epoch + real.now());
  await session.close({ status: statusOf(failure), endedAt }).catch((error: unknown) => {
    failure ??= error;
  });
  release();
  const report = session.report();
  if (session.requests > 0 || failure === undefined) {
    const empty = report.levels.every(({ counts }) => counts.ok === 0);
    // A table of nothing would only hide the error that follows; a program still gets its report.
    const isHidden = empty && statusOf(failure) === 'failed';
    const formats = settings.formats.filter((format) => !(isHidden && format === 'terminal'));
    const written = await deliverAll(session, report, { ...settings, formats });
    if (!quiet) {
      const kept = settings.keepRecords ? ' saved' : ', the report';
      process.stderr.write(`\n${session.requests} requests${kept} in ${session.dir}\n`);
      for (const { path } of written) process.stderr.write(`${path}\n`);
    }
  }
  if (failure !== undefined) throw failure;
  if (report.levels.every(({ counts }) => counts.ok === 0)) {
    throw new BenchError(EXIT.invalid, 'nothing was measured: no request succeeded', {
      hint: 'The failures by kind are in the report above.',
    });
  }
  const { valid, because, hint } = report.validity;
  if (!valid)
    throw new BenchError(EXIT.invalid, `the measurement is not valid: ${because}`, {
      hint: hint ?? undefined,
    });
  failOnAssertions(report);
  return EXIT.ok;
};

/** Every report that was asked for, each to its place. */
const deliverAll = async (
  session: RunSession,
  report: SweepReport,
  { formats, html, keepRecords }: SweepSettings,
): Promise<readonly WrittenReport[]> => {
  const records = keepRecords ? () => readRecords(join(session.dir, RUN_FILES.records)) : undefined;
  const run = { report, detail: session.detail(), records, dir: session.dir };
  const written = await deliver(run, formats);
  return html === undefined ? written : [...written, ...(await deliver(run, ['html'], { file: html }))];
};
