import uPlot from 'uplot';
import { TIME_STEPS, tick } from '../html/figures.ts';
import type { AxisModel, ChartModel, SeriesModel } from '../html/page-model.ts';
import { colour, faint, font } from './appearance.ts';
import { drawMarks } from './marks.ts';

/** The height of a chart, axes included. */
const CHART_HEIGHT = 300;

/** What an upright axis takes of the width, without its label. */
const AXIS_WIDTH = 56;

const DASHES: Readonly<Partial<Record<SeriesModel['shape'], number[]>>> = { dashed: [8, 5], dotted: [2, 4] };

/** An axis in the page's colours with figures in its unit. */
export const axisOf = ({ label, unit }: AxisModel, part: Partial<uPlot.Axis>): uPlot.Axis => ({
  label,
  labelFont: font(12),
  labelSize: 22,
  font: font(12),
  stroke: () => colour('ink-quiet'),
  grid: { stroke: () => colour('rule'), width: 1 },
  ticks: { show: false },
  size: part.side === 1 || part.side === 3 ? AXIS_WIDTH : 34,
  values: (_, splits, __, ___, step) => splits.map((value) => tick(value, unit, step)),
  ...(unit === 'ms' ? { incrs: [...TIME_STEPS] } : {}),
  ...(unit === 'calls' ? { incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000] } : {}),
  ...part,
});

const seriesOf = (model: SeriesModel): uPlot.Series => {
  const isPoints = model.shape === 'points';
  const dash = model.right ? [6, 4] : DASHES[model.shape];
  return {
    label: model.label,
    scale: model.right ? 'right' : 'y',
    stroke: () => colour(model.tone),
    width: 2,
    spanGaps: model.shape !== 'steps',
    ...(dash ? { dash } : {}),
    ...(model.shape === 'steps' && uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
    ...(isPoints ? { paths: () => null } : {}),
    points: {
      show: model.shape === 'line' || isPoints,
      size: 8,
      fill: () => colour(isPoints ? model.tone : 'paper'),
      stroke: () => colour(model.tone),
      width: 2,
    },
  };
};

/** The edge of a band: no line of its own. */
const edge = (model: SeriesModel): uPlot.Series => ({
  scale: model.right ? 'right' : 'y',
  stroke: 'transparent',
  width: 0,
  spanGaps: true,
  points: { show: false },
});

interface Drawn {
  readonly series: uPlot.Series[];
  readonly columns: (number | null)[][];
  readonly bands: uPlot.Band[];
}

const lines = ({ series: models }: ChartModel): Drawn => {
  const series: uPlot.Series[] = [];
  const columns: (number | null)[][] = [];
  const bands: uPlot.Band[] = [];
  for (const model of models) {
    if (model.band) {
      const high = series.length + 1;
      series.push(edge(model), edge(model));
      columns.push([...model.band.high], [...model.band.low]);
      // A colour from the style sheet of this moment: bands take no function.
      bands.push({ series: [high, high + 1], fill: faint(model.tone, 18) });
    }
    series.push(seriesOf(model));
    columns.push([...model.values]);
  }
  return { series, columns, bands };
};

/** A stack is drawn from its top to its bottom, each part over the one that includes it. */
const stack = ({ series: models, values }: ChartModel): Drawn => {
  const sums = values.map(() => 0);
  const drawn = models.map((model) => {
    model.values.forEach((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
    });
    const series: uPlot.Series = {
      label: model.label,
      scale: 'y',
      stroke: () => colour('paper'),
      fill: () => colour(model.tone),
      width: 1,
      points: { show: false },
      ...(uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.7, 72] }) } : {}),
    };
    return { series, column: [...sums] };
  });
  drawn.reverse();
  return { series: drawn.map(({ series }) => series), columns: drawn.map(({ column }) => column), bands: [] };
};

/** The range of the horizontal axis when all of it is shown. */
export const wholeRange = ({ kind, values, x }: ChartModel): readonly [number, number] => {
  const last = values.at(-1) ?? 1;
  if (kind === 'stack') return [-0.6, values.length - 0.4];
  const first = x.unit === 'calls' ? 0 : (values[0] ?? 0);
  return [first, last > first ? last + (last - first) * 0.015 : first + 1];
};

const fromZero =
  (max: number | undefined): uPlot.Range.Function =>
  (_, __, top) => [0, max ?? (Number.isFinite(top) && top > 0 ? top * 1.08 : 1)];

/** A chart as its library wants it, and the numbers to go with it. */
export const plotOptions = (
  chart: ChartModel,
  width: number,
): { readonly options: uPlot.Options; readonly columns: uPlot.AlignedData } => {
  const { series, columns, bands } = chart.kind === 'stack' ? stack(chart) : lines(chart);
  const { names } = chart;
  const narrow = width < 520;
  const options: uPlot.Options = {
    width,
    height: narrow ? CHART_HEIGHT - 40 : CHART_HEIGHT,
    legend: { show: false },
    padding: [chart.marks.length > 0 ? 34 : 12, chart.right ? 0 : 14, 0, 0],
    cursor: {
      y: false,
      points: { show: chart.kind === 'lines' },
      drag: { x: chart.windows !== undefined, y: false },
    },
    scales: {
      x: { time: false, range: (_, min, max) => (chart.windows ? [min, max] : [...wholeRange(chart)]) },
      y: { range: fromZero(chart.y.max) },
      ...(chart.right ? { right: { range: fromZero(chart.right.max) } } : {}),
    },
    axes: [
      axisOf(chart.x, {
        side: 2,
        space: narrow ? 56 : 70,
        ...(names
          ? {
              splits: () =>
                thinned(
                  chart.values,
                  Math.floor((width - AXIS_WIDTH * (chart.right ? 2 : 1)) / widestOf(names)),
                ),
              values: (_, splits) => splits.map((at) => names[at] ?? ''),
            }
          : {}),
      }),
      axisOf(chart.y, { side: 3 }),
      ...(chart.right ? [axisOf(chart.right, { side: 1, scale: 'right', grid: { show: false } })] : []),
    ],
    series: [{}, ...series],
    bands,
    hooks: { draw: [(plot) => drawMarks(plot, chart.marks)] },
  };
  return { options, columns: [[...chart.values], ...columns] as uPlot.AlignedData };
};

/** Room for the longest of these names, in pixels. */
const widestOf = (names: readonly string[]): number =>
  Math.max(3, ...names.map(({ length }) => length)) * 7 + 14;

/** Every so many, so that at most `most` are left. */
const thinned = (values: readonly number[], most: number): number[] => {
  const every = Math.max(1, Math.ceil(values.length / Math.max(1, most)));
  return values.filter((_, index) => index % every === 0);
};
