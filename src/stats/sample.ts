import { createRequire } from 'node:module';
import type { Histogram } from 'hdr-histogram-js';
import { Column } from './column.ts';
import { type Distribution, distribution, percentileBounds, percentiles } from './distribution.ts';
import { ExactSum } from './exact-sum.ts';

/** Values kept as they are; beyond, percentiles come from a histogram, so that memory stays constant. */
const EXACT_UP_TO = 100_000;

/** Histograms count whole numbers: thousandths of the unit. */
const SCALE = 1000;

const require = createRequire(import.meta.url);

/** Loaded by the first sample that needs it: few do, and it is a tenth of what `bench` would load at the start. */
const newHistogram = (): Histogram =>
  (require('hdr-histogram-js') as typeof import('hdr-histogram-js')).build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });

/**
 * A growing sample of numbers that are not negative. Up to 100,000 values its distribution is exact; beyond, percentiles are
 * those of an HDR histogram with three significant digits (within 0.1 %). The order of the values makes no difference.
 */
export class Sample {
  /** Empty once there is a histogram, as are the sums until then. */
  #values = new Column();
  #histogram: Histogram | undefined;
  readonly #sum = new ExactSum();
  readonly #squares = new ExactSum();
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.#count++;
    if (this.#histogram) {
      this.#fold(value, this.#histogram);
      return;
    }
    this.#values.push(value);
    if (this.#count <= EXACT_UP_TO) return;
    const histogram = newHistogram();
    for (const each of this.#values.values) this.#fold(each, histogram);
    this.#histogram = histogram;
    this.#values = new Column();
  }

  #fold(value: number, histogram: Histogram): void {
    this.#sum.add(value);
    this.#squares.add(value * value);
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    histogram.recordValue(Math.round(value * SCALE));
  }

  /** The distribution of what has been added; `undefined` for nothing. */
  distribution(): Distribution | undefined {
    const histogram = this.#histogram;
    if (!histogram) return distribution(this.#values.values);
    const count = this.#count;
    const mean = this.#sum.value / count;
    const variance = Math.max(0, (this.#squares.value - count * mean * mean) / (count - 1));
    const at = (p: number) => {
      const value = histogram.getValueAtPercentile(p * 100) / SCALE;
      return Math.min(this.#max, Math.max(this.#min, value));
    };
    return {
      count,
      mean,
      stdev: Math.sqrt(variance),
      min: this.#min,
      ...percentiles(count, at),
      max: this.#max,
      ...percentileBounds(count, (rank) => at(rank / count)),
    };
  }
}
