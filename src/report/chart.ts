import asciichart from 'asciichart';
import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { placeMarks, pointAt, roundScale, type Scale } from './axis.ts';
import { axisWords } from './axis-words.ts';
import { sweepCommand } from './follow-up.ts';
import { isBest, levelMark } from './mark.ts';
import { isSearch, shownThroughput } from './shown-throughput.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

const WIDEST = 100;
/** Throughput that is none: one request in thirty years. */
const SMALLEST = 1e-9;
/** Beyond it the scale would overflow. */
const LARGEST = 1e307;

/** In asciichart's order; the two signs of its own axis are alike, since we draw the axis. */
const UNICODE_STROKES = ['│', '│', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'];
const ASCII_STROKES = ['|', '|', '-', '-', '-', '`', '.', '.', "'", '|'];

const throughput = (level: LevelReport, report: SweepReport): number => {
  const perSecond = shownThroughput(level, report);
  return Number.isFinite(perSecond) ? Math.min(LARGEST, Math.max(0, perSecond)) : 0;
};

const UNICODE_AXES = { tick: '┤', stroke: '│', corner: '└', tested: '┬' };
const ASCII_AXES = { tick: '+', stroke: '|', corner: '+', tested: '+' };

/**
 * Throughput over calls at once. Both axes are linear and start at 0, so a straight line through the corner would be
 * perfect scaling; between tested levels the line is interpolated, before the first there is none.
 */
export const throughputChart = (report: SweepReport, style: Style, width: number): string => {
  const byLevel = new Map(report.levels.map((level) => [level.level, level]));
  const levels = [...byLevel.values()].toSorted((a, b) => a.level - b.level);
  const largest = Math.max(0, ...levels.map((level) => throughput(level, report)));
  const reason = obstacle(levels, largest, report);
  if (reason) return wrap(style.plain(reason), width).map(style.quiet).join('\n');

  const scale = roundScale(largest);
  const gutter = (scale.labels[0]?.length ?? 0) + 1;
  const columns = Math.max(2, Math.min(width, WIDEST) - gutter - 1);
  const plot: Plot = { points: locate(levels, scale, columns, report), scale, columns, report, style };
  const margin = ' '.repeat(gutter);
  const below = [levelLabels(plot), bestPointer(plot)].filter(Boolean).map((line) => margin + line);
  const ofWhat = isSearch(report) ? ', start and drain left out' : '';
  const title = wrap(`${axisWords(report).title}${ofWhat}`, width).map(style.strong);
  return [...title, ...plotArea(plot), ...below].join('\n');
};

const obstacle = (
  levels: readonly LevelReport[],
  largest: number,
  report: SweepReport,
): string | undefined => {
  if (levels.length === 0) return 'No chart: no level was measured.';
  if (largest < SMALLEST) return 'No chart: no request succeeded.';
  if (levels.length > 1) return undefined;
  const options = levels[0]?.load === 'open' ? '--rate 2,4,6,8' : '--levels 1,5,10,20,30';
  const next = isSearch(report) ? sweepCommand(report.meta, options) : options;
  return `No chart: one level makes no curve. To see where it bends: ${next}`;
};

interface Point {
  readonly level: LevelReport;
  /** From 0 at the vertical axis. */
  readonly column: number;
  /** In rows above the horizontal axis, not yet rounded. */
  readonly height: number;
}

interface Plot {
  readonly points: readonly Point[];
  readonly scale: Scale;
  /** From the vertical axis to the highest level, both included. */
  readonly columns: number;
  readonly report: SweepReport;
  readonly style: Style;
}

const locate = (
  levels: readonly LevelReport[],
  scale: Scale,
  columns: number,
  report: SweepReport,
): readonly Point[] => {
  const highest = levels.at(-1)?.level ?? 1;
  return levels.map((level) => ({
    level,
    column: Math.round((level.level / highest) * (columns - 1)),
    height: Math.min(scale.rows, (throughput(level, report) / scale.top) * scale.rows),
  }));
};

/** One height per column: at a tested level its own, between two of them on the straight line. */
const interpolate = ({ points, columns }: Plot): readonly number[] =>
  Array.from({ length: columns }, (_, column) => {
    const right = points.find((point) => point.column >= column) ?? points.at(-1);
    const left = points.findLast((point) => point.column <= column) ?? right;
    if (!left || !right) return 0;
    const span = right.column - left.column;
    return span === 0
      ? right.height
      : left.height + ((right.height - left.height) * (column - left.column)) / span;
  });

const plotArea = (plot: Plot): readonly string[] => {
  const { points, report, style } = plot;
  const { rows, rowsPerStep, labels } = plot.scale;
  // Heights are in rows already, so asciichart neither scales nor meets a number it throws on. Its offset of 2 puts
  // sample i into cell i + 1 of a row, behind the one cell that holds the label.
  const cells = asciichart
    .plot(interpolate(plot), {
      min: 0,
      max: rows,
      height: rows,
      offset: 2,
      symbols: style.unicode ? UNICODE_STROKES : ASCII_STROKES,
      format: () => ' ',
    })
    .split('\n')
    .map((line) => [...line].slice(1));
  for (const [index, row] of cells.entries()) drawAxes(row, rows - index, plot);
  for (const { level, column, height } of points) {
    const row = cells[rows - Math.round(height)];
    const isTaken = points.some((other) => other.column === column && isBest(other.level, report));
    if (row && (!isTaken || isBest(level, report))) row[column] = pointSign(level, plot);
  }
  return cells.map((row, index) => {
    const label = labels[(rows - index) / rowsPerStep] ?? ' '.repeat(labels[0]?.length ?? 0);
    return `${style.quiet(label)} ${row.join('')}`.trimEnd();
  });
};

/** Our axes over asciichart's row at `height`, and nothing to the left of the first tested level. */
const drawAxes = (row: string[], height: number, { points, scale, style }: Plot): void => {
  row.fill(' ', 0, points[0]?.column ?? 0);
  const { tick, stroke, corner, tested } = style.unicode ? UNICODE_AXES : ASCII_AXES;
  row[0] = height % scale.rowsPerStep === 0 ? tick : stroke;
  if (height > 0) return;
  row.forEach((sign, column) => {
    if (sign === ' ') row[column] = style.symbols.rule;
  });
  for (const { column } of points) row[column] = tested;
  row[0] = corner;
};

const pointSign = (level: LevelReport, { report, style }: Plot): string => {
  const sign = levelMark(level, report, style) || style.symbols.point;
  if (isBest(level, report)) return style.good(sign);
  return level.admissible ? style.strong(sign) : style.warn(sign);
};

/** The tested levels under the axis; the sweet spot's comes first, then the ends, then from the left as room is left. */
const levelLabels = ({ points, columns, report, style }: Plot): string => {
  const marks = points.map(({ level, column }, index) => ({
    column,
    text: String(level.level),
    rank: isBest(level, report) ? -2 : index === points.length - 1 ? -1 : index,
  }));
  return style.quiet(placeMarks(marks, columns + 1));
};

const bestPointer = ({ points, columns, report, style }: Plot): string => {
  const best = points.find(({ level }) => isBest(level, report));
  if (!best) return '';
  return style.good(
    pointAt(best.column, style.symbols.pointer, `sweet spot: ${best.level.level}`, columns + 1),
  );
};
