import type { Comparison, ComparisonFinding } from '../../analyze/compare.ts';
import type { ComparisonVerdict } from '../../analyze/compare-judgement.ts';
import { grid } from '../grid.ts';
import { type Style, styleOf } from '../style.ts';
import { wrap } from '../wrap.ts';
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

/** Where every figure repeats, those that did not move are only counted. */
const isWorthARow =
  ({ method }: Comparison) =>
  ({ verdict }: ComparisonFinding): boolean =>
    method !== 'exact' || verdict !== 'no-change';

const paintOf = (style: Style, verdict: ComparisonVerdict): ((text: string) => string) =>
  ({
    regressed: style.bad,
    improved: style.good,
    changed: style.warn,
    inconclusive: style.quiet,
    'no-change': String,
  })[verdict];

const table = (comparison: Comparison, style: Style, width: number): string => {
  const shown = comparison.findings.filter(isWorthARow(comparison));
  if (shown.length === 0) return '';
  const hasIntervals = shown.some(({ interval }) => interval);
  const isWide = width >= 100;
  const heading = [
    'figure',
    'base',
    'new',
    'change',
    ...(hasIntervals ? ['interval'] : []),
    ...(hasIntervals && isWide ? ['p'] : []),
    '',
  ];
  const rows = shown.map((finding) =>
    [
      findingName(finding),
      valueText(finding, finding.base),
      valueText(finding, finding.next),
      changeText(finding),
      ...(hasIntervals ? [intervalText(finding)] : []),
      ...(hasIntervals && isWide ? [finding.p === null ? '' : finding.p.toPrecision(2)] : []),
      verdictText(finding, comparison),
    ]
      .map((cell) => style.plain(cell))
      .map((cell, place, all) => (place === all.length - 1 ? paintOf(style, finding.verdict)(cell) : cell)),
  );
  return grid(heading, rows, style.symbols.rule);
};

/** For people at a screen: what moved, and last the answer. */
export const comparisonTerminal: ComparisonReporter = {
  render(comparison, { base, next }, options) {
    const style = styleOf(options);
    const { width } = options;
    const say = (text: string, paint: (line: string) => string = String, indent = 0) =>
      wrap(style.plain(text), width, indent)
        .map((line) => paint(line))
        .join('\n');
    const caution = (text: string) => say(`${style.symbols.caution} ${text}`, style.warn, 2);
    const same = comparison.findings.length - comparison.findings.filter(isWorthARow(comparison)).length;
    const hint = comparisonHint(comparison);
    const blocks = [
      [`base  ${base}`, `new   ${next}`].map((line) => say(line, style.quiet, 6)).join('\n'),
      differenceTexts(comparison).map(caution).join('\n'),
      [
        table(comparison, style, width),
        same > 0 ? say(`${same} figures are the same to the last digit.`, style.quiet) : '',
      ]
        .filter(Boolean)
        .join('\n'),
      comparison.notes.map((note) => say(`- ${note}`, style.quiet, 2)).join('\n'),
      [
        say(comparisonSentence(comparison), paintOf(style, comparison.verdict)),
        hint ? say(hint, style.quiet) : '',
      ]
        .filter(Boolean)
        .join('\n'),
    ];
    return `${blocks.filter(Boolean).join('\n\n')}\n`;
  },
};
