import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { formatDuration, formatNumber, formatPercent, formatUsd } from '../core/units.ts';
import type { MetricSummary } from '../measure/level-summary.ts';
import { METRIC_NAMES, METRICS, type MetricName } from '../measure/metrics.ts';

type Unit =
  | 'USD'
  | 'ms'
  | 'ok/s'
  | 'tokens/s'
  | 'tokens'
  | 'ratio'
  | 'share'
  | 'calls'
  | 'requests'
  | 'attempts';

/** One figure of a level; every table and file iterates `COLUMNS`. */
export interface Column {
  /** Snake case, without the unit. */
  readonly id: string;
  readonly unit: Unit;
  /** As a row's name. */
  readonly label: string;
  /** As a heading over narrow cells; may hold a line break. */
  readonly heading: string;
  /** 1 is the last to be left out where the width is short; `null` stands in files only. */
  readonly priority: number | null;
  /** `null` where there is no such figure, for example a percentile of too few requests. */
  value(level: LevelReport): number | null;
  /** What the figure is at least, where too few samples hold it. */
  atLeast?(level: LevelReport): number | null;
}

type Shown = Pick<Column, 'label' | 'heading'> & { readonly priorities: readonly [number, number, number] };

/** The metrics that people see; all the others are in the files. */
const SHOWN: Readonly<Partial<Record<MetricName, Shown>>> = {
  serviceTime: { label: 'request latency', heading: 'request', priorities: [10, 4, 14] },
  attemptTime: { label: 'attempt latency', heading: 'attempt', priorities: [16, 15, 17] },
};

const PERCENTILES = ['p50', 'p95', 'p99'] as const;

/** `serviceTime` as `service_time`. */
export const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const latencyColumns: readonly Column[] = METRIC_NAMES.flatMap((name) =>
  PERCENTILES.map((percentile, index): Column => {
    const shown = SHOWN[name];
    return {
      id: `${snakeCase(name)}_${percentile}`,
      unit: METRICS[name].unit,
      label: `${shown?.label ?? METRICS[name].label} ${percentile}`,
      heading: `${shown?.heading ?? name}\n${percentile}`,
      priority: shown?.priorities[index] ?? null,
      value: ({ metrics }) => (metrics[name]?.[`${percentile}Interval`] ? metrics[name][percentile] : null),
      atLeast: ({ metrics }) => metrics[name]?.[`${percentile}AtLeast`] ?? null,
    };
  }),
);

const column = (
  id: string,
  unit: Unit,
  [label, heading]: readonly [string, string],
  priority: number | null,
  value: Column['value'],
): Column => ({ id, unit, label, heading, priority, value });

const p95Error = (metric: MetricSummary | undefined): number | null =>
  metric?.p95Interval && metric.p95
    ? (metric.p95Interval.high - metric.p95Interval.low) / 2 / metric.p95
    : null;

/** The figures of a level in reading order; the first is the level itself. */
export const COLUMNS: readonly Column[] = [
  column('level', 'calls', ['at once', 'at\nonce'], 1, ({ level }) => level),
  column('wall_clock', 'ms', ['wall-clock', 'wall-\nclock'], 3, ({ wallClockMs }) => wallClockMs),
  column('throughput', 'ok/s', ['throughput ok/s', '\nok/s'], 8, ({ rates }) => rates.achievedPerSecond),
  column('steady', 'ok/s', ['steady ok/s', 'steady\nok/s'], 2, ({ steady }) => steady?.perSecond ?? null),
  column('steady_error', 'share', ['steady error (95 %)', 'steady\nerror'], 9, ({ steady }) =>
    steady && steady.perSecond > 0
      ? (steady.interval.high - steady.interval.low) / 2 / steady.perSecond
      : null,
  ),
  column('drain', 'ms', ['drain tail', 'drain\ntail'], 20, ({ drainMs }) => drainMs),
  column('speed_up', 'ratio', ['speed-up', 'speed-\nup'], 11, ({ speedUp }) => speedUp),
  column('efficiency', 'share', ['efficiency', 'effi-\nciency'], 12, ({ efficiency }) => efficiency),
  ...latencyColumns,
  column('request_p95_error', 'share', ['request p95 error (95 %)', 'p95\nerror'], 22, ({ metrics }) =>
    p95Error(metrics.serviceTime),
  ),
  column(
    'attempts_per_success',
    'ratio',
    ['attempts per success', 'attempts\nper ok'],
    13,
    ({ attemptsPerSuccess }) => attemptsPerSuccess,
  ),
  column('rate_limited', 'attempts', ['429s', '\n429s'], 5, ({ counts }) => counts.rateLimited),
  column('failed', 'requests', ['failed requests', '\nfailed'], 6, ({ counts }) => counts.failed),
  column(
    'retry_overhead',
    'share',
    ['retry overhead', 'retry\noverhead'],
    7,
    ({ retryOverhead }) => retryOverhead,
  ),
  column(
    'output',
    'tokens/s',
    ['output tokens/s', 'output\ntokens/s'],
    18,
    ({ rates }) => rates.outputTokensPerSecond,
  ),
  column('bound', 'ratio', ['times the bound', 'times\nbound'], 20, ({ bound }) => bound?.times ?? null),
  column(
    'wasted_tokens',
    'tokens',
    ['wasted tokens', 'wasted\ntokens'],
    null,
    ({ waste }) => waste.inputTokens + waste.outputTokens,
  ),
  column('in_flight_mean', 'requests', ['mean in flight', 'mean in\nflight'], 21, (l) => l.inFlight.mean),
  column('in_flight_max', 'requests', ['max in flight', 'max in\nflight'], 22, (l) => l.inFlight.max),
  column('cost', 'USD', ['cost USD', 'cost\nUSD'], 23, ({ costUsd }) => costUsd?.total ?? null),
  column(
    'cost_per_success',
    'USD',
    ['cost per success USD', 'USD\nper ok'],
    23,
    ({ costUsd }) => costUsd?.perSuccess ?? null,
  ),
  column(
    'cost_of_waste',
    'USD',
    ['cost of waste USD', 'waste\nUSD'],
    24,
    ({ costUsd }) => costUsd?.waste ?? null,
  ),
];

/** Columns about which nothing is known in many runs: shown only where some level has a figure. */
const OCCASIONAL = new Set(['cost', 'cost_per_success', 'cost_of_waste']);

/** What people are shown of a report, in reading order. */
export const shownColumns = ({ levels }: Pick<SweepReport, 'levels'>): readonly Column[] =>
  COLUMNS.filter(
    (column) =>
      column.priority !== null &&
      (!OCCASIONAL.has(column.id) || levels.some((level) => column.value(level) !== null)),
  );

/** The name in a file, unit included: `wall_clock_ms`, `throughput_ok_per_second`. */
export const fieldName = ({ id, unit }: Column): string =>
  `${id}_${unit.replace('/s', '_per_second').toLowerCase()}`;

const LONGEST_CELL = 9;

const inUnit = (value: number, unit: Unit): string => {
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'share':
      return formatPercent(value);
    case 'calls':
      return String(value);
    case 'requests':
    case 'attempts':
    case 'tokens':
      return Number.isInteger(value) ? value.toLocaleString('en-US') : formatNumber(value);
    case 'USD':
      return formatUsd(value).replace(' USD', '');
    case 'ok/s':
    case 'tokens/s':
    case 'ratio':
      return formatNumber(value);
  }
};

/** A figure as people read it; `–` where there is none, `≥` before what a percentile of too few samples is at least. Never longer than a cell may be, however large. */
export const cellText = (column: Column, level: LevelReport): string => {
  const value = column.value(level);
  if (value === null || !Number.isFinite(value)) {
    const least = column.atLeast?.(level) ?? null;
    return least === null || !Number.isFinite(least) ? '–' : `≥ ${shortText(least, column)}`;
  }
  return shortText(value, column);
};

const shortText = (value: number, column: Column): string => {
  const text = inUnit(value, column.unit);
  if (text.length <= LONGEST_CELL) return text;
  return column.unit === 'ms' ? `${(value / 86_400_000).toExponential(0)} d` : value.toExponential(1);
};
