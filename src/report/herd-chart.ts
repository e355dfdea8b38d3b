import asciichart from 'asciichart';
import type { PolicyRow } from '../analyze/policies.ts';
import { roundScale } from './axis.ts';
import type { Style } from './style.ts';

const ROWS = 6;
const STEP_MS = 100;

/** Attempts that left in each tenth of a second after the start, one curve below the other on one scale. */
export const herdChart = (rows: readonly PolicyRow[], style: Style, width: number): string => {
  if (rows.length === 0) return '';
  const columns = Math.max(10, Math.min(width, 100) - 6);
  // The common start is the same for all: what comes after it is what jitter is about.
  const series = rows.map(({ starts }) => Array.from({ length: columns }, (_, i) => starts[i + 1] ?? 0));
  const largest = Math.max(1, ...series.flat());
  const { top } = roundScale(largest);
  const parts = rows.map(({ name }, index) => {
    const plot = asciichart.plot(series[index] ?? [], {
      min: 0,
      max: top,
      height: Math.min(ROWS, top), // a label for each row, each another number
      offset: 2,
      symbols: style.unicode
        ? ['┤', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│']
        : ['+', '+', '-', '-', '-', '`', '.', '.', "'", '|'],
      format: (value: number) => String(Math.round(value)).padStart(4),
    });
    return `${style.strong(style.plain(name))}\n${plot}`;
  });
  const title = `Attempts per ${STEP_MS} ms over the first ${Math.round((columns * STEP_MS) / 1000)} s after the start`;
  return [style.strong(title), ...parts].join('\n');
};
