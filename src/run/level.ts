import type { Clock, Millis } from '../core/clock.ts';
import type { AttemptRecord, Phase, Recorder, RequestRecord } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Turnstile } from '../core/turnstile.ts';
import type { Claim, Driver } from '../load/driver.ts';
import type { Pace } from '../load/pacer.ts';
import type { RetryPolicy } from '../policy/retry.ts';
import type { Scenario } from '../workload/scenario.ts';
import type { Endpoint } from './endpoint.ts';
import { type IssueContext, issue, RequestInProgress } from './issue.ts';
import { ReturnDesk } from './return-desk.ts';
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
    prepare(index: number) {
      const own = rng.fork(index);
      return { call: scenario.call(index, own.fork('call')), rng: own };
    },
    headers: (index: number, attempt: number) =>
      endpoint.tag?.({ level, phase, block: block ?? 0, index, attempt }),
    onAttempt(attempt: AttemptRecord): boolean {
      stretch.driver.onAttempt?.(attempt);
      stretch.onAttempt?.(attempt);
      for (const recorder of recorders) recorder.attempt?.(attempt);
      return stop.judge(attempt);
    },
    turn: () => turnstile.start(),
  };
  const claim = (): Claim => {
    const now = clock.now();
    const over = claimed >= requests || now >= endsAt || until.isEnough?.();
    if (stop.signal.aborted || spending?.exhausted || over) return undefined;
    return { index: claimed++, scheduledAt: now };
  };
  const begin = (index: number) => {
    for (const recorder of recorders) recorder.begin?.({ level, phase, index });
  };
  const keep = (record: RequestRecord) =>
    turnstile.after(() => {
      for (const recorder of recorders) recorder.record(record);
    });
  if (plan.releasesSlot)
    await runReleasing(stretch.driver, context, { level, claim, begin, keep, turnstile });
  else {
    await stretch.driver.run({
      claim,
      async issue(slot) {
        if (!slot.dropped) await turnstile.start();
        begin(slot.index);
        const record = await issue(slot, context);
        keep(record);
        return record;
      },
    });
  }
  await turnstile.done();
  if (spending?.exhausted) stop.abort(spending.exhausted);
};

/** The same, with slots free for others while a request waits to retry. */
const runReleasing = async (
  driver: Driver,
  context: IssueContext,
  {
    level,
    claim,
    begin,
    keep,
    turnstile,
  }: {
    readonly level: number;
    claim(): Claim;
    begin(index: number): void;
    keep(record: RequestRecord): void;
    readonly turnstile: Turnstile;
  },
): Promise<void> => {
  const { clock, signal } = context;
  const desk = new ReturnDesk(level, { clock, signal, next: claim });
  const onAbort = () => {
    for (const request of desk.abandon()) keep(request.cancel());
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
        keep(standing.record);
        desk.freed();
        return standing.record;
      }
      if (signal.aborted) {
        keep(request.cancel());
        desk.freed();
      } else desk.park(slot, request, standing.dueAt);
      return undefined;
    },
  });
  signal.removeEventListener('abort', onAbort);
};
