import { stringify } from 'csv-stringify/sync';
import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { FAILURES, type FailureKind } from '../core/failure.ts';
import { METRIC_NAMES, METRICS } from '../measure/metrics.ts';
import { COLUMNS, fieldName, snakeCase } from './columns.ts';
import type { Reporter } from './reporter.ts';

type Field = readonly [name: string, of: (level: LevelReport, report: SweepReport) => unknown];

const KINDS = Object.keys(FAILURES) as readonly FailureKind[];
const fieldOf = (kind: FailureKind): string => kind.replaceAll('-', '_');

const PERCENTILES = ['p50', 'p90', 'p95', 'p99'] as const;

/** Bounds of every percentile; where the upper one is empty, too few samples were there for a figure. */
const BOUNDS: readonly Field[] = METRIC_NAMES.flatMap((name) =>
  PERCENTILES.flatMap((percentile): readonly Field[] => {
    const field = (bound: string) =>
      `${snakeCase(name)}_${percentile}_${bound}_${METRICS[name].unit.replace('/s', '_per_second')}`;
    return [
      [
        field('low'),
        ({ metrics }) =>
          metrics[name]?.[`${percentile}Interval`]?.low ?? metrics[name]?.[`${percentile}AtLeast`],
      ],
      [field('high'), ({ metrics }) => metrics[name]?.[`${percentile}Interval`]?.high],
    ];
  }),
);

const FIELDS: readonly Field[] = [
  ...COLUMNS.map((column): Field => [fieldName(column), (level) => column.value(level)]),
  ['sweet_spot', ({ level }, { sweetSpot }) => sweetSpot?.level === level],
  ['admissible', ({ admissible }) => admissible],
  ['inadmissible_because', ({ inadmissibleBecause }) => inadmissibleBecause],
  ['complete', ({ complete }) => complete],
  ['sent_requests', ({ counts }) => counts.requests],
  ['ok_requests', ({ counts }) => counts.ok],
  ['dropped_requests', ({ counts }) => counts.dropped],
  ['cancelled_requests', ({ counts }) => counts.cancelled],
  ['sent_attempts', ({ counts }) => counts.attempts],
  ['slot_service_ms', ({ slotTime }) => slotTime.serviceMs],
  ['slot_rejected_ms', ({ slotTime }) => slotTime.rejectedMs],
  ['slot_failed_attempts_ms', ({ slotTime }) => slotTime.failedAttemptsMs],
  ['slot_backoff_ms', ({ slotTime }) => slotTime.backoffMs],
  ['slot_cancelled_ms', ({ slotTime }) => slotTime.cancelledMs],
  ['slot_limiter_ms', ({ slotTime }) => slotTime.limiterMs],
  ['slot_idle_ms', ({ slotTime }) => slotTime.idleMs],
  ['time_unit', (_level, { meta }) => meta['timeUnit']],
  ['predicted', (_level, { meta }) => meta['predicted'] === true],
  [
    'beyond_measured',
    ({ level }, { meta }) =>
      String(meta['beyondMeasured'] ?? '')
        .split(', ')
        .includes(String(level)),
  ],
  ['load', ({ load }) => load],
  ['steady_low_ok_per_second', ({ steady }) => steady?.interval.low],
  ['steady_high_ok_per_second', ({ steady }) => steady?.interval.high],
  ['steady_requests', ({ steady }) => steady?.requests],
  ['mean_cycle_ms', ({ steady }) => steady?.meanCycleMs],
  ['cycle_cv', ({ steady }) => steady?.cycleCv],
  ['ramp_ms', ({ steady }) => steady?.rampMs],
  ['warmup_ms', ({ steady }) => steady?.warmupMs],
  ['sustained', ({ sustained }) => sustained],
  ['sustained_because', ({ burst }) => burst.because],
  ['burst_attempts_per_second', ({ burst }) => burst.perSecond],
  ['limited_attempts_per_second', ({ burst }) => burst.limitedPerSecond],
  ['bucket_attempts', ({ burst }) => burst.bucketAttempts],
  ['header_limit_requests_per_second', ({ burst }) => burst.headerPerSecond],
  ['late_starts', ({ arrivals }) => arrivals?.lateStarts],
  ['blocks', ({ blocks }) => blocks.length],
  ['wasted_attempts', ({ waste }) => waste.attempts],
  ['wasted_input_tokens', ({ waste }) => waste.inputTokens],
  ['wasted_output_tokens', ({ waste }) => waste.outputTokens],
  ['backoff_per_success_ms', ({ backoffPerSuccessMs }) => backoffPerSuccessMs],
  ['effective_concurrency_calls', ({ effectiveConcurrency }) => effectiveConcurrency],
  ['cooldown_ms', ({ cooldown }) => cooldown?.waitedMs],
  ...BOUNDS,
  ...KINDS.map((kind): Field => [`${fieldOf(kind)}_failed_requests`, ({ failures }) => failures[kind] ?? 0]),
  ...KINDS.map(
    (kind): Field => [`${fieldOf(kind)}_failed_attempts`, ({ failedAttempts }) => failedAttempts[kind] ?? 0],
  ),
];

/** One row per level with every figure, unrounded and with its unit in the name; an unknown figure is empty. */
export const csv: Reporter = {
  format: 'csv',
  file: 'report.csv',
  render: (report) =>
    stringify(
      [
        FIELDS.map(([name]) => name),
        ...report.levels.map((level) => FIELDS.map(([, of]) => of(level, report))),
      ],
      { cast: { boolean: String } },
    ),
};
