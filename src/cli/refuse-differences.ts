import type { ConditionDifference } from '../analyze/compare-conditions.ts';
import { UsageError } from '../core/errors.ts';

/** Throws `UsageError` naming every condition in which two runs differ; returns if there is none. */
export const refuseDifferences = (differences: readonly ConditionDifference[]): void => {
  if (differences.length === 0) return;
  const lines = differences.map(
    ({ condition, base, next }) => `  ${condition}: ${base ?? '(not known)'} → ${next ?? '(not known)'}`,
  );
  throw new UsageError(
    `these runs cannot be compared, they differ in\n${lines.join('\n')}`,
    'Measure both alike, or compare them all the same with --force.',
  );
};
