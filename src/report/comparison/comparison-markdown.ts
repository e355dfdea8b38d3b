import type { Comparison, ComparisonFinding } from '../../analyze/compare.ts';
import { escaped } from '../markdown.ts';
import type { ComparisonReporter } from './comparison-reporter.ts';
import {
  changeText,
  comparisonHint,
  comparisonSentence,
  differenceTexts,
  findingName,
  intervalText,
  valueText,
  verdictText,
} from './words.ts';

const table = (comparison: Comparison, findings: readonly ComparisonFinding[]): string =>
  [
    '| figure | base | new | change | interval | verdict |',
    '|:--|--:|--:|--:|--:|:--|',
    ...findings.map(
      (finding) =>
        `| ${[
          findingName(finding),
          valueText(finding, finding.base),
          valueText(finding, finding.next),
          changeText(finding),
          intervalText(finding),
          verdictText(finding, comparison),
        ]
          .map(escaped)
          .join(' | ')} |`,
    ),
  ].join('\n');

const details = (title: string, text: string): string =>
  `<details><summary>${title}</summary>\n\n${text}\n\n</details>`;

const isClear = ({ verdict }: ComparisonFinding): boolean =>
  verdict === 'regressed' || verdict === 'improved' || verdict === 'changed';

const tables = (comparison: Comparison): readonly string[] => {
  const { findings } = comparison;
  const moved = findings.filter(isClear);
  const others = findings.filter((finding) => !isClear(finding));
  return [
    moved.length > 0 ? table(comparison, moved) : '',
    others.length > 0 ? details(`Other figures (${others.length})`, table(comparison, others)) : '',
  ];
};

/** For a pull request: the answer, what moved, and the rest folded away. */
export const comparisonMarkdown: ComparisonReporter = {
  render(comparison, { base, next }) {
    const hint = comparisonHint(comparison);
    const remarks = [...differenceTexts(comparison), ...comparison.notes];
    const blocks = [
      `**${escaped(comparisonSentence(comparison))}**`,
      hint ? escaped(hint) : '',
      ...tables(comparison),
      remarks.map((text) => `- ${escaped(text)}`).join('\n'),
      `Base: ${escaped(base)}<br>\nNew: ${escaped(next)}`,
    ];
    return `${blocks.filter(Boolean).join('\n\n')}\n`;
  },
};
