import type { Millis } from '../../src/core/clock.ts';

/** Lateness of sends in real milliseconds. */
export interface LatenessSummary {
  readonly count: number;
  readonly p50Ms: Millis;
  readonly p99Ms: Millis;
  readonly maxMs: Millis;
}

/** A histogram as it travels between processes: pairs of bin and count. */
export interface LatenessReport {
  readonly bins: readonly (readonly [bin: number, count: number])[];
  readonly sum: Millis;
  readonly max: Millis;
}

/** Width of the finest bin, and growth from bin to bin (5 %). */
const FINEST: Millis = 0.01;
const GROWTH = Math.log(1.05);
const BINS = 400;

/** How much later than planned the mock sent: counts in bins that grow by 5 %, from 10 µs up to hours. */
export class Lateness {
  readonly #bins = new Uint32Array(BINS);
  #count = 0;
  #sum: Millis = 0;
  #max: Millis = 0;

  /** Notes one send, `late` real milliseconds after its due time. */
  record(late: Millis): void {
    const value = Math.max(late, 0);
    const bin = Math.min(Math.floor(Math.log1p(value / FINEST) / GROWTH), BINS - 1);
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#count++;
    this.#sum += value;
    if (value > this.#max) this.#max = value;
  }

  /** Sends noted. */
  get count(): number {
    return this.#count;
  }

  /** Everything noted, for another process. */
  report(): LatenessReport {
    const bins: [number, number][] = [];
    for (const [bin, count] of this.#bins.entries()) if (count > 0) bins.push([bin, count]);
    return { bins, sum: this.#sum, max: this.#max };
  }

  /** Adds what another process noted. */
  include({ bins, sum, max }: LatenessReport): void {
    for (const [bin, count] of bins) {
      this.#bins[bin] = (this.#bins[bin] ?? 0) + count;
      this.#count += count;
    }
    this.#sum += sum;
    this.#max = Math.max(this.#max, max);
  }

  /** Sum of all lateness. */
  get sum(): Millis {
    return this.#sum;
  }

  /** Upper edge of the bin that holds the quantile, never above the largest value seen. */
  quantile(share: number): Millis {
    const rank = Math.ceil(share * this.#count);
    let seen = 0;
    for (let bin = 0; bin < BINS && rank > 0; bin++) {
      seen += this.#bins[bin] ?? 0;
      if (seen >= rank) return Math.min(this.#max, FINEST * Math.expm1((bin + 1) * GROWTH));
    }
    return this.#max;
  }

  /** Sends at most `late` milliseconds late, to the precision of a bin. */
  countUpTo(late: Millis): number {
    const last = Math.min(Math.floor(Math.log1p(late / FINEST) / GROWTH), BINS - 1);
    let seen = 0;
    for (let bin = 0; bin <= last; bin++) seen += this.#bins[bin] ?? 0;
    return seen;
  }

  /** The figures that people look at. */
  summary(): LatenessSummary {
    return { count: this.#count, p50Ms: this.quantile(0.5), p99Ms: this.quantile(0.99), maxMs: this.#max };
  }

  /** Forgets everything. */
  reset(): void {
    this.#bins.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#max = 0;
  }
}
