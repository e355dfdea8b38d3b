import type { z } from 'zod';
import { nameHint } from '../core/nearest.ts';

/** What is wrong with a value that somebody wrote, where in it, and what may have been meant. */
export interface WordedIssue {
  /** Of the place, from the outermost. */
  readonly keys: readonly (string | number)[];
  readonly why: string;
  readonly hint?: string;
}

type Issue = z.core.$ZodIssue;

const at = (value: unknown, keys: readonly PropertyKey[]): unknown =>
  keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );

/** The first issue, or of a choice between shapes the one within the shape that was meant. */
const innermost = (issue: Issue, value: unknown): Issue => {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors
    .flat()
    .find(
      (each) => each.code === 'invalid_value' && typeof at(value, [...issue.path, ...each.path]) === 'string',
    );
  return inner ? { ...inner, path: [...issue.path, ...inner.path] } : issue;
};

/** Puts the first issue of a schema's refusal into words; `known` are the keys there are at a place. */
export const wordIssue = (
  error: z.ZodError,
  value: unknown,
  known: (keys: readonly (string | number)[]) => readonly string[],
): WordedIssue => {
  const [first] = error.issues;
  if (!first) return { keys: [], why: 'is wrong' };
  const issue = innermost(first, value);
  const keys = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? '';
    return { keys: [...keys, unknown], why: 'there is no such key', hint: nameHint(unknown, known(keys)) };
  }
  const given = at(value, issue.path);
  if (given === undefined && keys.length > 0) return { keys, why: `is missing: ${issue.message}` };
  const names = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return typeof given === 'string' && names.length > 1
    ? { keys, why: `there is no "${given}"`, hint: nameHint(given, names) }
    : { keys, why: issue.message };
};
