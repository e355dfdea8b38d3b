import type { LevelReport, SweepReport } from '../../analyze/report.ts';
import type { MetricName } from '../../measure/metrics.ts';
import {
  type Bounds,
  ceilingOf,
  heldBack,
  percentileBounds,
  spotBounds,
  throughputBounds,
  uslAt,
  uslOf,
} from '../evidence.ts';
import { shownThroughput } from '../shown-throughput.ts';
import { levelWords } from './level-words.ts';
import type { ChartModel, MarkModel, SeriesModel, Tone } from './page-model.ts';

const ascending = ({ levels }: SweepReport): readonly LevelReport[] =>
  levels.toSorted((a, b) => a.level - b.level);

const finite = (value: number | null | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const band = (bounds: readonly (Bounds | undefined)[]): Pick<SeriesModel, 'band'> =>
  bounds.some(Boolean)
    ? {
        band: {
          low: bounds.map((each) => each?.low ?? null),
          high: bounds.map((each) => each?.high ?? null),
        },
      }
    : {};

const spotMarks = (report: SweepReport): readonly MarkModel[] => {
  const { sweetSpot } = report;
  if (!sweetSpot) return [];
  const bounds = spotBounds(report);
  const ceiling = ceilingOf(report);
  return [
    ...(bounds && bounds.high > bounds.low
      ? [{ at: bounds.low, to: bounds.high, label: '', tone: 'good' as const }]
      : []),
    { at: sweetSpot.level, label: `★ sweet spot ${sweetSpot.level}`, tone: 'good' },
    ...(ceiling === undefined
      ? []
      : [{ at: ceiling, label: `ceiling ${Math.round(ceiling)}`, tone: 'quiet' as const }]),
  ];
};

const boundsAt = (level: LevelReport | undefined): Bounds | undefined => level && throughputBounds(level);

/** How many places a fitted curve is drawn through. */
const CURVE_STEPS = 80;

/** Throughput over calls at once, with what would be perfect scaling; `undefined` where nothing succeeded. */
export const throughputChart = (report: SweepReport): ChartModel | undefined => {
  const levels = ascending(report);
  const highest = Math.max(0, ...levels.map((level) => finite(shownThroughput(level, report)) ?? 0));
  const last = levels.at(-1)?.level;
  if (last === undefined || highest <= 0) return undefined;
  const usl = uslOf(report);
  const { reference } = report;
  const top = Math.max(highest, ...levels.map((level) => throughputBounds(level)?.high ?? 0)) * 1.12;
  const unit =
    reference && reference.throughputPerSecond > 0 && !levelWords(report).isOpen
      ? reference.throughputPerSecond
      : undefined;
  const dense = usl
    ? Array.from({ length: CURVE_STEPS }, (_, step) => 1 + ((last - 1) * step) / (CURVE_STEPS - 1))
    : [];
  const corner = unit === undefined ? [] : [0, Math.min(last, top / unit)];
  const values = [...new Set([...levels.map(({ level }) => level), ...dense, ...corner])].sort(
    (a, b) => a - b,
  );
  const byLevel = new Map(levels.map((level) => [level.level, level]));
  const at = (of: (level: LevelReport) => number | null) =>
    values.map((value) => {
      const level = byLevel.get(value);
      return level ? of(level) : null;
    });
  return {
    id: 'throughput',
    kind: 'lines',
    x: levelWords(report).axis,
    at: levelWords(report).at,
    y: { label: 'ok per second', unit: 'per-second', max: top },
    values,
    series: [
      ...(unit === undefined
        ? []
        : [
            {
              label: 'perfect scaling',
              values: values.map((value) => (corner.includes(value) ? value * unit : null)),
              tone: 'quiet',
              shape: 'dotted',
            } satisfies SeriesModel,
          ]),
      ...(usl
        ? [
            {
              label: usl.isPoor ? 'scaling law (USL), a poor fit' : 'scaling law (USL), fitted',
              values: values.map((value) => (value >= 1 ? finite(uslAt(usl, value)) : null)),
              tone: 'second',
              shape: 'dashed',
            } satisfies SeriesModel,
          ]
        : []),
      ...(levels.some(({ steady }) => steady)
        ? [
            {
              label: 'steady throughput',
              values: at(({ steady }) => finite(steady?.perSecond)),
              tone: 'good',
              shape: 'line',
              ...band(values.map((value) => boundsAt(byLevel.get(value)))),
            } satisfies SeriesModel,
          ]
        : []),
      {
        label: 'throughput',
        values: at((level) => finite(shownThroughput(level, report))),
        tone: 'main',
        shape: 'line',
      },
    ],
    marks: spotMarks(report),
  };
};

const PERCENTILES: readonly (readonly ['p50' | 'p95' | 'p99', Tone])[] = [
  ['p50', 'main'],
  ['p95', 'second'],
  ['p99', 'third'],
];

/** Percentiles of a metric over calls at once; `undefined` where there is none. */
export const percentileChart = (
  report: SweepReport,
  id: string,
  metric: MetricName,
): ChartModel | undefined => {
  const levels = ascending(report);
  const series = PERCENTILES.map(
    ([percentile, tone]): SeriesModel => ({
      label: percentile,
      values: levels.map(({ metrics }) => finite(metrics[metric]?.[percentile])),
      tone,
      shape: 'line',
      ...band(levels.map((level) => percentileBounds(level, metric, percentile))),
    }),
  ).filter(({ values }) => values.some((value) => value !== null));
  if (series.length === 0) return undefined;
  return {
    id,
    kind: 'lines',
    x: levelWords(report).axis,
    at: levelWords(report).at,
    y: { label: 'time', unit: 'ms' },
    values: levels.map(({ level }) => level),
    series,
    marks: spotMarks(report).filter(({ tone, to }) => tone === 'good' && to === undefined),
  };
};

const PARTS: readonly (readonly [label: string, tone: Tone, of: (level: LevelReport) => number])[] = [
  ['service', 'main', ({ slotTime }) => slotTime.serviceMs],
  ['failed attempts', 'limited', ({ slotTime }) => slotTime.failedAttemptsMs],
  ['backoff', 'waiting', ({ slotTime }) => slotTime.backoffMs],
  ['limiter', 'third', (level) => heldBack(level).limiterMs],
  ['rejected', 'failed', (level) => heldBack(level).rejectedMs],
  ['cancelled', 'fourth', ({ slotTime }) => slotTime.cancelledMs],
  ['idle and drain', 'idle', ({ slotTime }) => slotTime.idleMs],
];

/** Where the slots of each level spent their time, as shares of it; `undefined` where no time passed. */
export const slotTimeChart = (report: SweepReport): ChartModel | undefined => {
  const levels = ascending(report).filter(({ slotTime }) => slotTime.totalMs > 0);
  if (levels.length === 0) return undefined;
  return {
    id: 'slot-time',
    kind: 'stack',
    x: levelWords(report).axis,
    at: levelWords(report).at,
    y: { label: 'share of slot time', unit: 'share', max: 1 },
    values: levels.map((_, index) => index),
    names: levels.map(({ level }) => String(level)),
    series: PARTS.map(
      ([label, tone, of]): SeriesModel => ({
        label,
        values: levels.map((level) => Math.max(0, finite(of(level) / level.slotTime.totalMs) ?? 0)),
        tone,
        shape: 'line',
      }),
    ).filter(({ values }) => values.some((value) => (value ?? 0) > 0)),
    marks: [],
  };
};
