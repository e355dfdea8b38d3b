/** A growing column of numbers: 8 bytes a value, so a million requests need megabytes, not objects. */
export class Column {
  #values = new Float64Array(64);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** The values so far, in order; a view that the next `push` may detach. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
