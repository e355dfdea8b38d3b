import type { Millis } from '../core/clock.ts';
import type { LimitBucket } from './limits.ts';

/**
 * A bucket that a client paces itself by; may only be asked at instants that never go back. A request larger than the bucket waits
 * until it is full and leaves a debt, so that in the long run no more passes than the limit allows.
 */
export class Pacing {
  readonly #capacity: number;
  readonly #perMs: number;
  #level: number;
  #at: Millis = 0;

  constructor({ capacity, unitsPerSecond }: Pick<LimitBucket, 'capacity' | 'unitsPerSecond'>) {
    this.#capacity = capacity;
    this.#perMs = unitsPerSecond / 1000;
    this.#level = capacity;
  }

  /** The first instant from `at` on at which `units` may be taken. */
  ready(units: number, at: Millis): Millis {
    const wanted = units < this.#capacity ? units : this.#capacity;
    const missing = wanted - this.#levelAt(at);
    return missing > 0 ? at + missing / this.#perMs : at;
  }

  take(units: number, at: Millis): void {
    this.#level = this.#levelAt(at) - units;
    this.#at = at;
  }

  #levelAt(at: Millis): number {
    const refilled = this.#level + (at - this.#at) * this.#perMs;
    return refilled < this.#capacity ? refilled : this.#capacity;
  }
}
