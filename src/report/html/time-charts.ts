import type { SweepReport } from '../../analyze/report.ts';
import type { RateLimitName } from '../../core/rate-limit.ts';
import type { LevelView, RunView } from '../run-view/run-view.ts';
import type { Bucket } from '../run-view/timeline.ts';
import { levelWords } from './level-words.ts';
import type { ChartModel, SeriesModel, Tone, WindowModel } from './page-model.ts';

/** The level that a reader wants to see first: where the next one up was refused, else most was, else the sweet spot. */
export const mostTelling = ({ levels, sweetSpot }: SweepReport, shown: readonly number[]): number => {
  const refused = levels.filter(({ counts }) => counts.rateLimited > 0);
  const next = refused.find(({ level }) => level === sweetSpot?.nextLevel);
  const most = refused.toSorted((a, b) => b.counts.rateLimited - a.counts.rateLimited)[0];
  const index = shown.indexOf((next ?? most)?.level ?? sweetSpot?.level ?? Number.NaN);
  return index < 0 ? Math.max(0, shown.length - 1) : index;
};

/** All stretches of all levels behind each other, with a gap between levels. */
interface Course {
  readonly starts: readonly number[];
  readonly widths: readonly number[];
  readonly buckets: readonly (Bucket | undefined)[];
}

/** Too short to be seen, in milliseconds. */
const GAP = 0.5;

const courseOf = ({ levels }: RunView): Course => {
  const stretches = levels.flatMap(({ timeline: { fromMs, toMs, originMs, widthMs, buckets } }) => [
    ...buckets.map((bucket, index) => ({
      // Just behind the gap of the level before, where that one ends when this one begins.
      start: Math.max(originMs + index * widthMs, fromMs + GAP),
      width: widthMs,
      bucket,
    })),
    { start: toMs, width: widthMs, bucket: undefined },
  ]);
  // Levels that take turns may share an instant: each instant once, a stretch rather than a gap.
  const byStart = new Map<number, (typeof stretches)[number]>();
  for (const stretch of stretches) {
    if (stretch.bucket || !byStart.has(stretch.start)) byStart.set(stretch.start, stretch);
  }
  const sorted = [...byStart.values()].sort((a, b) => a.start - b.start);
  return {
    starts: sorted.map(({ start }) => start),
    widths: sorted.map(({ width }) => width),
    buckets: sorted.map(({ bucket }) => bucket),
  };
};

const series = (
  { buckets, widths }: Course,
  [label, tone]: readonly [string, Tone],
  of: (bucket: Bucket, widthMs: number) => number | undefined,
  rest: Partial<SeriesModel> = {},
): SeriesModel => ({
  label,
  tone,
  shape: 'steps',
  values: buckets.map((bucket, index) => (bucket ? round(of(bucket, widths[index] ?? 1)) : null)),
  ...rest,
});

/** As exact as a picture is: what is not seen need not be in the file. */
const round = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(4));

const LIMITS: Readonly<Record<RateLimitName, readonly [label: string, tone: Tone]>> = {
  requests: ['requests left', 'second'],
  tokens: ['tokens left', 'third'],
  'input-tokens': ['input tokens left', 'third'],
  'output-tokens': ['output tokens left', 'fourth'],
};

const windowOf = ({ level, timeline: { fromMs, toMs } }: LevelView, at: string): WindowModel => ({
  label: `${level} ${at}`,
  from: fromMs,
  to: Math.max(toMs, fromMs + 1),
});

/** A value that holds until the next answer tells another. */
const carried = ({ values, ...rest }: SeriesModel, { buckets }: Course): SeriesModel => {
  let last: number | null = null;
  return {
    ...rest,
    values: values.map((value, index) => {
      last = buckets[index] ? (value ?? last) : null;
      return last;
    }),
  };
};

/** What happened when: attempts by outcome with the limits' remaining budget, and calls in flight. */
export const timeCharts = (report: SweepReport, view: RunView): readonly ChartModel[] => {
  const course = courseOf(view);
  if (course.starts.length === 0) return [];
  const perSecond = (count: number, widthMs: number) => (count * 1000) / widthMs;
  const windows = view.levels.map((level) => windowOf(level, levelWords(report).at));
  const whole = {
    label: 'the whole run',
    from: course.starts[0] ?? 0,
    to: Math.max(...windows.map(({ to }) => to)),
  };
  const axis = {
    kind: 'lines',
    x: { label: 'time since the run began (s, or min:s)', unit: 'ms' },
    values: course.starts,
    marks:
      view.levels.length > 1
        ? windows.map(({ label, from, to }, index) => ({
            at: from,
            to,
            label,
            tone: index % 2 === 0 ? ('quiet' as const) : ('idle' as const),
          }))
        : [],
    windows: [...windows, ...(windows.length > 1 ? [whole] : [])],
    first: mostTelling(
      report,
      view.levels.map(({ level }) => level),
    ),
  } as const;
  const budgets = (Object.keys(LIMITS) as RateLimitName[])
    .filter((name) => course.buckets.some((bucket) => bucket?.budget[name]))
    .map((name) =>
      carried(
        series(
          course,
          LIMITS[name],
          ({ budget }) => {
            const left = budget[name];
            return left && left.remaining / left.limit;
          },
          { right: true, shape: 'steps' },
        ),
        course,
      ),
    );
  const failed = series(course, ['other failures', 'failed'], ({ failed: count }, width) =>
    perSecond(count, width),
  );
  return [
    {
      ...axis,
      id: 'attempts',
      y: { label: 'attempts per second', unit: 'per-second' },
      ...(budgets.length > 0
        ? { right: { label: 'left of the limit', unit: 'share', max: 1.04 } as const }
        : {}),
      series: [
        ...budgets,
        series(course, ['ok', 'main'], ({ ok }, width) => perSecond(ok, width)),
        series(course, ['429', 'limited'], ({ rateLimited }, width) => perSecond(rateLimited, width)),
        ...(failed.values.some((value) => (value ?? 0) > 0) ? [failed] : []),
      ],
    },
    {
      ...axis,
      id: 'in-flight',
      y: { label: 'in flight', unit: 'number' },
      series: [
        series(course, ['requests open, waits included', 'waiting'], ({ requestsOpen }) => requestsOpen),
        series(course, ['attempts on their way', 'main'], ({ attemptsOpen }) => attemptsOpen),
      ],
    },
  ];
};
