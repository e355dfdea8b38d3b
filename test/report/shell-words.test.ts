import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellLine, shellWords } from '../../src/report/shell-words.ts';

it('a line of words is read as the same words again', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      expect(shellWords(shellLine(words))).toEqual(words);
    }),
  );
});

it('quotes only what a shell would take for something else', () => {
  expect(shellLine(['bench', 'find', '--slo', 'p95<4s', '--levels', '1..5:2', "it's", ''])).toBe(
    String.raw`bench find --slo 'p95<4s' --levels 1..5:2 'it'\''s' ''`,
  );
});
