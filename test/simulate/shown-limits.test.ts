import { expect, it } from 'vitest';
import { readingOf } from '../../src/simulate/shown-limits.ts';

const MINUTE = 60_000;

it('tells every kind of token by its own name, and of two limits of requests the one with least left', () => {
  expect(
    readingOf([
      { name: 'requests', limit: 50, period: MINUTE, level: 12.7, fullIn: 44_760.4 },
      { name: 'requests-per-day', limit: 1000, period: 1440 * MINUTE, level: 3, fullIn: 86_000_000 },
      { name: 'input-tokens', limit: 30_000, period: MINUTE, level: 29_000, fullIn: 2000 },
      { name: 'output-tokens', limit: 8000, period: MINUTE, level: -20, fullIn: 60_150 },
    ]),
  ).toEqual({
    requests: { limit: 1000, remaining: 3, reset: 86_000_000 },
    'input-tokens': { limit: 30_000, remaining: 29_000, reset: 2000 },
    'output-tokens': { limit: 8000, remaining: 0, reset: 60_150 },
  });
  expect(readingOf([])).toBeUndefined();
});
