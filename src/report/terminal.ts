import type { SweepReport } from '../analyze/report.ts';
import { resultText, resultWord } from './assertion-words.ts';
import { throughputChart } from './chart.ts';
import { grid, gridWidth } from './grid.ts';
import { headings } from './header.ts';
import { itemTable } from './items.ts';
import { legend, levelMark } from './mark.ts';
import { measurementNotes } from './measurement-notes.ts';
import { failureNotes, type Note, refusalNotes, warningNotes } from './notes.ts';
import type { Reporter } from './reporter.ts';
import { type Style, styleOf } from './style.ts';
import { levelTable } from './table.ts';
import { collapseNote, statusNote, verdict } from './verdict.ts';
import { evidenceNotes } from './verdict-evidence.ts';
import { wrap } from './wrap.ts';

const NARROWEST = 20;
const MOST_NOTES = 4;

type Paint = (text: string) => string;

interface Page {
  readonly style: Style;
  readonly width: number;
}

/** For people at a screen: what was measured, the table, the curve, what to know, and last the answer. */
export const terminal: Reporter = {
  format: 'terminal',
  file: 'report.txt',
  home: 'console',
  render(report, options) {
    const style = styleOf(options);
    const page: Page = { style, width: Math.max(NARROWEST, Math.floor(options.width) || NARROWEST) };
    const status = alarm(statusNote(report), style.warn, page);
    const blocks = [
      [...status, ...alarm(collapseNote(report), style.bad, page)],
      header(report, page),
      tableBlock(report, page),
      [items(report, page)],
      [throughputChart(report, style, page.width)],
      remarks(report, page),
      warnings(report, page),
      thresholds(report, page),
      [...answer(report, page), ...status],
    ];
    return `${blocks
      .map((lines) => lines.filter(Boolean).join('\n'))
      .filter(Boolean)
      .join('\n\n')}\n`;
  },
};

/** A paragraph whose further lines stand under its text, not under its sign. */
const lines = (sign: string, text: string, paint: Paint, { style, width }: Page): readonly string[] => {
  const lead = sign.padEnd(2);
  return wrap(lead + style.plain(text), width, lead.length).map(paint);
};

const alarm = (text: string | undefined, paint: Paint, page: Page): readonly string[] =>
  text === undefined ? [] : lines(page.style.symbols.caution, text, paint, page);

const header = (report: SweepReport, { style, width }: Page): readonly string[] => {
  const all = headings(report);
  const indent = Math.max(0, ...all.map(({ name }) => name.length)) + 2;
  return all.flatMap(({ name, text }) => {
    const [first = '', ...rest] = wrap(name.padEnd(indent, '\u00a0') + style.plain(text), width, indent);
    const start = first.replaceAll('\u00a0', ' ');
    return [style.quiet(start.slice(0, indent)) + start.slice(indent), ...rest];
  });
};

const tableBlock = (report: SweepReport, { style, width }: Page): readonly string[] => [
  levelTable(report, style, width),
  ...wrap(legend(report, style), width).map(style.quiet),
];

/** The items of a workflow: levels side by side, or below each other where that is too wide. */
const items = (report: SweepReport, { style, width }: Page): string => {
  const rows = itemTable(report, (level) =>
    [String(level.level), levelMark(level, report, style)].filter(Boolean).join(' '),
  )?.map((row) => row.map(style.plain));
  if (!rows) return '';
  if (gridWidth(rows) <= width) {
    const [heading = [], ...body] = rows;
    return grid(heading, body, style.symbols.rule);
  }
  const stacked = (kept: readonly (readonly string[])[]) =>
    (rows[0] ?? []).map((_, index) =>
      kept.map((row) => (index === 0 ? broken(row[0] ?? '') : (row[index] ?? ''))),
    );
  // The first rows after the heading say least: they go where the width is short.
  let kept = rows;
  while (kept.length > 2 && gridWidth(stacked(kept)) > width) kept = [kept[0] ?? [], ...kept.slice(2)];
  const [heading = [], ...body] = stacked(kept);
  return grid(heading, body, style.symbols.rule);
};

/** A heading over narrow cells, a word per line. */
const broken = (text: string): string => text.replaceAll(' ', '\n');

/** Compact notes; of a long series the first few, and how to see the others. */
const brief = (sign: string, notes: readonly Note[], paint: Paint, page: Page): readonly string[] => {
  const more = notes.length - MOST_NOTES;
  return [
    ...notes.slice(0, MOST_NOTES).flatMap(({ text }) => lines(sign, text, paint, page)),
    ...(more > 0 ? lines('', `${more} more of these: --format markdown`, page.style.quiet, page) : []),
  ];
};

const remarks = (report: SweepReport, page: Page): readonly string[] => {
  const { style } = page;
  const failures = failureNotes(report);
  return [
    ...brief(style.symbols.refused, refusalNotes(report), style.warn, page),
    ...(failures.length > 0 ? [style.strong('Failed')] : []),
    ...brief('', failures, String, page),
    ...brief('-', measurementNotes(report), style.quiet, page),
  ];
};

const warnings = (report: SweepReport, page: Page): readonly string[] =>
  warningNotes(report).flatMap(({ text, hint }) => [
    ...lines(page.style.symbols.caution, text, page.style.warn, page),
    ...(hint ? lines('', hint, page.style.quiet, page) : []),
  ]);

const thresholds = (report: SweepReport, page: Page): readonly string[] => {
  const { assertions = [] } = report;
  const { style } = page;
  const paints = { passed: style.good, failed: style.bad, warning: style.warn };
  const signs = {
    passed: style.unicode ? '✓' : 'v',
    failed: style.symbols.refused,
    warning: style.symbols.caution,
  };
  return [
    ...(assertions.length > 0 ? [style.strong('Thresholds')] : []),
    ...assertions.flatMap((result) => {
      const word = resultWord(result);
      return lines(signs[word], resultText(result), paints[word], page);
    }),
  ];
};

const answer = (report: SweepReport, page: Page): readonly string[] => {
  const { style } = page;
  const { headline, because, next } = verdict(report);
  const [sign, emphasis] = report.sweetSpot
    ? [style.symbols.best, style.good]
    : [style.symbols.refused, style.bad];
  const start = `${sign} ${style.plain(headline)}`;
  const [first = '', ...rest] = lines(sign, `${headline} ${because}`, String, page);
  const painted = first.startsWith(start) ? emphasis(start) + first.slice(start.length) : emphasis(first);
  return [
    painted,
    ...rest,
    ...evidenceNotes(report).flatMap((text) => lines('', text, style.quiet, page)),
    ...(next ? lines('', next, style.quiet, page) : []),
  ];
};
