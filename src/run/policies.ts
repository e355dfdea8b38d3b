import { PLAIN, type PolicySpec } from './policy.ts';

const policy = (
  name: string,
  description: string,
  changes: Partial<Omit<PolicySpec, 'name' | 'description'>> = {},
): PolicySpec => ({ ...PLAIN, ...changes, name, description });

/** What the guides' client does below their own loop, and what an application gets that does nothing. */
const SDK_RETRIES = 2;

const GUIDE = { share: 1, releases: false } as const;

/** The shared gate, and a jitter that grows for requests that meet again and again. */
const GATE = { retry: 'retry-after-gate', base: 500, cap: 8_000 } as const;

/** Every policy that ships, by name, the recommended one first. */
export const POLICIES: ReadonlyMap<string, PolicySpec> = new Map(
  [
    policy(
      'recommended',
      'a bucket at 95 % of the known limit, one Retry-After gate for all with 0.5 s spread, jitter; learns the limit from headers if nobody tells it',
      { pacers: ['gate', 'token-bucket'], share: 0.95, ...GATE },
    ),
    policy('plain', 'a semaphore and SDK-like retries: what concurrency alone does'),
    policy('sdk-default', 'a semaphore and the SDKs as they come: 2 retries', { maxRetries: SDK_RETRIES }),
    policy('gather', 'everything at once, and the SDKs as they come', {
      limiter: 'unbounded',
      maxRetries: SDK_RETRIES,
    }),
    policy('guide-g0-semaphore', 'guide G0, pattern 1: a semaphore (20), the SDK as it comes', {
      ...GUIDE,
      maxRetries: SDK_RETRIES,
      level: 20,
    }),
    policy(
      'guide-g0-bucket',
      'guide G0, pattern 2: a token bucket of 10/s before each call, the SDK as it comes',
      {
        ...GUIDE,
        pacers: ['token-bucket'],
        limits: [{ name: 'requests', perSecond: 10, burst: 10, source: 'options' }],
        maxRetries: SDK_RETRIES,
      },
    ),
    policy('guide-g1', 'guide G1: semaphore (15), 4 tries, 2ⁿ + U(0, 1) s after a 429, 2ⁿ s after a 5xx', {
      ...GUIDE,
      retry: 'guide-g1',
      maxRetries: 3,
      level: 15,
    }),
    policy('guide-g2', 'guide G2: semaphore (10), 3 tries, 2ⁿ s after a 429', {
      ...GUIDE,
      retry: 'guide-g2',
      maxRetries: 2,
      level: 10,
    }),
    policy('fixed', '1 s after each failure', { retry: 'fixed', base: 1000 }),
    policy('exponential', '0.5 s doubling to 8 s, without jitter', { retry: 'exponential' }),
    policy('full-jitter', 'uniform from 0 to the doubling delay', { retry: 'full-jitter' }),
    policy('equal-jitter', 'upper half of the doubling delay', { retry: 'equal-jitter' }),
    policy('decorrelated', 'uniform up to three times the last delay', { retry: 'decorrelated' }),
    policy('sdk-backoff', 'the SDKs where the endpoint sends no Retry-After', { retry: 'sdk-backoff' }),
    policy('retry-after', 'exactly the Retry-After, each request for itself', { retry: 'retry-after' }),
    policy('gate', 'one Retry-After gate for all with 0.5 s spread and jitter; knows no limit', {
      pacers: ['gate'],
      ...GATE,
    }),
    policy('released', 'full jitter, the slot free for others while waiting', {
      retry: 'full-jitter',
      releases: true,
    }),
    policy('budget', 'SDK-like retries, at most for 10 % of the requests', { budget: 0.1 }),
    policy('breaker', 'SDK-like retries, none after 10 failed attempts in a row', { breaker: 10 }),
    policy('aimd', 'as many at once as 429s allow, full jitter', { limiter: 'aimd', retry: 'full-jitter' }),
    policy('token-bucket', 'a bucket at the known limit, full jitter', {
      pacers: ['token-bucket'],
      retry: 'full-jitter',
    }),
    policy('leaky-bucket', 'an even stream at the known limit, full jitter', {
      pacers: ['leaky-bucket'],
      retry: 'full-jitter',
    }),
    policy('headers', 'paced by the rate-limit headers, full jitter', {
      pacers: ['headers'],
      retry: 'full-jitter',
    }),
  ].map((spec) => [spec.name, spec]),
);

/** Groups of policies to compare. */
export const POLICY_SETS: Readonly<Record<string, readonly string[]>> = {
  default: [
    'recommended',
    'plain',
    'sdk-default',
    'exponential',
    'full-jitter',
    'retry-after',
    'gate',
    'aimd',
    'headers',
    'guide-g1',
    'guide-g2',
  ],
  guides: ['recommended', 'gather', 'guide-g0-semaphore', 'guide-g0-bucket', 'guide-g1', 'guide-g2'],
  all: [...POLICIES.keys()],
};
