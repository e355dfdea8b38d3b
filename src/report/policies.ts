import type { PoliciesReport, PolicyRow } from '../analyze/policies.ts';
import { formatDuration, formatNumber, formatPercent, formatUsd } from '../core/units.ts';
import { grid } from './grid.ts';
import { herdChart } from './herd-chart.ts';
import type { RenderOptions } from './reporter.ts';
import { styleOf } from './style.ts';
import { wrap } from './wrap.ts';

const HEADING = ['policy', '× bound', 'time', 'attempts\nper ok', 'failed', 'p99', '429s'];

/** What was paid for in vain: money where a price is known, else tokens. */
const wastedHeading = ({ rows }: PoliciesReport): string =>
  rows.some(({ summary }) => summary.costUsd) ? 'wasted\nmoney' : 'wasted\ntokens';

const cells = ({ name, bound, summary, failureShare, p99Ms }: PolicyRow, mark: string): readonly string[] => [
  mark ? `${name} ${mark}` : name,
  bound ? formatNumber(bound.times) : '–',
  formatDuration(summary.wallClockMs),
  summary.attemptsPerSuccess === null ? '–' : formatNumber(summary.attemptsPerSuccess),
  formatPercent(failureShare),
  p99Ms === null ? '–' : formatDuration(p99Ms),
  summary.counts.rateLimited.toLocaleString('en-US'),
  summary.costUsd
    ? formatUsd(summary.costUsd.waste)
    : (summary.waste.inputTokens + summary.waste.outputTokens).toLocaleString('en-US'),
];

/** Pairs that show what jitter does, where both were run. */
const HERDS = [
  ['exponential', 'full-jitter'],
  ['retry-after', 'gate'],
] as const;

const herdOf = (rows: readonly PolicyRow[]): readonly PolicyRow[] => {
  const named = (name: string) => rows.find(({ policy, told }) => policy === name && told === 1);
  // Where nobody is sent back, nobody comes back together.
  const isHerd = (name: string) => (named(name)?.summary.counts.rateLimited ?? 0) > 0;
  const pair = HERDS.find((names) => names.every((name) => named(name)) && names.some(isHerd));
  return (pair ?? []).flatMap((name) => named(name) ?? []);
};

/** A comparison for people at a screen: what went wrong first, the table, the herd, and last which to use. */
export const renderPolicies = (report: PoliciesReport, options: RenderOptions): string => {
  const style = styleOf(options);
  const { width } = options;
  const { symbols } = style;
  const paragraphs = (lines: readonly string[], sign: string, paint: (text: string) => string) =>
    lines.flatMap((line) => wrap(`${sign} ${style.plain(line)}`, width, 2).map(paint));
  const rows = report.rows.map((row) => {
    const isBest = row.policy === report.use && row.told === 1;
    const line = cells(row, isBest ? symbols.best : '').map((cell) => style.plain(cell));
    const paint = isBest ? style.good : row.failureShare > 0.01 ? style.warn : (text: string) => text;
    return line.map(paint);
  });
  const heading = [...HEADING, wastedHeading(report)].map((title) =>
    title
      .split('\n')
      .map((line) => style.plain(line))
      .join('\n'),
  );
  const about = `${report.meta['requests']} requests at ${report.level} at once, profile ${report.meta['profile']}; p99 from the slot's being free; no × bound where requests failed.`;
  const blocks = [
    paragraphs(report.alarms, symbols.caution, style.bad),
    [grid(heading, rows, symbols.rule), ...wrap(style.plain(about), width).map(style.quiet)],
    [herdChart(herdOf(report.rows), style, width)],
    paragraphs(report.sentences, report.use ? symbols.best : symbols.refused, String),
  ];
  return `${blocks
    .map((lines) => lines.filter(Boolean).join('\n'))
    .filter(Boolean)
    .join('\n\n')}\n`;
};
