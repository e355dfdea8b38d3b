import type { Millis } from '../core/clock.ts';

/**
 * When each of a fixed number of slots is free again, the first to be free on top: a binary heap whose only operation is to take
 * the top and give it back later, which costs one way down instead of the two of a queue with pop and push.
 */
export class FreeSlots {
  readonly #freeAt: Float64Array;

  /** So many slots, all free from the start. */
  constructor(slots: number) {
    this.#freeAt = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
  }

  /** When the next slot is free. */
  get next(): Millis {
    return this.#freeAt[0] ?? 0;
  }

  /** Takes the next slot until `endAt`. */
  takeUntil(endAt: Millis): void {
    const heap = this.#freeAt;
    const size = heap.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child++;
      const smaller = heap[child] ?? 0;
      if (smaller >= endAt) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = endAt;
  }
}
