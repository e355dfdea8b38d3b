/**
 * A sum that does not depend on the order of its terms and is rounded once, at the end (Shewchuk 1997, "Adaptive precision
 * floating-point arithmetic", as in Python's `math.fsum`). Constant memory: a handful of partial sums that do not overlap.
 */
export class ExactSum {
  /** The first `#count` of them are in use: an array that shrank and grew with every term would cost more than the sum. */
  readonly #partials: number[] = [];
  #count = 0;

  add(term: number): void {
    const partials = this.#partials;
    let x = term;
    let kept = 0;
    for (let at = 0; at < this.#count; at++) {
      const partial = partials[at] ?? 0;
      const swapped = Math.abs(x) < Math.abs(partial);
      const large = swapped ? partial : x;
      const small = swapped ? x : partial;
      const sum = large + small;
      const rest = small - (sum - large);
      if (rest !== 0) partials[kept++] = rest;
      x = sum;
    }
    partials[kept] = x;
    this.#count = kept + 1;
  }

  /** The sum, correctly rounded; 0 of nothing. */
  get value(): number {
    const partials = this.#partials;
    let n = this.#count;
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
