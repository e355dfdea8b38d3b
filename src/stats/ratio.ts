import { tQuantile } from './distributions.ts';
import { ExactSum } from './exact-sum.ts';
import { CONFIDENCE, type ConfidenceInterval } from './interval.ts';

/** Ratio of two means over the same sample, with what is known of its error. */
export interface RatioEstimate {
  readonly count: number;
  readonly ratio: number;
  readonly interval: ConfidenceInterval;
  /** Half-width of the interval ÷ ratio; infinite where the ratio is 0. */
  readonly relativeError: number;
}

/**
 * Σy ÷ Σx over pairs, with the delta method's interval (Cochran, Sampling Techniques, 6.3): t·s(y − r·x) ÷ (√n·mean x). Sums do
 * not depend on the order of the pairs. With y = 1 this is 1 ÷ mean x, with relative error t·CV(x) ÷ √n.
 */
export class Ratio {
  #count = 0;
  readonly #x = new ExactSum();
  readonly #y = new ExactSum();
  readonly #xx = new ExactSum();
  readonly #xy = new ExactSum();
  readonly #yy = new ExactSum();

  add(y: number, x: number): void {
    this.#count++;
    this.#x.add(x);
    this.#y.add(y);
    this.#xx.add(x * x);
    this.#xy.add(x * y);
    this.#yy.add(y * y);
  }

  /** Adds the pairs of another sample. */
  merge(other: Ratio): void {
    this.#count += other.#count;
    for (const [own, more] of [
      [this.#x, other.#x],
      [this.#y, other.#y],
      [this.#xx, other.#xx],
      [this.#xy, other.#xy],
      [this.#yy, other.#yy],
    ] as const)
      own.add(more.value);
  }

  get count(): number {
    return this.#count;
  }

  /** Mean of x; 0 of nothing. */
  get meanX(): number {
    return this.#count > 0 ? this.#x.value / this.#count : 0;
  }

  /** Coefficient of variation of x (n − 1); 0 of fewer than two. */
  get cvX(): number {
    const n = this.#count;
    const mean = this.meanX;
    if (n < 2 || mean === 0) return 0;
    return Math.sqrt(Math.max(0, this.#xx.value - n * mean * mean) / (n - 1)) / mean;
  }

  /** The estimate; `undefined` of fewer than two pairs or where x sums to 0. */
  estimate(confidence: number = CONFIDENCE): RatioEstimate | undefined {
    const n = this.#count;
    if (n < 2 || !(this.#x.value > 0)) return undefined;
    const ratio = this.#y.value / this.#x.value;
    const residual = this.#yy.value - 2 * ratio * this.#xy.value + ratio * ratio * this.#xx.value;
    const deviation = Math.sqrt(Math.max(0, residual) / (n - 1)) / this.meanX;
    const half = (tQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
    return {
      count: n,
      ratio,
      interval: { low: Math.max(0, ratio - half), high: ratio + half, confidence },
      relativeError: ratio > 0 ? half / ratio : Number.POSITIVE_INFINITY,
    };
  }
}
