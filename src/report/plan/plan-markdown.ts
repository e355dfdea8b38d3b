import type { PlanReport } from '../../plan/report.ts';
import { planDocument } from './document.ts';
import type { PlanBlock, PlanTable } from './plan-block.ts';

/** Parts that a reader of the answer may skip. */
const FOLDED = new Set(['From what', 'Formula against simulation', 'Sources of the limits']);

/** A capacity plan for a pull request or a wiki: the answer first, details folded away. */
export const planMarkdown = (report: PlanReport): string => {
  const [answer, ...rest] = planDocument(report);
  const parts = [`# Capacity plan`, `**${escaped(answer?.lines?.[0] ?? '')}**`, ...rest.map(part)];
  return `${parts.join('\n\n')}\n`;
};

const part = ({ title, lines = [], table, legend = [], code = [] }: PlanBlock): string => {
  const content = [
    ...(lines.length > 1 ? [lines.map((line) => `- ${escaped(line)}`).join('\n')] : lines.map(escaped)),
    ...(table ? [tableText(table)] : []),
    ...legend.map((line) => `<sub>${escaped(line)}</sub>`),
    ...code.map(
      ({ language, text }) =>
        `<details><summary>${language}</summary>\n\n\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n\n</details>`,
    ),
  ].join('\n\n');
  return FOLDED.has(title)
    ? `<details><summary>${escaped(title)}</summary>\n\n${content}\n\n</details>`
    : `## ${escaped(title)}\n\n${content}`;
};

const tableText = ({ head, rows, marked }: PlanTable): string =>
  [
    line(head),
    line(head.map((_, column) => (column === 0 ? ':--' : '--:'))),
    ...rows.map((row, index) => line(index === marked ? row.map((cell) => `**${cell}**`) : row)),
  ].join('\n');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const escaped = (text: string): string => text.replaceAll(/[\\`*_|<>[\]~#]/g, (sign) => `\\${sign}`);
