import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import type { RequestRecord } from '../core/record.ts';
import { parseDuration } from '../core/units.ts';
import { METRIC_NAMES, METRICS, type MetricName } from './metrics.ts';

const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const;

/** One clause of a service level objective: a percentile of a metric that must stay below a bound. */
export interface SloBound {
  readonly metric: MetricName;
  readonly percentile: (typeof PERCENTILES)[number];
  /** In the metric's unit. */
  readonly below: number;
}

const EXAMPLE = 'For example "p95<4s" or "p95<4s, ttft.p95<800ms".';

/** A metric that fewer is better of, so that a bound from above means something. */
const bounded = METRIC_NAMES.filter((name) => METRICS[name].unit === 'ms');

const clause = (text: string, name: string): SloBound => {
  const found = /^(?:(\w+)\.)?(p\d+)\s*<=?\s*(.+)$/.exec(text);
  if (!found) throw new UsageError(`${name}: "${text}" is not a bound on latency`, EXAMPLE);
  const [, metricText = 'serviceTime', percentileText = '', limit = ''] = found;
  const metric = bounded.find((each) => each.toLowerCase() === metricText.toLowerCase());
  if (!metric)
    throw new UsageError(`${name}: there is no latency "${metricText}"`, nameHint(metricText, bounded));
  const percentile = PERCENTILES.find((each) => each === percentileText);
  if (!percentile)
    throw new UsageError(
      `${name}: "${percentileText}" is not reported`,
      `Use one of ${PERCENTILES.join(', ')}.`,
    );
  const below = parseDuration(limit);
  if (below === undefined || below <= 0)
    throw new UsageError(`${name}: "${limit}" is not a time above zero`, EXAMPLE);
  return { metric, percentile, below };
};

/** Reads `p95<4s, ttft.p95<800ms`; a bound without a metric is on the request latency. Throws `UsageError` naming `name`. */
export const parseSlo = (text: string, name: string): readonly SloBound[] => {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw new UsageError(`${name}: a bound is empty`, EXAMPLE);
  return parts.map((part) => clause(part, name));
};

/** Whether a request that succeeded kept every bound by itself; what it does not have (TTFT without a stream) it cannot break. */
export const meetsSlo = (record: RequestRecord, slo: readonly SloBound[]): boolean =>
  slo.every(({ metric, below }) => {
    const value = METRICS[metric].of(record);
    return value === undefined || value < below;
  });

/** Bounds as `parseSlo` reads them: `p95<4s, ttft.p95<800ms`. */
export const formatSlo = (slo: readonly SloBound[]): string =>
  slo
    .map(({ metric, percentile, below }) => {
      const name = metric === 'serviceTime' ? percentile : `${metric}.${percentile}`;
      return `${name}<${below % 1000 === 0 ? `${below / 1000}s` : `${below}ms`}`;
    })
    .join(', ');

/** What a bound is on: `p95`, `ttft p95`. */
export const sloLabel = ({ metric, percentile }: SloBound): string =>
  metric === 'serviceTime' ? percentile : `${metric} ${percentile}`;
