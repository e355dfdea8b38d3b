import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { axisWords } from './axis-words.ts';
import { type Column, cellText, shownColumns } from './columns.ts';
import { grid, gridWidth } from './grid.ts';
import { isBest, levelMark } from './mark.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** More levels than this side by side are harder to read than below each other, however wide the screen. */
const MOST_ABREAST = 10;

/** Rank of the batch's throughput where a level has no steady one. */
const JUST_AFTER_STEADY = 2.5;

/** Less is more important. The verdict goes by steady throughput; that of the batch comes next where a level has no other, and what no level has goes first. */
const importance = (column: Column, { levels }: SweepReport): number => {
  if (levels.every((level) => cellText(column, level) === '–')) return Number.POSITIVE_INFINITY;
  const standsIn = column.id === 'throughput' && levels.some(({ steady }) => steady === null);
  return standsIn ? JUST_AFTER_STEADY : (column.priority ?? Number.POSITIVE_INFINITY);
};

/** All levels as one table of at most `width` columns; empty without a level. */
export const levelTable = (report: SweepReport, style: Style, width: number): string => {
  if (report.levels.length === 0) return '';
  return abreast(report, style, width) ?? stacked(report, style, width);
};

const labelOf = (column: Column, report: SweepReport): string =>
  column.id === 'level' ? axisWords(report).label : column.label;

const texts = (column: Column, report: SweepReport, style: Style): readonly string[] =>
  report.levels.map((level) => {
    const mark = column.id === 'level' ? levelMark(level, report, style) : '';
    return style.plain(mark ? `${cellText(column, level)} ${mark}` : cellText(column, level));
  });

/** Emphasis after the layout is known, so that colour never takes part in it. */
const paint = (cell: string, level: LevelReport | undefined, report: SweepReport, style: Style): string => {
  if (!level) return cell;
  if (isBest(level, report)) return style.good(cell);
  return level.admissible ? cell : style.warn(cell);
};

/** Levels side by side, one figure per row; `undefined` if that is too wide. */
const abreast = (report: SweepReport, style: Style, width: number): string | undefined => {
  const rows = shownColumns(report).map((column) => [
    labelOf(column, report),
    ...texts(column, report, style),
  ]);
  if (report.levels.length > MOST_ABREAST || gridWidth(rows) > width) return undefined;
  const [heading = [], ...body] = rows.map((row) =>
    row.map((cell, index) => paint(cell, report.levels[index - 1], report, style)),
  );
  return grid(heading, body, style.symbols.rule);
};

/** One level per row; figures are left out, the least important first, until the rest fits. */
const stacked = (report: SweepReport, style: Style, width: number): string => {
  const shown = shownColumns(report);
  const cells = new Map(shown.map((column) => [column, texts(column, report, style)]));
  const linesOf = (columns: readonly Column[]): string[][] => [
    columns.map((column) => (column.id === 'level' ? axisWords(report).heading : column.heading)),
    ...report.levels.map((_, index) => columns.map((column) => cells.get(column)?.[index] ?? '')),
  ];
  const ranked = shown.toSorted((a, b) => importance(a, report) - importance(b, report));
  let kept = ranked.length;
  const columns = () => shown.filter((column) => ranked.indexOf(column) < kept);
  while (kept > 1 && gridWidth(linesOf(columns())) > width) kept--;

  const [heading = [], ...body] = linesOf(columns());
  const painted = body.map((row, index) =>
    row.map((cell) => paint(cell, report.levels[index], report, style)),
  );
  const left = shown.filter((column) => ranked.indexOf(column) >= kept).map(({ label }) => label);
  const note = `Left out at this width: ${left.join(', ')}. All figures: --format csv`;
  return [
    grid(heading, painted, style.symbols.rule),
    ...(left.length > 0 ? wrap(note, width).map(style.quiet) : []),
  ].join('\n');
};
