import type { Millis } from '../../src/core/clock.ts';

/** The dimensions that can be limited. */
export type LimitName = 'requests' | 'requests-per-day' | 'tokens' | 'input-tokens' | 'output-tokens';

/** A limit as response headers tell it, right after the charge. */
export interface Standing {
  readonly name: LimitName;
  /** Allowed per period. */
  readonly limit: number;
  readonly period: Millis;
  /** What would be admitted right now; negative while a debt is being paid off. */
  readonly level: number;
  /** Time until the bucket is full again. */
  readonly fullIn: Millis;
}

/**
 * A continuously refilled token bucket: `limit` per `period`, holding at most `burst`. The level is stored lazily and may
 * go below zero, because output tokens are charged as they are produced.
 */
export class Bucket {
  readonly name: LimitName;
  readonly limit: number;
  readonly period: Millis;
  readonly burst: number;
  /** The largest charge that is ever admitted. Above `burst` it has to wait until the bucket is full, and leaves a debt. */
  readonly largest: number;
  #level: number;
  #at: Millis;

  constructor(name: LimitName, limit: number, period: Millis, burst: number, now: Millis, largest = burst) {
    this.name = name;
    this.limit = limit;
    this.period = period;
    this.burst = burst;
    this.largest = largest;
    this.#level = burst;
    this.#at = now;
  }

  /** What the bucket holds at `now`. */
  level(now: Millis): number {
    if (now > this.#at) {
      this.#level = Math.min(this.burst, this.#level + ((now - this.#at) * this.limit) / this.period);
      this.#at = now;
    }
    return this.#level;
  }

  /** Takes `amount` out, below zero if need be, or puts a negative amount back. */
  take(amount: number, now: Millis): void {
    this.#level = Math.min(this.burst, this.level(now) - amount);
  }

  /** Charges a refused request: counts against the bucket but never makes a debt. */
  penalize(amount: number, now: Millis): void {
    this.#level = Math.max(Math.min(0, this.level(now)), this.#level - amount);
  }

  /** Time until `need` fits; a nanosecond of rounding is forgiven, so that waiting exactly this long suffices. */
  wait(need: number, now: Millis): Millis {
    const missing = Math.min(need, this.burst) - this.level(now);
    const wait = (missing * this.period) / this.limit;
    return wait > 1e-6 ? wait : 0;
  }

  /** Time until the bucket is full again. */
  fullIn(now: Millis): Millis {
    return ((this.burst - this.level(now)) * this.period) / this.limit;
  }

  /** The bucket's state for headers and ledger. */
  standing(now: Millis): Standing {
    const level = this.level(now);
    return { name: this.name, limit: this.limit, period: this.period, level, fullIn: this.fullIn(now) };
  }
}
