import type { PlanReport } from '../../plan/report.ts';
import { grid, gridWidth } from '../grid.ts';
import type { RenderOptions } from '../reporter.ts';
import { type Style, styleOf } from '../style.ts';
import { wrap } from '../wrap.ts';
import { planDocument } from './document.ts';
import { loadChart } from './load-chart.ts';
import type { PlanBlock, PlanTable } from './plan-block.ts';

/** A capacity plan for people at a screen, the answer first; code is left to the other formats. */
export const planTerminal = (report: PlanReport, options: RenderOptions): string => {
  const style = styleOf(options);
  const [answer, ...rest] = planDocument(report);
  const sign = report.recommended === null ? style.symbols.refused : style.symbols.best;
  const emphasis = report.recommended === null ? style.bad : style.good;
  const [summary = '', ...more] = wrap(`${sign} ${style.plain(answer?.lines?.[0] ?? '')}`, options.width, 2);
  const parts = [
    [emphasis(summary), ...more].join('\n'),
    ...rest.map((block) => part(block, style, options.width)),
  ];
  const chart = loadChart(report, style, options.width);
  if (chart)
    parts.splice(parts.length - rest.length + rest.findIndex(({ title }) => title === 'Tiers') + 1, 0, chart);
  return `${parts.join('\n\n')}\n`;
};

const part = (
  { title, lines = [], table, legend = [], code = [] }: PlanBlock,
  style: Style,
  width: number,
): string =>
  [
    style.strong(style.plain(title)),
    ...lines.flatMap((line) => wrap(style.plain(line), width)),
    ...(table ? [tableText(table, style, width)] : []),
    ...(code.length > 0
      ? wrap(style.plain('Code with these numbers, TypeScript and Python: --format markdown'), width).map(
          style.quiet,
        )
      : []),
    ...legend.flatMap((line) => wrap(style.plain(line), width)).map(style.quiet),
  ].join('\n');

/** Side by side, spare columns left out until it fits; else one row after the other, each figure with its name. */
const tableText = (table: PlanTable, style: Style, width: number): string => {
  const { head, marked } = table;
  const rows = table.rows.map((row, index) =>
    row.map((cell, column) =>
      style.plain(index === marked && column === 0 ? `${cell} ${style.symbols.best}` : cell),
    ),
  );
  for (let left = 0; left <= (table.spare?.length ?? 0); left++) {
    const gone = new Set(table.spare?.slice(0, left));
    const kept = (row: readonly string[]) => row.filter((_, column) => !gone.has(head[column] ?? ''));
    const [heading, cells] = [kept(head), rows.map(kept)];
    if (gridWidth([heading, ...cells]) > width) continue;
    const note = `Left out at this width: ${[...gone].join(', ')}. All figures: --format markdown`;
    return [
      grid(
        heading.map(style.quiet),
        cells.map((row, index) => (index === marked ? row.map(style.good) : row)),
        style.symbols.rule,
      ),
      ...(gone.size > 0 ? wrap(style.plain(note), width).map(style.quiet) : []),
    ].join('\n');
  }
  if (table.narrow) return table.narrow.flatMap((line) => wrap(style.plain(line), width, 4)).join('\n');
  return rows
    .map(([name = '', ...figures], index) => {
      const text = figures.map((figure, column) => `${head[column + 1] ?? ''} ${figure}`).join(', ');
      const [first = '', ...rest] = wrap(`${name}: ${text}`, width, 2);
      return [index === marked ? style.good(first) : first, ...rest].join('\n');
    })
    .join('\n');
};
