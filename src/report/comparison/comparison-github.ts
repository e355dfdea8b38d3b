import type { Comparison } from '../../analyze/compare.ts';
import type { ComparisonVerdict } from '../../analyze/compare-judgement.ts';
import { type Severity, workflowCommand } from '../workflow-command.ts';
import type { ComparisonReporter } from './comparison-reporter.ts';
import { comparisonHint, comparisonSentence, differenceTexts } from './words.ts';

const SEVERITY: Readonly<Record<ComparisonVerdict, Severity>> = {
  regressed: 'error',
  changed: 'warning',
  inconclusive: 'warning',
  improved: 'notice',
  'no-change': 'notice',
};

const answer = (comparison: Comparison): string =>
  [comparisonSentence(comparison), comparisonHint(comparison)].filter(Boolean).join(' ');

/** For GitHub Actions: the answer as an annotation, and what was not alike. */
export const comparisonGithub: ComparisonReporter = {
  appends: 'GITHUB_STEP_SUMMARY',
  render: (comparison) =>
    `${[
      workflowCommand(SEVERITY[comparison.verdict], 'bench compare', answer(comparison)),
      ...differenceTexts(comparison).map((text) => workflowCommand('warning', 'bench compare', text)),
    ].join('\n')}\n`,
};
