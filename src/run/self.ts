import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How this process fared over a stretch of real time. */
export interface SelfReading {
  readonly cpuCores: number;
  readonly eventLoopUtilization: number;
  readonly eventLoopDelayP99RealMs: number;
}

const RESOLUTION_MS = 5;

/**
 * Watches the measuring process itself. The delay monitor samples with a timer of its own, so its readings include the
 * timer's interval, which is taken off; CPU time is of the whole process, all threads.
 */
export class SelfWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #loop = performance.eventLoopUtilization();
  #startedAt = performance.now();

  /** Starts a new stretch. */
  start(): void {
    this.#delay.reset();
    this.#delay.enable();
    this.#cpu = process.cpuUsage();
    this.#loop = performance.eventLoopUtilization();
    this.#startedAt = performance.now();
  }

  /** Ends the stretch and tells how it went. */
  stop(): SelfReading {
    this.#delay.disable();
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsed = Math.max(performance.now() - this.#startedAt, 1e-3);
    const p99 = this.#delay.percentile(99) / 1e6 - RESOLUTION_MS;
    return {
      cpuCores: (user + system) / 1000 / elapsed,
      eventLoopUtilization: performance.eventLoopUtilization(this.#loop).utilization,
      eventLoopDelayP99RealMs: Number.isFinite(p99) ? Math.max(0, p99) : 0,
    };
  }
}
