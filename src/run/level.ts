import type { Clock, Millis } from '../core/clock.ts';
import type { AttemptRecord, Phase, Recorder, RequestRecord } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Turnstile } from '../core/turnstile.ts';
import type { Claim, Driver } from '../load/driver.ts';
import type { Pace } from '../load/pacer.ts';
import type { RetryPolicy } from '../policy/retry.ts';
import { isWorkflow, type Scenario } from '../workload/scenario.ts';
import type { Endpoint } from './endpoint.ts';
import { type IssueContext, issue, RequestInProgress } from './issue.ts';
import { ReturnDesk } from './return-desk.ts';
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
  /** What may hold an attempt back; one for the whole run, since the endpoint's limits outlast a level. */
  readonly pace?: Pace | undefined;
  /** Slots are free for others while a request waits to retry. */
  readonly releasesSlot?: boolean;
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
  /** Whose chance the endpoint's mock draws from: the block's own unless said otherwise. */
  readonly draw?: number;
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
  const { level, phase, block, draw = block ?? 0 } = stretch;
  const { clock, stop, turnstile, recorders, spending } = runtime;
  const { endpoint } = plan;
  const context: IssueContext = {
    clock,
    signal: stop.signal,
    client: endpoint.client,
    retry: plan.retry.fresh?.() ?? plan.retry,
    pace: plan.pace,
    releasesSlot: plan.releasesSlot,
    attemptTimeout: plan.attemptTimeout,
    spending,
    level,
    phase,
    ...(block === undefined ? {} : { block }),
    prepare: source.prepare,
    headers: (index: number, attempt: number) =>
      endpoint.tag?.({ level, phase, block: draw, index: source.key(index), attempt }),
    onAttempt(attempt: AttemptRecord): boolean {
      stretch.driver.onAttempt?.(attempt);
      stretch.onAttempt?.(attempt);
      for (const recorder of recorders) recorder.attempt?.(attempt);
      return stop.judge(attempt);
    },
    ...(source.onAnswer ? { onAnswer: source.onAnswer } : {}),
    turn: () => turnstile.start(),
  };
  const begin = (index: number) => {
    for (const recorder of recorders) recorder.begin?.({ level, phase, index });
  };
  /** Tells everybody of a request that has ended, and places it in its work. */
  const end = (issued: RequestRecord, index: number): RequestRecord => {
    const record = source.place ? { ...issued, ...source.place(index) } : issued;
    for (const recorder of recorders) recorder.finish?.(record);
    turnstile.after(() => {
      for (const recorder of recorders) recorder.record(record);
    });
    source.ended?.(record);
    return record;
  };
  const claim = () => (spending?.exhausted ? undefined : source.claim());
  if (plan.releasesSlot)
    await runReleasing(stretch.driver, context, {
      level,
      claim: () => atOnce(claim()),
      begin,
      end,
      turnstile,
    });
  else {
    await stretch.driver.run({
      claim,
      async issue(slot) {
        if (!slot.dropped) await turnstile.start();
        begin(slot.index);
        return end(await issue(slot, context), slot.index);
      },
    });
  }
  await turnstile.done();
  if (spending?.exhausted) stop.abort(spending.exhausted);
};

/** Slots that are released are handed out without waiting; work that makes them wait is refused before the run. */
const atOnce = (claim: Claim | Promise<Claim>): Claim => {
  if (claim instanceof Promise) throw new Error('work that comes later does not go with released slots');
  return claim;
};

/** The same, with slots free for others while a request waits to retry. */
const runReleasing = async (
  driver: Driver,
  context: IssueContext,
  {
    level,
    claim,
    begin,
    end,
    turnstile,
  }: {
    readonly level: number;
    claim(): Claim;
    begin(index: number): void;
    end(issued: RequestRecord, index: number): RequestRecord;
    readonly turnstile: Turnstile;
  },
): Promise<void> => {
  const { clock, signal } = context;
  const desk = new ReturnDesk(level, { clock, signal, next: claim });
  const onAbort = () => {
    for (const request of desk.abandon()) end(request.cancel(), request.index);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  await driver.run({
    claim: () => desk.claim(),
    async issue(slot) {
      await turnstile.start();
      let request = desk.returned(slot);
      if (!request) {
        begin(slot.index);
        request = new RequestInProgress(slot, context);
      }
      const standing = await request.attempt();
      if ('record' in standing) {
        const record = end(standing.record, slot.index);
        desk.freed();
        return record;
      }
      if (signal.aborted) {
        end(request.cancel(), request.index);
        desk.freed();
      } else desk.park(slot, request, standing.dueAt);
      return undefined;
    },
  });
  signal.removeEventListener('abort', onAbort);
};
