import type { Millis } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import { Column } from '../stats/column.ts';
import type { SlotTime } from './level-summary.ts';

/** Sum in ascending order, so that it does not depend on the order in which requests completed. */
const sum = (column: Column): number =>
  column.values
    .slice()
    .sort()
    .reduce((total, value) => total + value, 0);

/** Where the slots of a level spent their time, folded from its requests. */
export class SlotTimeAccumulator {
  readonly #service = new Column();
  readonly #failed = new Column();
  readonly #cancelled = new Column();
  readonly #backoff = new Column();

  /** Adds a request's attempts and the waits between them. */
  add({ attempts, startedAt, endedAt }: RequestRecord): void {
    let from = startedAt;
    for (const attempt of attempts) {
      // Waits are taken one by one: their difference from the whole would be a rounding error where there is none.
      if (attempt.startedAt > from) this.#backoff.push(attempt.startedAt - from);
      from = attempt.endedAt;
      const { failure } = attempt;
      const part = !failure ? this.#service : failure.kind === 'cancelled' ? this.#cancelled : this.#failed;
      part.push(attempt.endedAt - attempt.startedAt);
    }
    if (endedAt > from) this.#backoff.push(endedAt - from);
  }

  /** Share of the busy time spent in failed attempts and backoff; `null` where nothing ran. */
  retryOverhead(): number | null {
    const lost = sum(this.#failed) + sum(this.#backoff);
    const busy = lost + sum(this.#service) + sum(this.#cancelled);
    return busy > 0 ? lost / busy : null;
  }

  /** The split of `level` slots over `wallClockMs`; what no request used is idle. */
  split(level: number, wallClockMs: Millis): SlotTime {
    const serviceMs = sum(this.#service);
    const failedAttemptsMs = sum(this.#failed);
    const cancelledMs = sum(this.#cancelled);
    const backoffMs = sum(this.#backoff);
    const busyMs = serviceMs + failedAttemptsMs + cancelledMs + backoffMs;
    // A full level leaves nothing idle; the last bit of a sum of durations may say otherwise.
    const totalMs = level * wallClockMs;
    const idleMs = Math.abs(totalMs - busyMs) < totalMs * 1e-12 ? 0 : totalMs - busyMs;
    return { totalMs, serviceMs, failedAttemptsMs, cancelledMs, backoffMs, idleMs };
  }
}
