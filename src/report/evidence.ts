import type { LevelReport, SweepReport } from '../analyze/report.ts';
import type { MetricName } from '../measure/metrics.ts';

/** Two bounds of a figure, in its unit. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** X(N) = γN / (1 + σ(N−1) + κN(N−1)). */
export interface Usl {
  readonly gamma: number;
  readonly sigma: number;
  readonly kappa: number;
  /** It misses the levels by too much to be their law. */
  readonly isPoor: boolean;
}

/*
 * Not every run has everything: repeats, limits and prices add figures to a report, and reports of earlier versions lack
 * them. What is here is read by name and believed only if it has the expected form, so that a section appears when its
 * figures are there and is missing otherwise.
 */
type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const fieldsOf = (value: unknown, name: string): Fields | undefined => {
  const found = isFields(value) ? value[name] : undefined;
  return isFields(found) ? found : undefined;
};
const numberOf = (value: unknown, name: string): number | undefined => {
  const found = isFields(value) ? value[name] : undefined;
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};

const boundsOf = (value: unknown): Bounds | undefined => {
  const low = numberOf(value, 'low');
  const high = numberOf(value, 'high');
  return low === undefined || high === undefined ? undefined : { low, high };
};

/** The interval around the throughput that lasts, ok per second. */
export const throughputBounds = ({ steady }: LevelReport): Bounds | undefined => steady?.interval;

/** The interval around a percentile of a metric, in the metric's unit. */
export const percentileBounds = (
  { metrics }: LevelReport,
  metric: MetricName,
  percentile: 'p50' | 'p95' | 'p99',
): Bounds | undefined => boundsOf(fieldsOf(metrics[metric], `${percentile}Interval`));

/** Slot time held back by a limiter, and spent on requests that were turned away, in model milliseconds. */
export const heldBack = ({
  slotTime,
}: LevelReport): { readonly limiterMs: number; readonly rejectedMs: number } => ({
  limiterMs: numberOf(slotTime, 'limiterMs') ?? 0,
  rejectedMs: numberOf(slotTime, 'rejectedMs') ?? 0,
});

/** What a level cost. */
export const costUsd = (level: LevelReport): number | undefined =>
  numberOf(fieldsOf(level, 'costUsd'), 'total');

/** The interval around the sweet spot, in calls at once. */
export const spotBounds = ({ sweetSpot }: SweepReport): Bounds | undefined =>
  boundsOf(fieldsOf(sweetSpot, 'interval'));

/** The number of calls at once that keeps the endpoint busy, as a curve's bend puts it. */
export const ceilingOf = ({ sweetSpot }: SweepReport): number | undefined => {
  const ceiling = numberOf(fieldsOf(sweetSpot, 'ceiling'), 'level');
  return ceiling !== undefined && ceiling > 0 ? ceiling : undefined;
};

/** The scaling law fitted to the levels. */
export const uslOf = ({ sweetSpot }: SweepReport): Usl | undefined => {
  const usl = fieldsOf(fieldsOf(sweetSpot, 'fits'), 'usl');
  const gamma = numberOf(usl, 'gamma');
  const sigma = numberOf(usl, 'sigma');
  const kappa = numberOf(usl, 'kappa');
  return gamma === undefined || sigma === undefined || kappa === undefined
    ? undefined
    : { gamma, sigma, kappa, isPoor: typeof usl?.['misspecified'] === 'string' };
};

/** The fitted throughput at a number of calls at once, ok per second. */
export const uslAt = ({ gamma, sigma, kappa }: Usl, calls: number): number =>
  (gamma * calls) / (1 + sigma * (calls - 1) + kappa * calls * (calls - 1));
