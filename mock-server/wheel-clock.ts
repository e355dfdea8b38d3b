import type { Clock, Millis } from '../src/core/clock.ts';

interface Entry {
  readonly deadline: Millis;
  /** `undefined` once fired or cancelled. */
  fire: (() => void) | undefined;
}

/** Slots of one turn of the wheel, 1 ms each; what lies further ahead waits in its slot for a later turn. */
const SLOTS = 4096;
/** After a tick that took this long others are probably due already: the next one follows at once. */
const LONG_TICK: Millis = 0.25;
/** With at most this many timers pending the last millisecond is waited out in turns of the event loop. */
const FEW = 64;

/**
 * Real time with one timer for all: a wheel of 1 ms slots with absolute deadlines. A thousand streams then cost one timer
 * per millisecond instead of one per chunk. With few timers pending it is as exact as `SystemClock`, with many up to a
 * millisecond late, never early.
 */
export class WheelClock implements Clock {
  readonly epoch: number;
  readonly #origin: Millis;
  readonly #slots: Entry[][] = Array.from({ length: SLOTS }, () => []);
  #pending = 0;
  /** The slot that was turned to last; it may still hold entries of the current millisecond. */
  #turned = 0;
  #armed = false;

  /** A clock of its own, or one that goes with the clock of another process. */
  constructor({
    epoch = Date.now(),
    elapsed = 0,
  }: { readonly epoch?: number; readonly elapsed?: Millis } = {}) {
    this.epoch = epoch;
    this.#origin = performance.now() - elapsed;
    this.#turned = Math.floor(elapsed);
  }

  /** Runs a task when everything that has already happened is dealt with. */
  defer(task: () => void): void {
    setImmediate(task);
  }

  now(): Millis {
    return performance.now() - this.#origin;
  }

  schedule(deadline: Millis, fire: () => void): () => void {
    const entry: Entry = { deadline, fire };
    const slot = Math.max(Math.floor(deadline), this.#turned);
    this.#slots[slot % SLOTS]?.push(entry);
    this.#pending++;
    if (!this.#armed) this.#arm();
    return () => {
      if (entry.fire) this.#pending--;
      entry.fire = undefined;
    };
  }

  #arm(): void {
    this.#armed = true;
    if (this.#pending <= FEW && this.#dueWithin(2.5)) setImmediate(this.#tick);
    else setTimeout(this.#tick, 1);
  }

  /** Whether anything is due within `ahead` milliseconds. */
  #dueWithin(ahead: Millis): boolean {
    const until = this.now() + ahead;
    for (let slot = this.#turned; slot <= until; slot++)
      for (const entry of this.#slots[slot % SLOTS] ?? [])
        if (entry.fire && entry.deadline <= until) return true;
    return false;
  }

  #tick = (): void => {
    const now = this.now();
    const last = Math.floor(now);
    // After a pause longer than one turn every slot is visited once.
    const first = Math.max(this.#turned, last - SLOTS + 1);
    this.#turned = last;
    for (let slot = first; slot <= last; slot++) this.#turn(slot % SLOTS, now);
    if (this.#pending === 0) this.#armed = false;
    else if (this.now() - now > LONG_TICK) setImmediate(this.#tick);
    else this.#arm();
  };

  #turn(slot: number, now: Millis): void {
    const entries = this.#slots[slot];
    if (!entries || entries.length === 0) return;
    this.#slots[slot] = [];
    for (const entry of entries) {
      const { fire } = entry;
      if (!fire) continue;
      if (entry.deadline > now) this.#slots[slot]?.push(entry);
      else {
        entry.fire = undefined;
        this.#pending--;
        fire();
      }
    }
  }
}
