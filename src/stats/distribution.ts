import { quantile, samplesNeeded } from './quantile.ts';

/** Location and spread of a sample. A percentile is `null` where the sample is too small to hold it. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for one value. */
  readonly stdev: number;
  readonly min: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number;
}

/** Summarizes numbers exactly (sorts a copy); `undefined` for none. */
export const distribution = (values: ArrayLike<number>): Distribution | undefined => {
  const count = values.length;
  if (count === 0) return undefined;
  const ascending = Float64Array.from(values).sort();
  let mean = 0;
  let squares = 0; // Welford's recurrence: stable where the spread is small beside the mean
  for (let i = 0; i < count; i++) {
    const value = ascending[i] ?? 0;
    const delta = value - mean;
    mean += delta / (i + 1);
    squares += delta * (value - mean);
  }
  const at = (p: number) => (count < samplesNeeded(p) ? null : quantile(ascending, p));
  return {
    count,
    mean,
    stdev: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    min: ascending[0] ?? mean,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: ascending[count - 1] ?? mean,
  };
};
