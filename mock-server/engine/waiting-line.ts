/** Slots of a server, and those who wait for one in order of arrival. */
export class WaitingLine {
  readonly #slots: number;
  readonly #places: number;
  readonly #waiting = new Set<() => void>();
  #active = 0;

  constructor(slots = Number.POSITIVE_INFINITY, places = Number.POSITIVE_INFINITY) {
    this.#slots = slots;
    this.#places = places;
  }

  /** Requests in service. */
  get active(): number {
    return this.#active;
  }

  /** Requests that wait. */
  get queued(): number {
    return this.#waiting.size;
  }

  /** Calls `start` now, or when a slot becomes free; `false` if there is no room to wait in. */
  enter(start: () => void): boolean {
    if (this.#active < this.#slots) {
      this.#active++;
      start();
      return true;
    }
    if (this.#waiting.size >= this.#places) return false;
    this.#waiting.add(start);
    return true;
  }

  /** Gives a slot back; the first in line gets it. */
  leave(): void {
    this.#active--;
    const next = this.#waiting.values().next().value;
    if (!next || this.#active >= this.#slots) return;
    this.#waiting.delete(next);
    this.#active++;
    next();
  }

  /** Stops waiting. */
  giveUp(start: () => void): void {
    this.#waiting.delete(start);
  }
}
