import { formatDuration, formatNumber } from '../../core/units.ts';
import { grid } from '../grid.ts';
import type { RenderOptions } from '../reporter.ts';
import { type Style, styleOf } from '../style.ts';
import { wrap } from '../wrap.ts';
import { groupTitle } from './history.ts';
import { changeSentence } from './history-changes.ts';
import type { History, HistoryChange, HistoryGroup, HistoryRun } from './history-schema.ts';
import { runTimes } from './run-times.ts';
import { sparkline } from './sparkline.ts';

/** The newest this many stand in the table; the lines show more. */
const MOST_ROWS = 12;

interface Trend {
  readonly name: string;
  readonly of: (run: HistoryRun) => number | null;
  readonly text: (value: number) => string;
}

const TRENDS: readonly Trend[] = [
  {
    name: 'throughput',
    of: ({ throughputPerSecond }) => throughputPerSecond,
    text: (value) => `${formatNumber(value)}/s`,
  },
  { name: 'request p95', of: ({ p95Ms }) => p95Ms, text: formatDuration },
  { name: 'sweet spot', of: ({ sweetSpot }) => sweetSpot, text: String },
];

/** A history for people at a screen: of each group the trend as a sparkline, and its newest runs as a table. */
export const renderHistory = ({ groups }: History, options: RenderOptions): string => {
  const style = styleOf(options);
  return `${groups.map((group) => block(group, style, options.width)).join('\n\n')}\n`;
};

const block = (group: HistoryGroup, style: Style, width: number): string => {
  const { runs, changes } = group;
  const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
  const longest = Math.max(...TRENDS.map(({ name }) => name.length));
  return [
    ...wrap(style.plain(`${groupTitle(group)}: ${count}`), width).map(style.strong),
    ...(runs.length > 1 ? TRENDS.map((trend) => trendLine(trend, runs, longest, style, width)) : []),
    ...changes.map((change) => changeLine(change, runs, style, width)),
    '',
    table(runs, style),
  ].join('\n');
};

const trendLine = (
  { name, of, text }: Trend,
  runs: readonly HistoryRun[],
  longest: number,
  style: Style,
  width: number,
): string => {
  const shown = runs.slice(-Math.max(2, width - longest - 30)).map(of);
  const known = shown.filter((value) => value !== null);
  const [first, last] = [known[0], known.at(-1)];
  const words = first === undefined || last === undefined ? '–' : `${text(first)} → ${text(last)}`;
  const line = sparkline(shown, style.unicode);
  return `${style.quiet(name.padEnd(longest))}  ${style.good(line)}  ${style.plain(words)}`.trimEnd();
};

/** Advice, hence a caution and no more. */
const changeLine = (
  change: HistoryChange,
  runs: readonly HistoryRun[],
  style: Style,
  width: number,
): string => {
  const since = runTimes(runs)[change.at];
  const text = `${style.symbols.caution} Since ${since} ${changeSentence(change)}.`;
  return wrap(style.plain(text), width, 2).map(style.warn).join('\n');
};

const table = (runs: readonly HistoryRun[], style: Style): string => {
  const shown = runs.slice(-MOST_ROWS);
  const times = runTimes(shown);
  const rows = shown.map((run, place) =>
    [
      times[place] ?? '',
      run.sweetSpot === null ? '–' : String(run.sweetSpot),
      ...[run.throughputPerSecond, run.speedUp].map((value) => (value === null ? '–' : formatNumber(value))),
      run.p95Ms === null ? '–' : formatDuration(run.p95Ms),
      run.rateLimited.toLocaleString('en-US'),
      run.status === 'complete' ? '' : run.status,
    ].map(style.plain),
  );
  const left = runs.length - rows.length;
  const text = grid(
    ['began (UTC)', 'sweet\nspot', '\nok/s', 'speed-\nup', 'request\np95', '\n429s', ''],
    rows,
    style.symbols.rule,
  );
  return left > 0 ? `${text}\n${style.quiet(`${left} older ones: --format json`)}` : text;
};
