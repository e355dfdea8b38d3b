import type { ComparisonFinding } from '../../analyze/compare.ts';
import { type JunitCase, junitDocument } from '../junit-document.ts';
import type { ComparisonReporter } from './comparison-reporter.ts';
import { comparisonTerminal } from './comparison-terminal.ts';
import {
  changeText,
  comparisonSentence,
  findingName,
  intervalText,
  VERDICT_WORDS,
  valueText,
} from './words.ts';

/** A regression fails; what is open is skipped, since a test that cannot tell has not passed. */
const KINDS = { regressed: 'failure', inconclusive: 'skipped' } as const;

const caseOf = (finding: ComparisonFinding): JunitCase => {
  const { verdict } = finding;
  const name = findingName(finding);
  if (verdict !== 'regressed' && verdict !== 'inconclusive') return { name, seconds: 0 };
  const interval = intervalText(finding);
  const message = [
    `${VERDICT_WORDS[verdict]}: ${valueText(finding, finding.base)} → ${valueText(finding, finding.next)},`,
    changeText(finding),
    interval && `(${interval})`,
  ];
  return {
    name,
    seconds: 0,
    result: { kind: KINDS[verdict], type: verdict, message: message.filter(Boolean).join(' ') },
  };
};

/** For test pages of CI systems: every figure as a test case, the whole comparison as their output. */
export const comparisonJunit: ComparisonReporter = {
  render(comparison, names) {
    return junitDocument({
      name: 'bench compare',
      cases: comparison.findings.map(caseOf),
      properties: [
        ['base', names.base],
        ['new', names.next],
        ['verdict', comparisonSentence(comparison)],
      ],
      output: comparisonTerminal.render(comparison, names, { color: false, width: 100, unicode: true }),
    });
  },
};
