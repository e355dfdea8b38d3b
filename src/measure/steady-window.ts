import type { Millis } from '../core/clock.ts';
import { ExactSum } from '../stats/exact-sum.ts';
import type { Cycle } from './steady-sums.ts';

/** A request by when it was there. */
export interface TimedCycle extends Cycle {
  readonly scheduledAt: Millis;
  readonly endedAt: Millis;
}

/** What was under way between two instants, whenever it started. The order in which requests come makes no difference. */
export class SteadyWindow {
  readonly #from: Millis;
  readonly #to: Millis;
  readonly #open = new ExactSum();
  readonly #lost = new ExactSum();
  #completed = 0;

  /** `to` may be infinite, as long as nobody knows where the steady part ends. */
  constructor(from: Millis, to: Millis = Number.POSITIVE_INFINITY) {
    this.#from = from;
    this.#to = to;
  }

  add({ scheduledAt, endedAt, ok, cycleMs, lostMs }: TimedCycle): void {
    const within = Math.min(endedAt, this.#to) - Math.max(scheduledAt, this.#from);
    if (within > 0) {
      this.#open.add(within);
      if (cycleMs > 0) this.#lost.add((lostMs * within) / cycleMs);
    }
    if (ok && endedAt > this.#from && endedAt <= this.#to) this.#completed++;
  }

  /** Summed time of requests open in it. */
  get openMs(): Millis {
    return this.#open.value;
  }

  /** Of `openMs`, what went into failed attempts and backoff; those of a request are taken to be spread evenly over it. */
  get lostMs(): Millis {
    return this.#lost.value;
  }

  /** Successes that ended in it. */
  get completed(): number {
    return this.#completed;
  }
}
