import type { Millis } from '../core/clock.ts';
import type { AttemptRecord, Phase, RequestRecord } from '../core/record.ts';
import type { Driver } from '../load/driver.ts';
import { ramped } from '../load/ramp.ts';
import type { LoadModel } from '../measure/load-model.ts';
import { requestsAgainstDrain } from '../stats/drain.ts';
import { type Visit, visits } from './block-order.ts';
import { type CoolDown, coolDown, NOTHING_SENT } from './cool-down.ts';
import type { EndpointCount } from './endpoint.ts';
import { HopeStop } from './hope-stop.ts';
import { LatencyWatch } from './latency-watch.ts';
import type { LoadPlan, Runtime, StopCondition } from './level.ts';
import { runStretch } from './level.ts';
import { LimitStop } from './limit-stop.ts';
import { LimitWatch, type Refill } from './limit-watch.ts';
import type { MeasurePlan, Probe } from './measure-plan.ts';
import { PrecisionStop } from './precision-stop.ts';

/** An ordered set of levels under one load plan. */
export interface SweepPlan extends LoadPlan {
  readonly levels: readonly number[];
  /** Levels that are chosen while the sweep is under way, each when the one before has ended; instead of `levels`. */
  readonly probes?: Iterable<Probe>;
  /** Who keeps the level; `block` is the number of the repeat. */
  driver(level: number, block: number): Driver;
  /** Closed unless said otherwise. */
  readonly load?: LoadModel;
  readonly measure: MeasurePlan;
  /** Load before each level that does not count; `undefined` for none. */
  readonly warmup: StopCondition | undefined;
  /** Over how long the slots of a closed loop are let in; `auto`: one mean latency of the stretch before; not at all without. */
  readonly ramp?: Millis | 'auto';
  /** How often each level runs; once without. */
  readonly repeat?: number;
  /** Sequential requests to run first because level 1 is not among the levels; 0 for none. */
  readonly referenceRequests: number;
  /** Fixed wait before each level, or `auto`: until the endpoint's limits are full again. */
  readonly cooldown: Millis | 'auto';
}

/** What happened around one run of a level, besides its requests. */
export interface LevelOutcome extends Visit {
  readonly cooldown: CoolDown;
  /** Of all runs of the level so far. */
  readonly count: EndpointCount | undefined;
  /** False if the run was stopped before the level was done. */
  readonly complete: boolean;
}

/** Told where the run is, so that a person can see it; each call names what begins now. */
export interface SweepObserver {
  onCooldown(level: number, refill: Refill): void;
  onStretch(level: number, phase: Phase, until: StopCondition, block?: number): void;
  /** The measured stretch of a level has ended. */
  onMeasured(): void;
}

/** Requests per slot that keep the drain below 5 % at the usual spread, whatever a few calls have said about it so far. */
const USUAL_PER_SLOT = 18;

/** A visit, and by which number the mock draws its latencies where that is not the block's. */
interface Draw extends Visit {
  readonly draw?: number;
}

/** Ends a stretch before its time, once it has told enough. */
type EarlyStop = Pick<PrecisionStop, 'reached' | 'add'> & Partial<Pick<HopeStop, 'attempt'>>;

const stopOf = (
  { precision, hoped, limitShownAfter }: MeasurePlan,
  level: number,
  load: LoadModel,
): EarlyStop | undefined => {
  if (limitShownAfter !== undefined) return new LimitStop(level, limitShownAfter);
  if (hoped) return new HopeStop(level, hoped);
  return precision === undefined ? undefined : new PrecisionStop(level, precision, load);
};

/** A sweep under way: the plan, and what has been learnt so far. */
class Sweep {
  readonly #plan: SweepPlan;
  readonly #runtime: Runtime;
  readonly #observer: SweepObserver;
  readonly #limits: LimitWatch;
  readonly #latency = new LatencyWatch();

  constructor(plan: SweepPlan, runtime: Runtime, observer: SweepObserver) {
    this.#plan = plan;
    this.#runtime = runtime;
    this.#observer = observer;
    this.#limits = new LimitWatch(runtime.clock);
  }

  get isStopped(): boolean {
    return this.#runtime.stop.signal.aborted;
  }

  coolDown(level: number): Promise<CoolDown> {
    const onWait = (refill: Refill) => this.#observer.onCooldown(level, refill);
    return coolDown(this.#plan, this.#runtime, this.#limits, onWait);
  }

  reference(requests: number): Promise<void> {
    return this.#run({ level: 1 }, 'reference', { requests }, this.#plan.driver(1, 0));
  }

  async warmUp(visit: Draw, until: StopCondition): Promise<void> {
    await this.#run(visit, 'warmup', until, this.#plan.driver(visit.level, visit.block ?? 0));
  }

  async measure(visit: Draw, measure: MeasurePlan): Promise<void> {
    const { driver, load = 'closed' } = this.#plan;
    const { requests, duration, adapted = false } = measure;
    const until = {
      ...(requests === undefined
        ? {}
        : { requests: adapted ? this.#adapted(visit.level, requests) : requests }),
      ...(duration === undefined ? {} : { duration }),
    };
    const stop = stopOf(measure, visit.level, load);
    const plain = driver(visit.level, visit.block ?? 0);
    await this.#run(visit, 'measure', until, this.#ramped(plain, visit.level), stop);
    this.#observer.onMeasured();
  }

  #adapted(level: number, atLeast: number): number {
    return Math.max(atLeast, USUAL_PER_SLOT * level, requestsAgainstDrain(level, this.#latency.cv));
  }

  #ramped(driver: Driver, level: number): Driver {
    const { ramp = 0, load = 'closed' } = this.#plan;
    const over = ramp === 'auto' ? (this.#latency.mean ?? 0) : ramp;
    if (load === 'open' || over <= 0 || level === 1) return driver;
    const { clock, stop } = this.#runtime;
    return ramped(driver, { clock, signal: stop.signal, slots: level, over });
  }

  async #run(
    { level, block, draw }: Draw,
    phase: Phase,
    until: StopCondition,
    driver: Driver,
    stop?: EarlyStop,
  ): Promise<void> {
    this.#observer.onStretch(level, phase, until, block);
    const onAttempt = (attempt: AttemptRecord) => {
      this.#limits.onAttempt(attempt);
      this.#latency.onAttempt(attempt);
    };
    const stretch = {
      level,
      phase,
      driver,
      until: stop ? { ...until, isEnough: () => stop.reached } : until,
      onAttempt,
      ...(block === undefined ? {} : { block }),
      ...(draw === undefined ? {} : { draw }),
    };
    const { recorders } = this.#runtime;
    const watching = stop
      ? [
          ...recorders,
          {
            record: (record: RequestRecord) => stop.add(record),
            attempt: (attempt: AttemptRecord) => stop.attempt?.(attempt),
          },
        ]
      : recorders;
    await runStretch(stretch, this.#plan, { ...this.#runtime, recorders: watching });
    this.#latency.turn();
  }
}

/**
 * Runs all levels, in order or in repeated blocks, and yields each run of one as it completes, so that a later failure loses
 * nothing. Ends early, without an error, once the runtime's stop is pulled: the level in progress is then yielded as incomplete.
 */
export async function* runSweep(
  plan: SweepPlan,
  runtime: Runtime,
  observer: SweepObserver,
): AsyncGenerator<LevelOutcome> {
  const sweep = new Sweep(plan, runtime, observer);
  let fresh = true;
  let probes = 0;
  if (plan.referenceRequests > 0 && !sweep.isStopped) {
    await sweep.reference(plan.referenceRequests);
    fresh = false;
  }
  for (const next of plan.probes ?? visits(plan.levels, plan.repeat ?? 1, runtime.rng)) {
    const { measure = plan.measure, ...visited }: Visit & Partial<Probe> = next;
    // Levels of a sweep share their chance, so that they can be compared; probes add up what each learns of the latency.
    const visit: Draw = plan.probes ? { ...visited, draw: probes++ } : visited;
    const { level } = visit;
    if (sweep.isStopped) return;
    let cooldown = fresh ? NOTHING_SENT : await sweep.coolDown(level);
    fresh = false;
    if (plan.warmup && !sweep.isStopped) {
      await sweep.warmUp(visit, plan.warmup);
      if (sweep.isStopped) return;
      const after = await sweep.coolDown(level);
      cooldown = { waitedMs: cooldown.waitedMs + after.waitedMs, because: after.because };
    }
    if (sweep.isStopped) return;
    await sweep.measure(visit, measure);
    const complete = !sweep.isStopped;
    yield {
      ...visited,
      cooldown,
      count: complete ? await plan.endpoint.count?.(level) : undefined,
      complete,
    };
  }
}
