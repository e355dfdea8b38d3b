import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseGoDuration,
  readRateLimit,
  readRetryAfter,
  readShouldRetry,
} from '../../src/client/rate-headers.ts';

const DATE = 'Mon, 02 Jun 2025 15:14:45 GMT';
const read = (headers: Record<string, string>) => readRateLimit(new Headers(headers));
const retryAfter = (headers: Record<string, string>) => readRetryAfter(new Headers(headers));

describe('a Go duration', () => {
  it.each([
    ['0s', 0],
    ['2ms', 2],
    ['12ms', 12],
    ['18ms', 18],
    ['8.64s', 8640],
    ['4.096s', 4096],
    ['59.7s', 59_700],
    ['6m0s', 360_000],
    ['2m59.56s', 179_560],
    ['1h0m0s', 3_600_000],
    ['23h59m59.999s', 86_399_999],
    ['500µs', 0.5],
    ['500us', 0.5],
    ['22', 22_000], // Azure: whole seconds
    ['0', 0],
  ])('%s is %d ms', (text, millis) => {
    expect(parseGoDuration(text)).toBeCloseTo(millis, 6);
  });

  it.each(['', ' ', '-1', '-5s', 's', '1d', '1 s', '5s!', 'x5s', 'NaN', '1.s', '1e3', '1h 2m'])(
    '%j is none',
    (text) => {
      expect(parseGoDuration(text)).toBeUndefined();
    },
  );

  it('is read as Go writes it, truncated to milliseconds', () => {
    /** Go's time.Duration.String() for whole milliseconds. */
    const format = (millis: number) => {
      if (millis === 0) return '0s';
      if (millis < 1000) return `${millis}ms`;
      const seconds = `${(millis % 60_000) / 1000}s`;
      if (millis < 60_000) return seconds;
      const minutes = `${Math.floor(millis / 60_000) % 60}m${seconds}`;
      return millis < 3_600_000 ? minutes : `${Math.floor(millis / 3_600_000)}h${minutes}`;
    };
    expect([18, 8640, 179_560, 3_600_000].map(format)).toEqual(['18ms', '8.64s', '2m59.56s', '1h0m0s']);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 * 3_600_000 }), (millis) => {
        expect(parseGoDuration(format(millis))).toBeCloseTo(millis, 6);
      }),
    );
  });
});

describe('OpenAI’s rate-limit headers', () => {
  // Captured (providers-sdks-and-mocks.md 2.1): limit, remaining, reset, and the reset in milliseconds.
  it.each([
    ['requests', 3000, 2999, '20ms', 20],
    ['requests', 5000, 4999, '12ms', 12],
    ['requests', 10_000, 9999, '8.64s', 8640],
    ['tokens', 250_000, 249_989, '2ms', 2],
    ['tokens', 200_000, 199_938, '18ms', 18],
    ['tokens', 60_000, 55_904, '4.096s', 4096],
    ['tokens', 200_000, 199_912, '26ms', 26],
    ['tokens', 2_000_000, 1_999_512, '14ms', 14],
    ['tokens', 160_000, 159_976, '9ms', 9],
  ] as const)('%s: %d, %d left, full in %s', (name, limit, remaining, text, reset) => {
    const reading = read({
      [`x-ratelimit-limit-${name}`]: String(limit),
      [`x-ratelimit-remaining-${name}`]: String(remaining),
      [`x-ratelimit-reset-${name}`]: text,
    });
    expect(reading).toEqual({ [name]: { limit, remaining, reset } });
    const period = limit === 10_000 ? 86_400_000 : 60_000;
    expect(Math.trunc(((limit - remaining) / limit) * period + 1e-6)).toBe(reset);
  });

  it('are read in both dimensions at once', () => {
    expect(
      read({
        'x-ratelimit-limit-requests': '3000',
        'x-ratelimit-limit-tokens': '250000',
        'x-ratelimit-remaining-requests': '2999',
        'x-ratelimit-remaining-tokens': '249989',
        'x-ratelimit-reset-requests': '20ms',
        'x-ratelimit-reset-tokens': '2ms',
      }),
    ).toEqual({
      requests: { limit: 3000, remaining: 2999, reset: 20 },
      tokens: { limit: 250_000, remaining: 249_989, reset: 2 },
    });
  });

  it('of Azure are whole seconds without a limit, and −1 where it does not know', () => {
    expect(
      read({
        'x-ratelimit-remaining-requests': '-1',
        'x-ratelimit-remaining-tokens': '12000',
        'x-ratelimit-reset-tokens': '22',
      }),
    ).toEqual({ tokens: { remaining: 12_000, reset: 22_000 } });
    expect(
      read({ 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-remaining-tokens': '-1' }),
    ).toBeUndefined();
  });

  it('keep a zero, which is the one that matters', () => {
    expect(read({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '0s' })).toEqual({
      requests: { remaining: 0, reset: 0 },
    });
  });

  it('that cannot be read are left out, one by one', () => {
    expect(
      read({
        'x-ratelimit-limit-requests': 'many',
        'x-ratelimit-remaining-requests': '7',
        'x-ratelimit-reset-requests': 'soon',
      }),
    ).toEqual({ requests: { remaining: 7 } });
    expect(read({ 'x-ratelimit-limit-requests': '' })).toBeUndefined();
    expect(read({ 'content-type': 'application/json' })).toBeUndefined();
  });
});

describe('Anthropic’s rate-limit headers', () => {
  it('of the captured 429 are read in all four dimensions, relative to the response’s own date', () => {
    const of = (name: string, limit: number, remaining: number, reset: string) => ({
      [`anthropic-ratelimit-${name}-limit`]: String(limit),
      [`anthropic-ratelimit-${name}-remaining`]: String(remaining),
      [`anthropic-ratelimit-${name}-reset`]: reset,
    });
    expect(
      read({
        date: DATE,
        ...of('requests', 4000, 4000, '2025-06-02T15:14:45Z'),
        ...of('input-tokens', 200_000, 0, '2025-06-02T15:15:48Z'),
        ...of('output-tokens', 80_000, 80_000, '2025-06-02T15:14:45Z'),
        ...of('tokens', 280_000, 80_000, '2025-06-02T15:14:45Z'),
      }),
    ).toEqual({
      requests: { limit: 4000, remaining: 4000, reset: 0 },
      'input-tokens': { limit: 200_000, remaining: 0, reset: 63_000 },
      'output-tokens': { limit: 80_000, remaining: 80_000, reset: 0 },
      tokens: { limit: 280_000, remaining: 80_000, reset: 0 },
    });
  });

  it('take a reset in the past for now', () => {
    expect(read({ date: DATE, 'anthropic-ratelimit-requests-reset': '2025-06-02T15:14:44Z' })).toEqual({
      requests: { reset: 0 },
    });
  });

  it('tell no reset where the response tells no date', () => {
    const headers = {
      'anthropic-ratelimit-requests-remaining': '5',
      'anthropic-ratelimit-requests-reset': '2025-06-02T15:15:48Z',
    };
    expect(read(headers)).toEqual({ requests: { remaining: 5 } });
    expect(read({ ...headers, date: 'yesterday' })).toEqual({ requests: { remaining: 5 } });
  });
});

describe('retry-after', () => {
  it.each([
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '61' }, 61_000],
    [{ 'retry-after-ms': '21873', 'retry-after': '22' }, 21_873],
    [{ 'retry-after-ms': '0', 'retry-after': '5' }, 0], // openai 7.55
    [{ 'retry-after-ms': 'x', 'retry-after': '5' }, 5000],
    [{ date: DATE, 'retry-after': 'Mon, 02 Jun 2025 15:15:01 GMT' }, 16_000],
    [{ 'retry-after': 'Mon, 02 Jun 2025 15:15:01 GMT' }, undefined], // relative to nothing
    [{ date: DATE, 'retry-after': 'soon' }, undefined],
    [{ date: DATE, 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, millis) => {
    expect(retryAfter(headers as Record<string, string>)).toBe(millis);
  });

  // openai 7.55 and @anthropic-ai/sdk 1.11 fall back to their own backoff (3.2); 0 would make ours retry at once.
  it('of a date in the past asks for nothing', () => {
    expect(retryAfter({ date: DATE, 'retry-after': 'Mon, 02 Jun 2025 15:14:00 GMT' })).toBeUndefined();
  });

  // Date.parse('-5') is May 2001: as a date in the past it would once have meant an immediate retry.
  it.each(['-5', '-1', '1,5', '+-3'])('of %j, which is no date, asks for nothing', (text) => {
    expect(retryAfter({ date: DATE, 'retry-after': text })).toBeUndefined();
  });
});

describe('x-should-retry', () => {
  it('is yes, no, or nothing', () => {
    const read = (text: string) => readShouldRetry(new Headers({ 'x-should-retry': text }));
    expect([read('true'), read('false'), read('maybe'), readShouldRetry(new Headers())]).toEqual([
      true,
      false,
      undefined,
      undefined,
    ]);
  });
});

describe('headers of a gateway', () => {
  it.each([
    [{ 'ratelimit-policy': '1500;w=30', 'ratelimit-remaining': '1200', 'ratelimit-reset': '12' }],
    [{ 'ratelimit-policy': '1500;w=30', ratelimit: 'limit=1500, remaining=1200, reset=12' }],
    [{ 'ratelimit-policy': '"default";q=1500;w=30', ratelimit: '"default";r=1200;t=12' }],
    [{ 'ratelimit-policy': '"none", 1500; w=30;comment="x"', ratelimit: '"default"; r=1200; t=12' }],
  ])('tell a quota of some window: %j', (headers) => {
    expect(read(headers as Record<string, string>)).toEqual({
      requests: { limit: 3000, remaining: 1200, reset: 12_000 },
    });
  });

  it('say nothing without the length of the window, and nothing against the provider', () => {
    expect(
      read({ 'ratelimit-limit': '1500', 'ratelimit-remaining': '3', 'ratelimit-reset': '9' }),
    ).toBeUndefined();
    expect(read({ 'ratelimit-policy': 'burst', ratelimit: 'r' })).toBeUndefined();
    expect(read({ 'ratelimit-policy': '10;w=1', 'x-ratelimit-limit-requests': '500' })).toEqual({
      requests: { limit: 500 },
    });
  });
});
