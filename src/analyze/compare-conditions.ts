import type { ComparedRun } from './compare-run.ts';

/** A condition under which two runs were not alike. */
export interface ConditionDifference {
  readonly condition: string;
  /** `null` where the run says nothing about it. */
  readonly base: string | null;
  readonly next: string | null;
}

/** Starts of names of conditions that not every kind of file knows. */
const MACHINE = 'host ';

/** What makes two runs different experiments, by name; none if they can be compared. */
export const conditionDifferences = (
  base: ComparedRun,
  next: ComparedRun,
): readonly ConditionDifference[] => {
  const isExact = base.exact && next.exact;
  const names = [...new Set([...Object.keys(base.conditions), ...Object.keys(next.conditions)])].sort();
  return names.flatMap((condition) => {
    const before = base.conditions[condition];
    const after = next.conditions[condition];
    if (before === after) return [];
    // Simulated figures are the same on every machine; of another Node's arithmetic and SDKs nobody knows that.
    if (isExact && condition.startsWith(MACHINE)) return [];
    // The machine, and the digest of a file, are known to whoever has the run's folder only.
    const isOfFolder = condition.startsWith(MACHINE) || condition.endsWith(' digest');
    if (isOfFolder && (before === undefined || after === undefined)) return [];
    return [{ condition, base: before ?? null, next: after ?? null }];
  });
};
