import type { Clock, Millis } from '../core/clock.ts';
import type { Claim, Slot } from '../load/driver.ts';
import type { RequestInProgress } from './issue.ts';

/** A request between two attempts, without a slot. */
interface Parked {
  readonly slot: Slot;
  readonly request: RequestInProgress;
  cancelTimer(): void;
}

/**
 * Hands out slots where requests give theirs back while they wait to retry: first to those who are due again, then to new ones.
 * New ones are let in while fewer than twice the level are outstanding, in slots and waiting, so that work stays bounded.
 */
export class ReturnDesk {
  readonly #level: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #next: () => Claim;
  /** Waiting for their time, and due, by index. */
  readonly #parked = new Map<number, Parked>();
  readonly #due: Parked[] = [];
  readonly #back = new Map<number, RequestInProgress>();
  readonly #claimers: ((claim: Claim) => void)[] = [];
  #inSlots = 0;

  constructor(level: number, { clock, signal, next }: { clock: Clock; signal: AbortSignal; next(): Claim }) {
    this.#level = level;
    this.#clock = clock;
    this.#signal = signal;
    this.#next = next;
  }

  claim(): Claim | Promise<Claim> {
    const given = this.#give();
    if (given !== 'later') return given;
    return new Promise((resolve) => this.#claimers.push(resolve));
  }

  /** The request that has come back under this slot; `undefined` for a new one. */
  returned(slot: Slot): RequestInProgress | undefined {
    const request = this.#back.get(slot.index);
    this.#back.delete(slot.index);
    return request;
  }

  /** Gives the slot back until the request is due. */
  park(slot: Slot, request: RequestInProgress, dueAt: Millis): void {
    const parked: Parked = {
      slot,
      request,
      cancelTimer: this.#clock.schedule(dueAt, () => {
        this.#due.push(parked);
        this.#serve();
      }),
    };
    this.#parked.set(slot.index, parked);
    this.freed();
  }

  /** A slot is free again. */
  freed(): void {
    this.#inSlots--;
    this.#serve();
  }

  /** The run was stopped: those who wait without a slot, never to come back. */
  abandon(): readonly RequestInProgress[] {
    const left = [...this.#parked.values()];
    for (const { cancelTimer } of left) cancelTimer();
    this.#parked.clear();
    this.#due.length = 0;
    this.#serve();
    return left.map(({ request }) => request);
  }

  #serve(): void {
    for (let claimer = this.#claimers[0]; claimer; claimer = this.#claimers[0]) {
      const given = this.#give();
      if (given === 'later') return;
      this.#claimers.shift();
      claimer(given);
    }
  }

  #give(): Claim | 'later' {
    if (this.#signal.aborted) return undefined;
    const due = this.#due.shift();
    if (due) {
      this.#parked.delete(due.slot.index);
      this.#back.set(due.slot.index, due.request);
      this.#inSlots++;
      return { index: due.slot.index, scheduledAt: this.#clock.now() };
    }
    if (this.#parked.size + this.#inSlots >= 2 * this.#level) return 'later';
    const slot = this.#next();
    if (slot) this.#inSlots++;
    // Nothing new: whoever is in a slot may still come back for another one.
    return slot ?? (this.#parked.size + this.#inSlots > 0 ? 'later' : undefined);
  }
}
