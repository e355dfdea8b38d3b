import type { Interval } from './interval.ts';
import { quantileRanks } from './order-statistics.ts';
import { quantile, samplesNeeded } from './quantile.ts';

/** Percentiles that are kept of every distribution. */
const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** Name of such a percentile. */
export type Percentile = keyof typeof PERCENTILES;

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
  /** 95 % intervals from order statistics; `null` where the sample is too small to bound the percentile from above. */
  readonly p50Interval: Interval | null;
  readonly p90Interval: Interval | null;
  readonly p95Interval: Interval | null;
  readonly p99Interval: Interval | null;
  /** Where there is no interval: what the percentile is at least (97.5 % confidence); `null` if there is one, or nothing is known. */
  readonly p50AtLeast: number | null;
  readonly p90AtLeast: number | null;
  readonly p95AtLeast: number | null;
  readonly p99AtLeast: number | null;
}

type Bounds = Pick<Distribution, `${Percentile}Interval` | `${Percentile}AtLeast`>;

/** Intervals of all percentiles; `valueAt(rank)` is the rank-th smallest of `count` values, from 1. */
export const percentileBounds = (count: number, valueAt: (rank: number) => number): Bounds => {
  const bound = (p: number) => {
    const { low, high } = quantileRanks(count, p);
    const least = low === null ? null : valueAt(low);
    return {
      interval: least === null || high === null ? null : { low: least, high: valueAt(high) },
      atLeast: high === null ? least : null,
    };
  };
  const [p50, p90, p95, p99] = [
    bound(PERCENTILES.p50),
    bound(PERCENTILES.p90),
    bound(PERCENTILES.p95),
    bound(PERCENTILES.p99),
  ];
  return {
    p50Interval: p50.interval,
    p90Interval: p90.interval,
    p95Interval: p95.interval,
    p99Interval: p99.interval,
    p50AtLeast: p50.atLeast,
    p90AtLeast: p90.atLeast,
    p95AtLeast: p95.atLeast,
    p99AtLeast: p99.atLeast,
  };
};

/** The percentiles of `count` values, each `null` where there are too few; `valueAt(p)` is the p-quantile. */
export const percentiles = (
  count: number,
  valueAt: (p: number) => number,
): Readonly<Record<Percentile, number | null>> => {
  const at = (p: number) => (count < samplesNeeded(p) ? null : valueAt(p));
  return {
    p50: at(PERCENTILES.p50),
    p90: at(PERCENTILES.p90),
    p95: at(PERCENTILES.p95),
    p99: at(PERCENTILES.p99),
  };
};

/** Summarizes numbers exactly (sorts a copy); `undefined` for none. */
export const distribution = (values: ArrayLike<number>): Distribution | undefined => {
  const count = values.length;
  if (count === 0) return undefined;
  const ascending = new Float64Array(values).sort();
  let mean = 0;
  let squares = 0; // Welford's recurrence: stable where the spread is small beside the mean
  for (let i = 0; i < count; i++) {
    const value = ascending[i] ?? 0;
    const delta = value - mean;
    mean += delta / (i + 1);
    squares += delta * (value - mean);
  }
  return {
    count,
    mean,
    stdev: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    min: ascending[0] ?? mean,
    ...percentiles(count, (p) => quantile(ascending, p)),
    max: ascending[count - 1] ?? mean,
    ...percentileBounds(count, (rank) => ascending[rank - 1] ?? mean),
  };
};
