import TinyQueue from 'tinyqueue';
import type { Clock, Millis } from './clock.ts';

interface Timer {
  readonly deadline: Millis;
  readonly sequence: number;
  cancelled: boolean;
  fire(): void;
}

/** Thrown when a virtual run waits for something that no timer will ever bring about. */
export class VirtualDeadlockError extends Error {
  /** Virtual instant at which nothing was left to happen. */
  readonly at: Millis;
  constructor(at: Millis) {
    super(`virtual deadlock at ${at} ms: nothing is scheduled and the run has not finished`);
    this.name = 'VirtualDeadlockError';
    this.at = at;
  }
}

/**
 * Discrete-event time: `now` jumps from one timer to the next, and `run` fires exactly one timer per turn of the event
 * loop. `setImmediate` runs after every microtask has drained, so whatever a timer set in motion has settled before the
 * next one fires, however deep its chain of promises is. No global is patched. Ties fire in the order they were set.
 */
export class VirtualClock implements Clock {
  readonly epoch: number;
  #now: Millis = 0;
  #sequence = 0;
  readonly #timers = new TinyQueue<Timer>([], (a, b) => a.deadline - b.deadline || a.sequence - b.sequence);

  constructor(epoch = 0) {
    this.epoch = epoch;
  }

  now(): Millis {
    return this.#now;
  }

  schedule(deadline: Millis, fire: () => void): () => void {
    const timer: Timer = {
      deadline: Math.max(deadline, this.#now),
      sequence: this.#sequence++,
      cancelled: false,
      fire,
    };
    this.#timers.push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Runs `main` to its end in virtual time. Rejects with its error, or with `VirtualDeadlockError`. */
  async run<T>(main: () => Promise<T>): Promise<T> {
    let settled = false;
    const result = main().finally(() => {
      settled = true;
    });
    result.catch(() => {}); // observed again below; without this a deadlock would also report it as unhandled
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return await result;
      const timer = this.#next();
      if (!timer) throw new VirtualDeadlockError(this.#now);
      this.#now = timer.deadline;
      timer.fire();
    }
  }

  #next(): Timer | undefined {
    let timer = this.#timers.pop();
    while (timer?.cancelled) timer = this.#timers.pop();
    return timer;
  }
}
