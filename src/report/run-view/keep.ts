/** Keeps the first `capacity` things in an order, of any number added in any sequence. */
export class Keep<T> {
  readonly #capacity: number;
  readonly #compare: (a: T, b: T) => number;
  #kept: T[] = [];

  /** `compare` must be a total order, or what is kept would depend on the sequence. */
  constructor(capacity: number, compare: (a: T, b: T) => number) {
    this.#capacity = capacity;
    this.#compare = compare;
  }

  add(thing: T): void {
    this.#kept.push(thing);
    if (this.#kept.length >= 2 * this.#capacity + 64) this.#cut();
  }

  /** What has been kept, the first first. */
  get values(): readonly T[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.sort(this.#compare).slice(0, this.#capacity);
  }
}
