import type { Clock, Millis } from '../core/clock.ts';
import type { AttemptRecord, Phase, Recorder } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Turnstile } from '../core/turnstile.ts';
import type { Driver, Slot } from '../load/driver.ts';
import type { RetryPolicy } from '../policy/retry.ts';
import type { Scenario } from '../workload/scenario.ts';
import type { Endpoint } from './endpoint.ts';
import { issue } from './issue.ts';
import type { RunStop } from './run-stop.ts';
import type { Spending } from './spending.ts';

/** When to stop starting requests: at whichever comes first. */
export interface StopCondition {
  readonly requests?: number;
  /** Model time since the phase began. */
  readonly duration?: Millis;
  /** Asked before each start; true once enough is known. */
  isEnough?(): boolean;
}

/** What all levels of a run share. */
export interface LoadPlan {
  readonly scenario: Scenario;
  readonly endpoint: Endpoint;
  readonly retry: RetryPolicy;
  readonly attemptTimeout: Millis;
}

/** Everything impure, injected once, at the top. */
export interface Runtime {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly stop: RunStop;
  /** Whose turn it is: starts first, books after them. */
  readonly turnstile: Turnstile;
  readonly recorders: readonly Recorder[];
  /** What attempts may cost; without it money is no matter. */
  readonly spending?: Spending | undefined;
}

/** One stretch of load: `driver` keeps `level` requests in flight until `until`, then waits for those still open. */
export interface Stretch {
  readonly level: number;
  readonly phase: Phase;
  /** Number of the repeat, where levels are repeated. */
  readonly block?: number;
  readonly driver: Driver;
  readonly until: StopCondition;
  /** Told of every attempt, for what its headers say about limits. */
  onAttempt?(attempt: AttemptRecord): void;
}

/** Runs one stretch to its end; every request goes to the recorders as it completes. */
export const runStretch = async (stretch: Stretch, plan: LoadPlan, runtime: Runtime): Promise<void> => {
  const { level, phase, block, until } = stretch;
  const { clock, stop, turnstile, recorders, spending } = runtime;
  const { scenario, endpoint } = plan;
  const rng = runtime.rng.fork('requests');
  const endsAt = clock.now() + (until.duration ?? Number.POSITIVE_INFINITY);
  const requests = until.requests ?? Number.POSITIVE_INFINITY;
  let claimed = 0;
  const context = {
    clock,
    signal: stop.signal,
    client: endpoint.client,
    retry: plan.retry,
    attemptTimeout: plan.attemptTimeout,
    spending,
    level,
    phase,
    ...(block === undefined ? {} : { block }),
    prepare(index: number) {
      const own = rng.fork(index);
      return { call: scenario.call(index, own.fork('call')), rng: own };
    },
    headers: (index: number, attempt: number) =>
      endpoint.tag?.({ level, phase, block: block ?? 0, index, attempt }),
    onAttempt(attempt: AttemptRecord): boolean {
      stretch.onAttempt?.(attempt);
      for (const recorder of recorders) recorder.attempt?.(attempt);
      return stop.judge(attempt);
    },
  };
  await stretch.driver.run({
    claim(): Slot | undefined {
      const now = clock.now();
      const over = claimed >= requests || now >= endsAt || until.isEnough?.();
      if (stop.signal.aborted || spending?.exhausted || over) return undefined;
      return { index: claimed++, scheduledAt: now };
    },
    async issue(slot) {
      if (!slot.dropped) await turnstile.start();
      for (const recorder of recorders) recorder.begin?.({ level, phase, index: slot.index });
      const record = await issue(slot, context);
      turnstile.after(() => {
        for (const recorder of recorders) recorder.record(record);
      });
      return record;
    },
  });
  await turnstile.done();
  if (spending?.exhausted) stop.abort(spending.exhausted);
};
