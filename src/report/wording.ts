import { FAILURES, type FailureKind } from '../core/failure.ts';

/** A clause as a sentence: capital letter, full stop; none after a command line, so that it can be copied. */
export const sentence = (clause: string): string => {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return text === '' || /[.!?]$/.test(text) || /--[\w-]+ \S+$/.test(text) ? text : `${text}.`;
};

const MOST_NAMED = 8;

/** Levels as a short list, `5, 10 and 20`: all of them, or the first few and how many more. */
export const levelList = (levels: readonly number[]): string => {
  const named = levels.length <= MOST_NAMED ? levels.slice(0, -1) : levels.slice(0, MOST_NAMED - 1);
  const last = levels.length <= MOST_NAMED ? levels.at(-1) : `${levels.length - named.length} more`;
  return named.length > 0 ? `${named.join(', ')} and ${last}` : String(last ?? '');
};

/** Counts by kind of failure, the largest first: `113 × rate limit (429), 1 × connection lost`. */
export const failureCounts = (counts: Readonly<Partial<Record<FailureKind, number>>>): string =>
  (Object.entries(counts) as [FailureKind, number][])
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count.toLocaleString('en-US')} × ${FAILURES[kind].label}`)
    .join(', ');

/** Things that share a text, under that text, in order of appearance. */
export const groupByText = <T>(
  things: readonly T[],
  textOf: (thing: T) => string | undefined,
): readonly (readonly [text: string, things: readonly T[]])[] => {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const text = textOf(thing);
    if (text !== undefined) groups.set(text, [...(groups.get(text) ?? []), thing]);
  }
  return [...groups];
};
