import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { type Clock, SystemClock } from '../core/clock.ts';

/** How this process fared over a stretch of real time. */
export interface SelfReading {
  readonly cpuCores: number;
  readonly eventLoopUtilization: number;
  readonly eventLoopDelayP99RealMs: number;
  /** Wall-clock time gone by less monotonic time: a clock that was set, or a machine that slept. Left out below a second. */
  readonly clockStepRealMs?: number;
}

const RESOLUTION_MS = 5;

/** Time synchronisation moves a clock by less. */
const NOTICEABLE_STEP_MS = 1000;

/**
 * Watches the measuring process itself. The delay monitor samples with a timer of its own, so its readings include the
 * timer's interval, which is taken off; CPU time is of the whole process, all threads.
 */
export class SelfWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #loop = performance.eventLoopUtilization();
  #startedAt = performance.now();
  readonly #clock: () => Pick<Clock, 'epoch' | 'now'>;
  #wall: Pick<Clock, 'epoch' | 'now'>;

  /** `clock` makes one that starts now: what tells a step is how two of them differ. */
  constructor(clock: () => Pick<Clock, 'epoch' | 'now'> = () => new SystemClock()) {
    this.#clock = clock;
    this.#wall = clock();
  }

  /** Starts a new stretch. */
  start(): void {
    this.#delay.reset();
    this.#delay.enable();
    this.#cpu = process.cpuUsage();
    this.#loop = performance.eventLoopUtilization();
    this.#startedAt = performance.now();
    this.#wall = this.#clock();
  }

  /** Ends the stretch and tells how it went. */
  stop(): SelfReading {
    this.#delay.disable();
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsed = Math.max(performance.now() - this.#startedAt, 1e-3);
    const p99 = this.#delay.percentile(99) / 1e6 - RESOLUTION_MS;
    const step = this.#clock().epoch - this.#wall.epoch - this.#wall.now();
    return {
      ...(Math.abs(step) >= NOTICEABLE_STEP_MS ? { clockStepRealMs: step } : {}),
      cpuCores: (user + system) / 1000 / elapsed,
      eventLoopUtilization: performance.eventLoopUtilization(this.#loop).utilization,
      eventLoopDelayP99RealMs: Number.isFinite(p99) ? Math.max(0, p99) : 0,
    };
  }
}
