/**
 * A sum that does not depend on the order of its terms and is rounded once, at the end (Shewchuk 1997, "Adaptive precision
 * floating-point arithmetic", as in Python's `math.fsum`). Constant memory: a handful of partial sums that do not overlap.
 */
export class ExactSum {
  readonly #partials: number[] = [];

  add(term: number): void {
    let x = term;
    let kept = 0;
    for (const partial of this.#partials) {
      const [large, small] = Math.abs(x) < Math.abs(partial) ? [partial, x] : [x, partial];
      const sum = large + small;
      const rest = small - (sum - large);
      if (rest !== 0) this.#partials[kept++] = rest;
      x = sum;
    }
    this.#partials.length = kept;
    this.#partials.push(x);
  }

  /** The sum, correctly rounded; 0 of nothing. */
  get value(): number {
    const partials = this.#partials;
    let n = partials.length;
    let high = partials[--n] ?? 0;
    let low = 0;
    while (n > 0) {
      const x = high;
      const y = partials[--n] ?? 0;
      high = x + y;
      low = y - (high - x);
      if (low !== 0) break;
    }
    // Half-way cases: the rest below decides which way to round.
    const next = partials[n - 1] ?? 0;
    if (n > 0 && ((low < 0 && next < 0) || (low > 0 && next > 0))) {
      const doubled = low * 2;
      const rounded = high + doubled;
      if (doubled === rounded - high) high = rounded;
    }
    return high;
  }
}
