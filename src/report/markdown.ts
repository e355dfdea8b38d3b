import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { assertionLines } from './assertion-words.ts';
import { axisWords } from './axis-words.ts';
import { cellText, shownColumns } from './columns.ts';
import { headings } from './header.ts';
import { itemTable } from './items.ts';
import { isBest } from './mark.ts';
import { measurementNotes } from './measurement-notes.ts';
import { failureNotes, type Note, refusalNotes, warningNotes } from './notes.ts';
import type { Reporter } from './reporter.ts';
import { printable } from './style.ts';
import { collapseNote, statusNote, verdict } from './verdict.ts';
import { curveNotes, evidenceNotes } from './verdict-evidence.ts';

/** More levels than this become rows. */
const MOST_ABREAST = 8;

/** Without these a reader of the table alone would misread it. */
const VISIBLE = new Set(['Scenario', 'Target', 'Predicted', 'Time']);

/** For a pull request: the verdict, the table, and the rest folded away. */
export const markdown: Reporter = {
  format: 'markdown',
  file: 'report.md',
  render(report) {
    const { headline, because, next } = verdict(report);
    const alarms = [statusNote(report), collapseNote(report)].flatMap((text) => text ?? []);
    const about = headings(report);
    const blocks = [
      `**${escaped(headline)}** ${escaped(because)}`,
      ...alarms.map((text) => `> **${escaped(text)}**`),
      next ? escaped(next) : '',
      evidenceNotes(report)
        .map((text) => `- ${escaped(text)}`)
        .join('\n'),
      assertionLines(report)
        .map((line) => `- ${escaped(line)}`)
        .join('\n'),
      table(report),
      items(report),
      about
        .filter(({ name }) => VISIBLE.has(name))
        .map(({ name, text }) => `${name}: ${escaped(text)}`)
        .join('<br>\n'),
      details('Not recommended', refusalNotes(report)),
      details('Failures by kind', failureNotes(report)),
      details('Warnings', warningNotes(report)),
      details(
        'Curves through the throughputs (descriptions, not the answer)',
        curveNotes(report).map((text) => ({ text })),
      ),
      details('About this run', [
        ...about.map(({ name, text }) => ({ text: `${name}: ${text}` })),
        ...measurementNotes(report),
      ]),
      details(
        'Meta',
        Object.entries(report.meta).map(([key, value]) => ({ text: `${key}: ${value}` })),
      ),
    ];
    return `${blocks.filter(Boolean).join('\n\n')}\n`;
  },
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text that no Markdown or HTML is made of, whoever wrote it. */
export const escaped = (text: string): string =>
  printable(text)
    .replaceAll(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)
    .replaceAll(/[\\`*_|[\]~#]/g, (sign) => `\\${sign}`);

const details = (title: string, notes: readonly Note[]): string => {
  if (notes.length === 0) return '';
  const items = notes.map(({ text, hint }) => `- ${escaped(hint ? `${text} ${hint}` : text)}`);
  return `<details><summary>${title} (${notes.length})</summary>\n\n${items.join('\n')}\n\n</details>`;
};

const table = (report: SweepReport): string => {
  if (report.levels.length === 0) return '';
  const shown = shownColumns(report);
  const byFigure = shown.map((column) => [
    column.id === 'level' ? axisWords(report).label : column.label,
    ...report.levels.map((level) => (column.id === 'level' ? name(level, report) : cellText(column, level))),
  ]);
  const rows =
    report.levels.length <= MOST_ABREAST
      ? byFigure
      : ['', ...report.levels].map((_, index) => byFigure.map((row) => row[index] ?? ''));
  return ruled(rows);
};

const ruled = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows.map((row) => `| ${row.join(' | ')} |`);
  const rule = `|${rows[0]?.map((_, index) => (index === 0 ? ' :-- ' : ' --: ')).join('|')}|`;
  return [head, rule, ...body].join('\n');
};

const items = (report: SweepReport): string => {
  const rows = itemTable(report, (level) => name(level, report));
  return rows ? ruled(rows) : '';
};

const name = (level: LevelReport, report: SweepReport): string => {
  if (isBest(level, report)) return `**${level.level} ★**`;
  if (!level.admissible) return `${level.level} ✗`;
  return level.complete ? String(level.level) : `${level.level} (cut short)`;
};
