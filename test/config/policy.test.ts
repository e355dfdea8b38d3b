import { describe, expect, it } from 'vitest';
import { resolvePolicy } from '../../src/config/policy.ts';
import type { UsageError } from '../../src/core/errors.ts';
import { optionsOf } from './refusal.ts';

const resolve = async (flags: Record<string, string | boolean>) => resolvePolicy(await optionsOf({ flags }));

const told = async (flags: Record<string, string | boolean>): Promise<string> => {
  try {
    await resolve(flags);
  } catch (error) {
    const { message, hint } = error as UsageError;
    return `${message} → ${hint}`;
  }
  return 'accepted';
};

describe('a policy', () => {
  it('is plain unless told otherwise', async () => {
    expect((await resolve({})).policy).toMatchObject({
      name: 'plain',
      limiter: 'semaphore',
      pacers: [],
      retry: 'sdk',
      maxRetries: 10,
      releases: false,
    });
  });

  it('is made of parts', async () => {
    const { policy, limits } = await resolve({
      limiter: 'pool+token-bucket',
      limit: '360/min',
      burst: '6',
      tokensPerMinute: '30k',
      retry: 'full-jitter',
      maxRetries: '3',
      retryOn: '429,5xx',
      releaseSlot: true,
    });
    expect(policy).toMatchObject({
      name: 'custom',
      limiter: 'pool',
      pacers: ['token-bucket'],
      maxRetries: 3,
      releases: true,
    });
    expect(policy.retryOn.text).toBe('429,5xx');
    expect(limits).toMatchObject([
      { name: 'requests', perSecond: 6, burst: 6 },
      { name: 'tokens', perSecond: 500, burst: 500 },
    ]);
  });

  it('has a name, whose details can be changed', async () => {
    const { policy } = await resolve({ policy: 'guide-g1', maxRetries: '5' });
    expect(policy).toMatchObject({ name: 'guide-g1', retry: 'guide-g1', maxRetries: 5 });
  });

  it('brings the gate that its retries wait at', async () => {
    expect((await resolve({ retry: 'retry-after-gate' })).policy.pacers).toEqual(['gate']);
  });

  it.each([
    [{ limiter: 'semafore' }, 'Did you mean semaphore?'],
    [{ limiter: 'semaphore+pool' }, 'contradict each other'],
    [{ limiter: 'semaphore+gate+gate' }, 'names gate twice'],
    [{ limiter: 'semaphore+gate', pace: 'headers' }, 'and so does --pace'],
    [{ policy: 'recomended' }, 'Did you mean recommended?'],
    [{ policy: 'guide-g1', retry: 'sdk' }, 'the policy settles it'],
    [{ limit: '6/s' }, 'does nothing without a bucket'],
    [{ limiter: 'token-bucket', limit: '-1/s' }, 'is not a rate above zero'],
    [{ limiter: 'token-bucket', limit: '6' }, 'Give a number and a period'],
    [{ limiter: 'token-bucket', limit: '6/s', burst: '0.5' }, 'a burst of at least 1'],
    [{ limiter: 'token-bucket', burst: '6' }, '--limit, which is missing'],
    [{ retry: 'none', maxRetries: '3' }, 'does nothing with --retry none'],
    [{ retry: 'guide-g2', backoff: '1s' }, 'does nothing with --retry guide-g2'],
    [{ backoff: '9s', backoffCap: '2s' }, 'shorter than --backoff'],
    [{ holdSlot: true, releaseSlot: true }, 'contradict each other'],
    [{ retryBudget: '0' }, 'not a share'],
    [{ breaker: '0' }, 'at least 1'],
  ])('refuses %j', async (flags, expected) => {
    expect(await told(flags as Record<string, string | boolean>)).toContain(expected);
  });
});
