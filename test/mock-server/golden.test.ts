import { describe, expect, test } from 'vitest';
import { goDuration, rfc3339, wholeSeconds } from '../../mock-server/wire/reset-format.ts';
import { chat, EXACT, lab, message } from './lab.ts';

describe('OpenAI resets, as captured', () => {
  test.each([
    [3000, 2999, 60_000, '20ms'],
    [5000, 4999, 60_000, '12ms'],
    [10_000, 9999, 86_400_000, '8.64s'],
    [250_000, 249_989, 60_000, '2ms'],
    [200_000, 199_938, 60_000, '18ms'],
    [60_000, 55_904, 60_000, '4.096s'],
    [200_000, 199_912, 60_000, '26ms'],
    [2_000_000, 1_999_512, 60_000, '14ms'],
    [160_000, 159_976, 60_000, '9ms'],
  ])('%i with %i left', async (limit, remaining, period, reset) => {
    const { clock, fetch } = lab({
      ...EXACT,
      limits:
        period === 86_400_000
          ? { requestsPerDay: limit }
          : { requestsPerMinute: limit, tokensPerMinute: limit },
    });
    const tokens = limit - remaining;
    const headers = await clock.run(async () => (await chat(fetch, { maxTokens: tokens })).headers);
    const shown = tokens === 1 ? 'requests' : 'tokens';
    expect(headers.get(`x-ratelimit-limit-${shown}`)).toBe(String(limit));
    expect(headers.get(`x-ratelimit-remaining-${shown}`)).toBe(String(remaining));
    expect(headers.get(`x-ratelimit-reset-${shown}`)).toBe(reset);
  });

  test.each([
    [0, '0s'],
    [0.9, '0s'],
    [999.999, '999ms'],
    [1000, '1s'],
    [59_700, '59.7s'],
    [179_560, '2m59.56s'],
    [360_000, '6m0s'],
    [3_600_000, '1h0m0s'],
    [41_723.999_999_9, '41.724s'],
  ])('%d ms is %s', (millis, text) => expect(goDuration(millis)).toBe(text));
});

const body429 = async (response: Response) =>
  ((await response.json()) as { error: Record<string, unknown> }).error;

describe('OpenAI 429, as captured', () => {
  test('tokens: Limit 10000, Used 8782, Requested 8172', async () => {
    const { clock, fetch } = lab({ ...EXACT, rejectLatency: 0, limits: { tokensPerMinute: 10_000 } });
    const error = await clock.run(async () => {
      const first = chat(fetch, { model: 'gpt-4', maxTokens: 8782 });
      const second = await chat(fetch, { model: 'gpt-4', maxTokens: 8172 });
      await first;
      expect(second.headers.get('retry-after')).toBe('42');
      return body429(second);
    });
    expect(error).toEqual({
      message:
        'Rate limit reached for gpt-4 in organization org-mock on tokens per min (TPM): Limit 10000, Used 8782, Requested 8172. Please try again in 41.724s. Visit https://platform.openai.com/account/rate-limits to learn more.',
      type: 'tokens',
      param: null,
      code: 'rate_limit_exceeded',
    });
  });

  test('requests: Limit 3, Used 3, Requested 1', async () => {
    const { clock, fetch } = lab({
      ...EXACT,
      rejectLatency: 0,
      limits: { requestsPerMinute: 3, countRejected: true },
    });
    await clock.run(async () => {
      const admitted = [1, 2, 3].map(() => chat(fetch));
      const refused = await chat(fetch);
      expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
      expect((await body429(refused))['message']).toContain(
        'Limit 3, Used 3, Requested 1. Please try again in 20s.',
      );
      await Promise.all(admitted);
    });
  });

  test('larger than the bucket: not to be retried', async () => {
    const { clock, fetch } = lab({ ...EXACT, limits: { tokensPerMinute: 30_000 } });
    await clock.run(async () => {
      const response = await chat(fetch, { maxTokens: 45_000 });
      expect(response.status).toBe(429);
      expect(response.headers.get('x-should-retry')).toBe('false');
      expect(response.headers.has('retry-after')).toBe(false);
      expect((await body429(response))['message']).toContain(
        'Request too large for gpt-4o in organization org-mock',
      );
    });
  });

  test('quota, ramp, overload and queue have their own codes', async () => {
    const codes = async (profile: object, calls: number, key = 'k') => {
      const { clock, fetch } = lab({ ...EXACT, ...profile });
      return clock.run(async () => {
        const responses = await Promise.all(Array.from({ length: calls }, () => chat(fetch, { key })));
        const last = responses.at(-1);
        return [last?.status, last && (await body429(last))['code']];
      });
    };
    expect(await codes({ keys: { broke: 'quota' } }, 1, 'broke')).toEqual([429, 'insufficient_quota']);
    expect(await codes({ limits: { ramp: { floor: 2 } } }, 3)).toEqual([429, 'slow_down']);
    expect(await codes({ queue: { slots: 1, waiting: 0 } }, 2)).toEqual([429, 'queue_full']);
  });
});

describe('Anthropic headers, as captured', () => {
  test('retry-after tells when the request fits, reset when the bucket is full, and a full bucket is full now', async () => {
    const { clock, fetch } = lab({
      ...EXACT,
      rejectLatency: 0,
      limits: { requestsPerMinute: 4000, inputTokensPerMinute: 200_000, outputTokensPerMinute: 80_000 },
    });
    await clock.run(async () => {
      const first = message(fetch, { prompt: 'x'.repeat(799_996) });
      const response = await message(fetch, { prompt: 'x'.repeat(213_332) });
      const header = (name: string) => response.headers.get(name);
      expect(response.status).toBe(429);
      expect(header('x-should-retry')).toBe('true');
      expect(header('retry-after')).toBe('16');
      expect(header('anthropic-ratelimit-input-tokens-limit')).toBe('200000');
      expect(header('anthropic-ratelimit-input-tokens-remaining')).toBe('0');
      expect(header('anthropic-ratelimit-input-tokens-reset')).toBe('2025-06-02T15:15:45Z');
      expect(header('anthropic-ratelimit-output-tokens-remaining')).toBe('80000');
      expect(header('anthropic-ratelimit-output-tokens-reset')).toBe('2025-06-02T15:14:45Z');
      expect(header('anthropic-ratelimit-tokens-limit')).toBe('280000');
      expect(header('anthropic-ratelimit-tokens-remaining')).toBe('80000');
      expect(header('anthropic-ratelimit-tokens-reset')).toBe('2025-06-02T15:14:45Z');
      expect(await response.json()).toMatchObject({
        type: 'error',
        error: {
          type: 'rate_limit_error',
          message: expect.stringContaining('of 200,000 input tokens per minute.'),
        },
        request_id: header('request-id'),
      });
      await first;
    });
  });

  test('529 comes without rate-limit headers', async () => {
    const { clock, fetch } = lab({ ...EXACT, limits: { requestsPerMinute: 10 } });
    const response = await clock.run(() => message(fetch, { override: { status: 529 } }));
    expect(response.status).toBe(529);
    expect([...response.headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([]);
    expect(await response.json()).toMatchObject({
      error: { type: 'overloaded_error', message: 'Overloaded' },
    });
  });

  test('the ramp limit names its code', async () => {
    const { clock, fetch } = lab({ ...EXACT, limits: { ramp: { floor: 1 } } });
    const [, refused] = await clock.run(() => Promise.all([message(fetch), message(fetch)]));
    expect(refused?.headers.get('retry-after')).toBe('10');
    expect(await refused?.json()).toMatchObject({
      error: { details: { error_code: 'ramp_limit_exceeded' } },
    });
  });
});

test('Azure: the string 429, resets in whole seconds, retry-after twice', async () => {
  const { clock, fetch } = lab({
    ...EXACT,
    dialect: 'azure',
    limits: { tokensPerMinute: 1000, charge: 'sum' },
  });
  const response = await clock.run(async () => {
    await chat(fetch, { maxTokens: 900 });
    return chat(fetch, { maxTokens: 900 });
  });
  expect(response.headers.get('retry-after')).toBe('48');
  expect(response.headers.get('retry-after-ms')).toBe('47930');
  expect(response.headers.get('x-ratelimit-remaining-tokens')).toBe('102');
  expect(await response.json()).toMatchObject({
    error: { code: '429', message: expect.stringContaining('retry after 48 seconds') },
  });
});

test('dates are Gregorian and round up', () => {
  expect(rfc3339(0)).toBe('1970-01-01T00:00:00Z');
  expect(rfc3339(951_782_399_001)).toBe('2000-02-29T00:00:00Z');
  expect(rfc3339(1_748_877_285_000)).toBe('2025-06-02T15:14:45Z');
  expect(rfc3339(4_102_444_799_000)).toBe(new Date(4_102_444_799_000).toISOString().replace('.000', ''));
  expect([wholeSeconds(0), wholeSeconds(1), wholeSeconds(1000), wholeSeconds(1000.5)]).toEqual([1, 1, 1, 2]);
});
