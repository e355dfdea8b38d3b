import TinyQueue from 'tinyqueue';
import type { Usage } from '../core/call.ts';
import type { Clock, Millis } from '../core/clock.ts';
import type { AttemptRecord } from '../core/record.ts';
import type { Departure, Pace, Pacer } from './pacer.ts';

interface Waiting {
  readonly departure: Departure;
  resolve(): void;
  reject(reason: unknown): void;
  /** When it stands in line again; until then others pass it. */
  wakesAt: Millis;
}

/**
 * The line before the exit: an attempt leaves once every pacer lets it, at one instant, so that none is charged for an attempt
 * that another still holds. First come, first served; who is told to keep apart (`spread`) waits aside for a time of its own.
 * One timer, whatever the number of those who wait.
 */
export class PaceLine implements Pace {
  readonly #clock: Clock;
  readonly #pacers: readonly Pacer[];
  readonly #aside = new TinyQueue<Waiting>([], (a, b) => a.wakesAt - b.wakesAt);
  #line: Waiting[] = [];
  /** Where the line starts in its array. */
  #head = 0;
  readonly #watched = new WeakSet<AbortSignal>();
  #cancelTimer = () => {};

  constructor(clock: Clock, pacers: readonly Pacer[]) {
    this.#clock = clock;
    this.#pacers = pacers;
  }

  admit(departure: Departure, signal: AbortSignal): Promise<void> | undefined {
    if (signal.aborted) return Promise.reject(signal.reason);
    const now = this.#clock.now();
    // Those who wait aside do not hold anybody up; those in line do.
    if (this.#head === this.#line.length && this.#tryLeave(now, departure)) return undefined;
    this.#watch(signal);
    return new Promise((resolve, reject) => {
      this.#line.push({ departure, wakesAt: now, resolve, reject });
      this.#pump();
    });
  }

  /** One listener for all who wait: to take one off a signal takes as long as it has others. */
  #watch(signal: AbortSignal): void {
    if (this.#watched.has(signal)) return;
    this.#watched.add(signal);
    signal.addEventListener('abort', () => this.#abandon(signal.reason), { once: true });
  }

  #abandon(reason: unknown): void {
    const all = [...this.#line.slice(this.#head), ...this.#aside.data];
    this.#line = [];
    this.#head = 0;
    this.#aside.length = 0;
    this.#aside.data.length = 0;
    this.#cancelTimer(); // nothing of ours may keep the process
    for (const { reject } of all) reject(reason);
  }

  ended(departure: Departure, attempt: AttemptRecord, usage: Usage | undefined): void {
    const now = this.#clock.now();
    for (const pacer of this.#pacers) pacer.ended?.(now, departure, attempt, usage);
    if (this.#head < this.#line.length) this.#pump();
  }

  #tryLeave(now: Millis, departure: Departure): boolean {
    if (this.#pacers.some((pacer) => pacer.wait(now, departure) > 0)) return false;
    for (const pacer of this.#pacers) pacer.left?.(now, departure);
    return true;
  }

  /** Lets out whoever may leave, and sets the timer for the next. */
  #pump(): void {
    const now = this.#clock.now();
    for (let first = this.#aside.peek(); first && first.wakesAt <= now; first = this.#aside.peek()) {
      this.#aside.pop();
      this.#line.push(first);
    }
    let next = Number.POSITIVE_INFINITY;
    for (let waiting = this.#line[this.#head]; waiting; waiting = this.#line[this.#head]) {
      const held = this.#holds(now, waiting.departure);
      if (held?.apart) {
        waiting.wakesAt = now + held.wait;
        this.#aside.push(waiting);
      } else if (held) {
        next = now + held.wait;
        break;
      } else {
        for (const pacer of this.#pacers) pacer.left?.(now, waiting.departure);
        waiting.resolve();
      }
      this.#head++;
    }
    if (this.#head > 32 && this.#head * 2 > this.#line.length) {
      this.#line = this.#line.slice(this.#head);
      this.#head = 0;
    }
    next = Math.min(next, this.#aside.peek()?.wakesAt ?? Number.POSITIVE_INFINITY);
    this.#cancelTimer();
    this.#cancelTimer =
      next < Number.POSITIVE_INFINITY ? this.#clock.schedule(next, () => this.#pump()) : () => {};
  }

  /** What holds an attempt back now; `apart` where it is to wait aside. */
  #holds(now: Millis, departure: Departure): { readonly wait: Millis; readonly apart: boolean } | undefined {
    let wait = 0;
    for (const pacer of this.#pacers) {
      const own = pacer.wait(now, departure);
      if (own > 0 && pacer.spread) return { wait: own + pacer.spread(departure.rng), apart: true };
      wait = Math.max(wait, own);
    }
    return wait > 0 ? { wait, apart: false } : undefined;
  }
}
