import { type Millis, sleepUntil } from '../core/clock.ts';
import type { Driver } from '../load/driver.ts';
import type { EndpointCount } from './endpoint.ts';
import type { LoadPlan, Runtime, StopCondition } from './level.ts';
import { runStretch } from './level.ts';
import { LimitWatch, type Refill } from './limit-watch.ts';

/** An ordered set of levels under one load plan. */
export interface SweepPlan extends LoadPlan {
  readonly levels: readonly number[];
  driver(level: number): Driver;
  readonly measure: StopCondition;
  /** Load before each level that does not count; `undefined` for none. */
  readonly warmup: StopCondition | undefined;
  /** Sequential requests to run first because level 1 is not among the levels; 0 for none. */
  readonly referenceRequests: number;
  /** Fixed wait before each level, or `auto`: until the endpoint's limits are full again. */
  readonly cooldown: Millis | 'auto';
}

/** What happened around a level, besides its requests. */
export interface LevelOutcome {
  readonly level: number;
  readonly cooldown: { readonly waitedMs: Millis; readonly because: string };
  readonly count: EndpointCount | undefined;
  /** False if the run was stopped before the level was done. */
  readonly complete: boolean;
}

/** Told where the run is, so that a person can see it; each call names what begins now. */
export interface SweepObserver {
  onCooldown(level: number, refill: Refill): void;
  onStretch(level: number, phase: 'reference' | 'warmup' | 'measure', until: StopCondition): void;
  /** The measured stretch of a level has ended. */
  onMeasured(): void;
}

/**
 * Runs all levels in order and yields each as it completes, so that a later failure loses nothing. Ends early, without an
 * error, once the runtime's stop is pulled: the level in progress is then yielded as incomplete.
 */
export async function* runSweep(
  plan: SweepPlan,
  runtime: Runtime,
  observer: SweepObserver,
): AsyncGenerator<LevelOutcome> {
  const { stop } = runtime;
  const watch = new LimitWatch(runtime.clock);
  const onAttempt = watch.onAttempt.bind(watch);
  if (plan.referenceRequests > 0 && !stop.signal.aborted) {
    const until = { requests: plan.referenceRequests };
    observer.onStretch(1, 'reference', until);
    await runStretch(
      { level: 1, phase: 'reference', driver: plan.driver(1), until, onAttempt },
      plan,
      runtime,
    );
  }
  let fresh = plan.referenceRequests === 0;
  for (const level of plan.levels) {
    if (stop.signal.aborted) return;
    const driver = plan.driver(level);
    let cooldown = fresh ? NOTHING_SENT : await coolDown(level, plan, runtime, watch, observer);
    fresh = false;
    if (plan.warmup && !stop.signal.aborted) {
      observer.onStretch(level, 'warmup', plan.warmup);
      await runStretch({ level, phase: 'warmup', driver, until: plan.warmup, onAttempt }, plan, runtime);
      if (stop.signal.aborted) return;
      const after = await coolDown(level, plan, runtime, watch, observer);
      cooldown = { waitedMs: cooldown.waitedMs + after.waitedMs, because: after.because };
    }
    if (stop.signal.aborted) return;
    observer.onStretch(level, 'measure', plan.measure);
    await runStretch({ level, phase: 'measure', driver, until: plan.measure, onAttempt }, plan, runtime);
    observer.onMeasured();
    const complete = !stop.signal.aborted;
    yield { level, cooldown, count: complete ? await plan.endpoint.count?.(level) : undefined, complete };
  }
}

/** Limits per minute are full again by then; limits per day cannot be waited out. */
const LONGEST_COOLDOWN: Millis = 60_000;

const NOTHING_SENT = { waitedMs: 0, because: 'nothing had been sent before' };

/** Waits until no level's leftovers can help or hurt the next one. */
const coolDown = async (
  level: number,
  plan: SweepPlan,
  { clock, stop }: Runtime,
  watch: LimitWatch,
  observer: SweepObserver,
): Promise<LevelOutcome['cooldown']> => {
  const refill = await refillOf(plan, watch);
  if (refill.wait > 0) observer.onCooldown(level, refill);
  const from = clock.now();
  await sleepUntil(clock, from + refill.wait, stop.signal).catch(() => {}); // stopped: the caller looks at the signal
  return { waitedMs: refill.wait > 0 ? clock.now() - from : 0, because: refill.because };
};

const refillOf = async ({ cooldown, endpoint }: SweepPlan, watch: LimitWatch): Promise<Refill> => {
  if (cooldown !== 'auto') return { wait: cooldown, because: 'as asked for (--cooldown)' };
  if (!endpoint.untilFull) return watch.refill();
  const wait = await endpoint.untilFull();
  if (wait > LONGEST_COOLDOWN) {
    return {
      wait: LONGEST_COOLDOWN,
      because: 'one minute: the mock has a limit that takes longer to refill',
    };
  }
  return {
    wait,
    because: wait > 0 ? 'until the mock says its limits are full' : 'the mock says its limits are full',
  };
};
