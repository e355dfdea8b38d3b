import type { Millis } from '../core/clock.ts';
import type { AttemptRecord, RequestRecord } from '../core/record.ts';
import { ExactSum } from '../stats/exact-sum.ts';
import type { SlotTime } from './level-summary.ts';

const PARTS = ['service', 'rejected', 'failed', 'cancelled', 'backoff', 'limiter'] as const;

type Part = (typeof PARTS)[number];

/** What an attempt's time in its slot was spent on. */
const partOf = ({ failure, status }: AttemptRecord): Part => {
  if (!failure) return 'service';
  if (failure.kind === 'cancelled') return 'cancelled';
  return status !== undefined && status >= 400 ? 'rejected' : 'failed';
};

/** Where the slots of a level spent their time, folded from its requests. */
export class SlotTimeAccumulator {
  readonly #sums: Readonly<Record<Part, ExactSum>> = {
    service: new ExactSum(),
    rejected: new ExactSum(),
    failed: new ExactSum(),
    cancelled: new ExactSum(),
    backoff: new ExactSum(),
    limiter: new ExactSum(),
  };
  /** Waits between attempts, in a slot or without one. */
  readonly #waits = new ExactSum();

  /**
   * Adds a request's attempts and the waits between them, one by one: the difference of instants far apart would be a rounding
   * error where there is none. A request that gave its slot back has no backoff in it.
   */
  add({ attempts, startedAt, endedAt, released }: RequestRecord): void {
    const sums = this.#sums;
    let from: Millis | undefined;
    for (const attempt of attempts) {
      const readyAt = attempt.readyAt ?? attempt.startedAt;
      if (from !== undefined) this.#pause(readyAt - from, released);
      if (attempt.startedAt > readyAt) sums.limiter.add(attempt.startedAt - readyAt);
      from = attempt.endedAt;
      sums[partOf(attempt)].add(attempt.endedAt - attempt.startedAt);
    }
    if (from !== undefined) this.#pause(endedAt - from, released);
    else if (endedAt > startedAt) sums.limiter.add(endedAt - startedAt); // stopped before the limiter let it go
  }

  #pause(wait: Millis, released: boolean | undefined): void {
    if (wait <= 0) return;
    this.#waits.add(wait);
    if (!released) this.#sums.backoff.add(wait);
  }

  /** Time in attempts that brought the answer. */
  get serviceMs(): Millis {
    return this.#sums.service.value;
  }

  /** Waits between attempts, whether or not they held a slot. */
  get waitsMs(): Millis {
    return this.#waits.value;
  }

  /** Share of the busy time spent in failed attempts and backoff; `null` where nothing ran. */
  retryOverhead(): number | null {
    const { rejected, failed, backoff } = this.#sums;
    const busy = PARTS.reduce((sum, part) => sum + this.#sums[part].value, 0);
    return busy > 0 ? (rejected.value + failed.value + backoff.value) / busy : null;
  }

  /** The split of `slots` over `loadedMs`; what no request used is idle. Without a number of slots nothing is. */
  split(slots: number | undefined, loadedMs: Millis): SlotTime {
    const { service, rejected, failed, cancelled, backoff, limiter } = this.#sums;
    const busyMs = PARTS.reduce((sum, part) => sum + this.#sums[part].value, 0);
    // A full level leaves nothing idle; the last bit of a sum of durations may say otherwise.
    const totalMs = slots === undefined ? busyMs : slots * loadedMs;
    const idleMs = Math.abs(totalMs - busyMs) < totalMs * 1e-12 ? 0 : totalMs - busyMs;
    return {
      totalMs,
      serviceMs: service.value,
      rejectedMs: rejected.value,
      failedAttemptsMs: failed.value,
      cancelledMs: cancelled.value,
      backoffMs: backoff.value,
      limiterMs: limiter.value,
      idleMs,
    };
  }
}

/**
 * Successes per second by Little's law over all requests: calls at once ÷ mean slot time per success, which no drain biases. For
 * levels too short to have a steady part; 0 if no slot was used.
 */
export const perSecondOfSlots = (level: number, ok: number, { totalMs, idleMs }: SlotTime): number => {
  const busyMs = totalMs - idleMs;
  return busyMs > 0 ? (ok * 1000 * level) / busyMs : 0;
};
