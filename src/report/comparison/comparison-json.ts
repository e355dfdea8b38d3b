import type { ComparisonReporter } from './comparison-reporter.ts';

/** The comparison itself, for programs: the published schema. */
export const comparisonJson: ComparisonReporter = {
  render: (comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
};
