import type { ConditionDifference } from '../analyze/compare-conditions.ts';
import { UsageError } from '../core/errors.ts';

/** What else is to be known of a condition. */
const REMARKS: Readonly<Record<string, string>> = {
  levels: ' (without those that were cut short, or bounded by the measuring machine)',
};

const told = (value: string | null): string => (value === null ? '(not known)' : value || 'none');

/** Throws `UsageError` naming every condition in which two runs differ; returns if there is none. */
export const refuseDifferences = (differences: readonly ConditionDifference[]): void => {
  if (differences.length === 0) return;
  const lines = differences.map(
    ({ condition, base, next }) => `  ${condition}: ${told(base)} → ${told(next)}${REMARKS[condition] ?? ''}`,
  );
  throw new UsageError(
    `these runs cannot be compared, they differ in\n${lines.join('\n')}`,
    'Measure both alike, or compare them all the same with --force.',
  );
};
