import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import { attempt, request } from '../support/record-fixtures.ts';

test('attempts that failed and were tried again are not called failed requests', () => {
  const stream = new PassThrough();
  const progress = createProgress(false, stream as unknown as NodeJS.WriteStream);
  const run = (attempts: readonly ReturnType<typeof attempt>[]) => {
    for (const each of attempts) progress.attempt?.(each);
    progress.record(request(attempts));
  };
  progress.onStretch(9, 'measure', { requests: 2 });
  run([attempt(0, 5, 'server'), attempt(6, 7, 'rate-limited'), attempt(8, 9)]);
  run([attempt(0, 5)]);
  progress.onStretch(16, 'measure', { requests: 1 });
  run([attempt(0, 5, 'server'), attempt(6, 7, 'server'), attempt(8, 9)]);
  progress.end();
  const text = String(stream.read()).replaceAll(/[\d.,]+ ok\/s/g, '… ok/s');
  expect(text).toMatchInlineSnapshot(`
    "level 9: started
    level 9: 2 ok of 2, … ok/s, 1 × 429, 1 attempt failed
    level 16: started
    level 16: 1 ok of 1, … ok/s, 0 × 429, 2 attempts failed
    "
  `);
});
