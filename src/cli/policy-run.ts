import { join } from 'node:path';
import type { PolicyResult } from '../analyze/policies.ts';
import type { SweepSettings } from '../config/resolve.ts';
import { ScaledClock, SystemClock } from '../core/clock.ts';
import { type KnownLimit, misjudged } from '../core/known-limit.ts';
import type { RequestRecord } from '../core/record.ts';
import { createRng } from '../core/rng.ts';
import { openTurnstile, turnstile } from '../core/turnstile.ts';
import { LevelAccumulator } from '../measure/summarize.ts';
import { runStretch } from '../run/level.ts';
import { measureOverhead } from '../run/overhead.ts';
import { createPolicy } from '../run/policy.ts';
import type { RunStop } from '../run/run-stop.ts';
import { Spending } from '../run/spending.ts';
import { RecordWriter } from '../store/records.ts';
import type { Progress } from './progress.ts';
import { openTarget } from './target.ts';

/** What all runs of a comparison share. */
export interface PolicyRunContext {
  /** Factor by which the limit that the policy is told is wrong. */
  readonly told: number;
  readonly limits: readonly KnownLimit[];
  readonly stop: RunStop;
  readonly progress: Progress;
  /** Folder for the records. */
  readonly dir: string;
}

const BIN_MS = 100;
/** A minute of starts shows every herd. */
const MOST_BINS = 600;
/** A simulation can be repeated exactly, so its records need not be on disk one by one. */
const BUFFER = 1 << 18;

/** One policy against a fresh mock: what it made of the load, with every request on disk. */
export const runPolicy = async (
  settings: SweepSettings,
  { told, limits, stop, progress, dir }: PolicyRunContext,
): Promise<PolicyResult> => {
  const { policy: spec, scenario, speed, seed, measure, attemptTimeout } = settings;
  const level = settings.levels[0] ?? 1;
  const real = new SystemClock();
  const target = await openTarget(settings, (error) => stop.abort(error));
  const file = join(dir, `${spec.name}${told === 1 ? '' : `-limit-x${told}`}.jsonl`);
  const writer = new RecordWriter(file, (error) => stop.abort(error), target.virtual ? BUFFER : 0);
  try {
    if (target.calibration) {
      // A cold client sends its first calls in a heap, whatever the policy: it is warmed up as before a sweep.
      const { client, headers, done } = target.calibration;
      const [call] = settings.sample.calls;
      if (call) await measureOverhead({ client, headers, call, signal: stop.signal }, level);
      await done();
    }
    const clock = target.virtual ?? (speed === 1 ? real : new ScaledClock(real, speed));
    progress.follow(clock, target.virtual ? Number.POSITIVE_INFINITY : speed);
    const summary = new LevelAccumulator(level);
    const starts: number[] = [];
    const from = clock.now();
    const bins = {
      record(record: RequestRecord) {
        summary.add(record);
        for (const { startedAt } of record.attempts) {
          const bin = Math.floor((startedAt - from) / BIN_MS);
          if (bin < MOST_BINS) starts[bin] = (starts[bin] ?? 0) + 1;
        }
      },
    };
    const policy = createPolicy(spec, misjudged(limits, told));
    const runtime = {
      clock,
      rng: createRng(seed),
      stop,
      turnstile: target.virtual ? openTurnstile : turnstile(),
      recorders: [writer, bins, progress],
      // Prices every attempt; a comparison on the mock costs nothing, so nothing caps it.
      spending:
        settings.money.source === undefined
          ? undefined
          : new Spending(settings.money.priceOf, Number.POSITIVE_INFINITY),
    };
    const plan = {
      scenario,
      endpoint: target.endpoint,
      retry: policy.retry,
      pace: policy.pace(clock),
      releasesSlot: policy.releasesSlot,
      attemptTimeout,
    };
    const run = async () => {
      progress.onStretch(level, 'measure', measure);
      await runStretch(
        { level, phase: 'measure', driver: policy.driver(level), until: measure },
        plan,
        runtime,
      );
      progress.onMeasured();
      return await target.endpoint.count?.(level);
    };
    const count = await (target.virtual ? target.virtual.run(run) : run());
    const ledger = count ? { attempts: count.attempts, ok: count.ok, rateLimited: count.rateLimited } : null;
    return {
      policy: spec.name,
      told,
      summary: summary.finish(),
      ledger,
      starts: Array.from(starts, (n) => n ?? 0),
    };
  } finally {
    writer.close();
    await target.close();
  }
};
