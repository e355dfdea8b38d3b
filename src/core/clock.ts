/** Milliseconds on the run's monotonic clock, in model time. Never wall time. */
export type Millis = number;

/**
 * The only way a measurement sees time. Everything below `cli/` takes one of these, so the same code runs in real
 * time (`SystemClock`), in scaled time (`ScaledClock`) and in simulated time (`VirtualClock`).
 */
export interface Clock {
  /** Milliseconds since the clock was made; the only legal source of a duration. */
  now(): Millis;
  /**
   * Calls `fire` once, at or after `deadline`, never before it, never before `schedule` has returned; not at all if it is
   * infinite. Returns a function that cancels it.
   */
  schedule(deadline: Millis, fire: () => void): () => void;
  /** Unix time in milliseconds of `now() === 0`; for stamps in headers and files, never for a duration. */
  readonly epoch: number;
}

/** Waits for an absolute instant, so lateness never accumulates. Rejects with `signal.reason`. */
export const sleepUntil = (clock: Clock, deadline: Millis, signal?: AbortSignal): Promise<void> => {
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.schedule(deadline, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
};

/** Waits for `duration` from now. Prefer `sleepUntil` where instants follow one another. */
export const sleep = (clock: Clock, duration: Millis, signal?: AbortSignal): Promise<void> =>
  sleepUntil(clock, clock.now() + duration, signal);

/** Largest delay `setTimeout` keeps; anything above fires at once, so longer waits are split. */
const LONGEST_TIMER: Millis = 2 ** 31 - 1;

/** Real time from the monotonic high-resolution timer. */
export class SystemClock implements Clock {
  readonly epoch = Date.now();
  readonly #origin = performance.now();

  now(): Millis {
    return performance.now() - this.#origin;
  }

  schedule(deadline: Millis, fire: () => void): () => void {
    if (Number.isNaN(deadline)) throw new RangeError('a deadline must be a number');
    let timer: NodeJS.Timeout | undefined;
    let check: NodeJS.Immediate | undefined;
    // A timer may fire up to a millisecond early: wait out the rest in turns of the event loop, never in a spin.
    const arm = () => {
      const left = deadline - this.now();
      if (left <= 0 && (timer ?? check)) fire();
      else if (left < 1) check = setImmediate(arm);
      else timer = setTimeout(arm, Math.min(Math.floor(left), LONGEST_TIMER)); // infinite: re-armed every 25 days
    };
    arm();
    return () => {
      clearTimeout(timer);
      clearImmediate(check);
    };
  }
}

/**
 * Another clock's time multiplied by `speed`: at 40, one real second passes as forty model seconds. Latencies, limits,
 * retry waits and timeouts all scale alike, so a whole experiment keeps its shape while it takes less time; what does
 * not scale is the cost of the harness itself, which therefore shows `speed` times larger.
 */
export class ScaledClock implements Clock {
  readonly #base: Clock;
  readonly #speed: number;
  readonly epoch: number;

  constructor(base: Clock, speed: number) {
    this.#base = base;
    this.#speed = speed;
    this.epoch = base.epoch;
  }

  now(): Millis {
    return this.#base.now() * this.#speed;
  }

  schedule(deadline: Millis, fire: () => void): () => void {
    // The division may round down: without the step up, one wait in ten would end before its deadline.
    const at = deadline / this.#speed;
    return this.#base.schedule(at * this.#speed < deadline ? at * (1 + Number.EPSILON) : at, fire);
  }
}
