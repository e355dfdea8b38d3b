import type { Millis } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import { ExactSum } from '../stats/exact-sum.ts';
import type { SlotTime } from './level-summary.ts';

/** Where the slots of a level spent their time, folded from its requests. */
export class SlotTimeAccumulator {
  readonly #service = new ExactSum();
  readonly #failed = new ExactSum();
  readonly #cancelled = new ExactSum();
  readonly #backoff = new ExactSum();

  /** Adds a request's attempts and the waits between them. */
  add({ attempts, startedAt, endedAt }: RequestRecord): void {
    let from = startedAt;
    for (const attempt of attempts) {
      // Waits are taken one by one: their difference from the whole would be a rounding error where there is none.
      if (attempt.startedAt > from) this.#backoff.add(attempt.startedAt - from);
      from = attempt.endedAt;
      const { failure } = attempt;
      const part = !failure ? this.#service : failure.kind === 'cancelled' ? this.#cancelled : this.#failed;
      part.add(attempt.endedAt - attempt.startedAt);
    }
    if (endedAt > from) this.#backoff.add(endedAt - from);
  }

  /** Share of the busy time spent in failed attempts and backoff; `null` where nothing ran. */
  retryOverhead(): number | null {
    const lost = this.#failed.value + this.#backoff.value;
    const busy = lost + this.#service.value + this.#cancelled.value;
    return busy > 0 ? lost / busy : null;
  }

  /** The split of `slots` over `loadedMs`; what no request used is idle. Without a number of slots nothing is. */
  split(slots: number | undefined, loadedMs: Millis): SlotTime {
    const serviceMs = this.#service.value;
    const failedAttemptsMs = this.#failed.value;
    const cancelledMs = this.#cancelled.value;
    const backoffMs = this.#backoff.value;
    const busyMs = serviceMs + failedAttemptsMs + cancelledMs + backoffMs;
    // A full level leaves nothing idle; the last bit of a sum of durations may say otherwise.
    const totalMs = slots === undefined ? busyMs : slots * loadedMs;
    const idleMs = Math.abs(totalMs - busyMs) < totalMs * 1e-12 ? 0 : totalMs - busyMs;
    return { totalMs, serviceMs, failedAttemptsMs, cancelledMs, backoffMs, idleMs };
  }
}
