import { describe, expect, it } from 'vitest';
import type { RateLimitReading } from '../../src/core/rate-limit.ts';
import { chargePerCall, LimitEvidenceAccumulator } from '../../src/measure/limit-evidence.ts';
import { attempt, request } from '../support/record-fixtures.ts';

const evidence = (attempts: readonly { message?: string; rateLimit?: RateLimitReading }[]) => {
  const accumulator = new LimitEvidenceAccumulator();
  accumulator.add(
    request(
      attempts.map(({ message, rateLimit }) => ({
        ...attempt(0, 1),
        ...(rateLimit ? { rateLimit } : {}),
        ...(message ? { failure: { kind: 'rate-limited' as const, message, status: 429 } } : {}),
      })),
    ),
  );
  return accumulator.finish();
};

it.each([
  [
    'requests',
    500,
    '429 Rate limit reached for gpt-5-mini in organization org-x on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 120ms.',
  ],
  [
    'tokens',
    40_000,
    '429 Rate limit reached for gpt-5-mini on tokens per min (TPM): Limit 40,000, Used 39000, Requested 1200.',
  ],
  [
    'input-tokens',
    50_000,
    '429 This request would exceed the rate limit for your organization (x) of 50,000 input tokens per minute.',
  ],
  [
    'output-tokens',
    8000,
    '429 This request would exceed the rate limit for your organization (x) of 8,000 output tokens per minute.',
  ],
] as const)('reads a limit on %s out of the words of a 429', (name, perMinute, message) => {
  expect(evidence([{ message }])).toEqual({
    told: { [name]: { perMinute, by: 'messages' } },
    refusals: { [name]: 1 },
  });
});

it('takes limits from headers, the lowest that was told, and never one that lasts a day', () => {
  const { told } = evidence([
    { rateLimit: { requests: { limit: 500, remaining: 400 }, tokens: { limit: 9, reset: 3_600_000 } } },
    { rateLimit: { requests: { limit: 300, remaining: 299, reset: 200 } } },
  ]);
  expect(told).toEqual({ requests: { perMinute: 300, by: 'headers' } });
});

it('believes headers rather than words that round them, and words that tell of a much lower limit', () => {
  const words = (limit: number) =>
    `429 Rate limit reached on requests per min (RPM): Limit ${limit}, Used 1.`;
  const rateLimit = { requests: { limit: 334.9, remaining: 0 } };
  const perMinute = (attempts: Parameters<typeof evidence>[0]) => evidence(attempts).told.requests?.perMinute;
  expect(perMinute([{ rateLimit }, { message: words(334) }])).toBe(334.9);
  expect(perMinute([{ message: words(334) }, { rateLimit }])).toBe(334.9);
  expect(perMinute([{ rateLimit }, { message: words(200) }])).toBe(200);
  expect(perMinute([{ message: words(200) }, { rateLimit }])).toBe(200);
});

it('tells what the bucket holds where headers show it, of requests without what a call takes', () => {
  const rateLimit = { requests: { limit: 600, remaining: 9, reset: 100 } };
  const { told } = evidence(Array.from({ length: 30 }, () => ({ rateLimit })));
  expect(told).toEqual({ requests: { perMinute: 600, by: 'headers', bucket: 10 } });
});

it('takes the emptiest limit for the one that refused where the words do not say', () => {
  const rateLimit = { requests: { limit: 500, remaining: 450 }, tokens: { limit: 1000, remaining: 3 } };
  expect(evidence([{ message: 'slow down', rateLimit }]).refusals).toEqual({ tokens: 1 });
  expect(evidence([{ message: 'slow down' }]).refusals).toEqual({});
});

describe('what a call takes of a limit', () => {
  it('is what headers show, if that is all or more than usage tells', () => {
    expect(chargePerCall('output-tokens', { perRequest: 20, isAllCharged: true }, 30)).toBe(20);
    expect(chargePerCall('tokens', { perRequest: 90 }, 72)).toBe(90);
  });

  it('is no less than usage where something may be charged later', () => {
    expect(chargePerCall('output-tokens', { perRequest: 1 }, 30)).toBe(30);
    expect(chargePerCall('tokens', { perRequest: 60 }, 72)).toBe(72);
    expect(chargePerCall('tokens', undefined, 72)).toBe(72);
  });

  it('is what they show of a limit of tokens that are not all of those', () => {
    expect(chargePerCall('tokens', { perRequest: 30 }, 72)).toBe(30);
  });
});
