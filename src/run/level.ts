import type { Clock, Millis } from '../core/clock.ts';
import type { AttemptRecord, Phase, Recorder } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Turnstile } from '../core/turnstile.ts';
import type { Driver } from '../load/driver.ts';
import type { RetryPolicy } from '../policy/retry.ts';
import { isWorkflow, type Scenario } from '../workload/scenario.ts';
import type { Endpoint } from './endpoint.ts';
import { issue } from './issue.ts';
import type { RunStop } from './run-stop.ts';
import type { Spending } from './spending.ts';
import { callSource, type WorkSource } from './work.ts';
import { workflowSource } from './workflow.ts';

/** When to stop starting requests: at whichever comes first. */
export interface StopCondition {
  /** Items, where the scenario is a workflow; an item that has begun is finished. */
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

/** The work that a scenario makes for a stretch. */
const sourceOf = (scenario: Scenario, stretch: Stretch, runtime: Runtime): WorkSource => {
  const { level, phase, until } = stretch;
  const { clock, stop, recorders } = runtime;
  const context = { clock, signal: stop.signal, rng: runtime.rng.fork('requests'), until };
  if (!isWorkflow(scenario)) return callSource(scenario, context);
  return workflowSource(scenario, {
    ...context,
    level,
    onItemEnd(item) {
      for (const recorder of recorders) recorder.itemEnded?.({ level, phase, item });
    },
    onBug: (error) => stop.abort(error),
  });
};

/**
 * Runs one stretch to its end; every request goes to the recorders as it completes. Its work is the plan's scenario, unless
 * another `source` is given.
 */
export const runStretch = async (
  stretch: Stretch,
  plan: LoadPlan,
  runtime: Runtime,
  source: WorkSource = sourceOf(plan.scenario, stretch, runtime),
): Promise<void> => {
  const { level, phase, block } = stretch;
  const { clock, stop, turnstile, recorders, spending } = runtime;
  const { endpoint } = plan;
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
    prepare: source.prepare,
    headers: (index: number, attempt: number) =>
      endpoint.tag?.({ level, phase, block: block ?? 0, index: source.key(index), attempt }),
    onAttempt(attempt: AttemptRecord): boolean {
      stretch.onAttempt?.(attempt);
      for (const recorder of recorders) recorder.attempt?.(attempt);
      return stop.judge(attempt);
    },
    ...(source.onAnswer ? { onAnswer: source.onAnswer } : {}),
  };
  await stretch.driver.run({
    claim: () => (spending?.exhausted ? undefined : source.claim()),
    async issue(slot) {
      if (!slot.dropped) await turnstile.start();
      for (const recorder of recorders) recorder.begin?.({ level, phase, index: slot.index });
      const issued = await issue(slot, context);
      const record = source.place ? { ...issued, ...source.place(slot.index) } : issued;
      turnstile.after(() => {
        for (const recorder of recorders) recorder.record(record);
      });
      source.ended?.(record);
      return record;
    },
  });
  await turnstile.done();
  if (spending?.exhausted) stop.abort(spending.exhausted);
};
