import { type Assertion, parseAssertion } from '../analyze/assertion.ts';
import { UsageError } from '../core/errors.ts';
import type { Read } from './values.ts';

/** Conditions, one a line. */
export const assertions: Read<readonly Assertion[]> = (text, name) => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0)
    throw new UsageError(`${name} is empty`, 'For example --assert "goodput{level:20} >= 18/s".');
  return lines.map((line) => parseAssertion(line, name));
};
