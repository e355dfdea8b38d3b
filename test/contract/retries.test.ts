import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import type { Failure } from '../../src/core/failure.ts';
import { createRng } from '../../src/core/rng.ts';
import { withBreaker } from '../../src/policy/circuit-breaker.ts';
import { RETRIES, type RetryName } from '../../src/policy/retries.ts';
import type { RetryPolicy, RetrySettings } from '../../src/policy/retry.ts';
import { withBudget } from '../../src/policy/retry-budget.ts';
import { parseRetryOn, SDK_RETRY_ON } from '../../src/policy/retry-on.ts';

const settings = (changes: Partial<RetrySettings> = {}): RetrySettings => ({
  maxRetries: 5,
  base: 500,
  cap: 8000,
  retryOn: SDK_RETRY_ON.matches,
  ...changes,
});

const failed = (status: number, more: Partial<Failure> = {}): Failure => ({
  kind: status === 429 ? 'rate-limited' : 'server',
  message: '',
  status,
  ...more,
});

/** Delays until a policy gives up on a failure that never ends. */
const delays = (policy: RetryPolicy, failure: Failure, seed = 1): readonly number[] => {
  const all: number[] = [];
  for (let attempt = 1; attempt < 100; attempt++) {
    const decision = policy.decide(failure, {
      attempt,
      rng: createRng(seed).fork(attempt),
      previous: all.at(-1),
    });
    if (!decision.retry) return all;
    all.push(decision.delay);
  }
  throw new Error('it never gives up');
};

const names = Object.keys(RETRIES) as RetryName[];

describe.each(names)('retry %s', (name) => {
  const { create } = RETRIES[name];

  it('makes no more retries than allowed, after delays that a clock can keep', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.nat(1000), fc.constantFrom(429, 500, 503), (maxRetries, seed, status) => {
        const waits = delays(create(settings({ maxRetries })), failed(status), seed);
        expect(waits.length).toBeLessThanOrEqual(maxRetries);
        for (const wait of waits) {
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(wait)).toBe(true);
        }
      }),
    );
  });

  it('never retries what no second try can mend', () => {
    for (const status of [400, 401, 403, 404])
      expect(delays(create(settings()), failed(status, { kind: 'rejected' }))).toEqual([]);
    expect(delays(create(settings()), { kind: 'truncated', message: '', status: 200 })).toEqual([]);
  });

  it('decides alike from the same chance', () => {
    expect(delays(create(settings()), failed(429), 7)).toEqual(delays(create(settings()), failed(429), 7));
  });
});

describe('the delays', () => {
  const of = (name: RetryName, failure = failed(429), seed = 3) =>
    delays(RETRIES[name].create(settings()), failure, seed);

  it('are the formulas', () => {
    expect(of('fixed')).toEqual([500, 500, 500, 500, 500]);
    expect(of('exponential')).toEqual([500, 1000, 2000, 4000, 8000]);
    expect(of('retry-after', failed(429, { retryAfter: 1234 }))).toEqual(Array(5).fill(1234));
    expect(of('guide-g2')).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(of('guide-g1', failed(500))).toEqual([1000, 2000, 4000, 8000, 16_000]);
    expect(of('guide-g2', failed(500))).toEqual([]);
    const caps = [500, 1000, 2000, 4000, 8000];
    for (const [i, wait] of of('full-jitter').entries()) expect(wait).toBeLessThanOrEqual(caps[i] ?? 0);
    for (const [i, wait] of of('equal-jitter').entries())
      expect(wait).toBeGreaterThanOrEqual((caps[i] ?? 0) / 2);
    for (const [i, wait] of of('sdk-backoff').entries())
      expect(wait).toBeGreaterThanOrEqual((caps[i] ?? 0) * 0.75);
    of('guide-g1').forEach((wait, i) => {
      expect(wait).toBeGreaterThanOrEqual(2 ** i * 1000);
      expect(wait).toBeLessThanOrEqual(2 ** i * 1000 + 1000);
    });
  });

  it('of decorrelated jitter stay between base and three times the last one, below the cap', () => {
    for (let seed = 0; seed < 50; seed++) {
      let last = 500;
      for (const wait of of('decorrelated', failed(429), seed)) {
        expect(wait).toBeGreaterThanOrEqual(500);
        expect(wait).toBeLessThanOrEqual(Math.min(8000, 3 * last));
        last = wait;
      }
    }
  });

  it('behind the gate are nothing at first, then jitter', () => {
    const [first, ...others] = of('retry-after-gate');
    expect(first).toBe(0);
    expect(Math.max(...others)).toBeGreaterThan(0);
  });
});

describe('what is retried', () => {
  it('is a list of statuses, classes and kinds', () => {
    const { matches } = parseRetryOn('429,5xx,stalled', '--retry-on');
    expect(matches(failed(429))).toBe(true);
    expect(matches(failed(503))).toBe(true);
    expect(matches({ kind: 'stalled', message: '', status: 200 })).toBe(true);
    expect(matches(failed(408))).toBe(false);
    expect(matches({ kind: 'reset', message: '' })).toBe(false);
  });

  it.each([
    ['429,timeuot', 'Did you mean timeout?'],
    ['200', 'Statuses are 400 to 599'],
    ['', 'For example'],
  ])('refuses %j', (text, hint) => {
    expect(() => parseRetryOn(text, '--retry-on')).toThrow(UsageError);
    try {
      parseRetryOn(text, '--retry-on');
    } catch (error) {
      expect((error as UsageError).hint).toContain(hint);
    }
  });
});

describe('memory', () => {
  const fixed = RETRIES.fixed.create(settings());
  const may = (policy: RetryPolicy, attempt = 1) =>
    policy.decide(failed(429), { attempt, rng: createRng(1) }).retry;

  it('of a budget allows one retry for each ten requests', () => {
    const policy = withBudget(fixed, 0.1);
    for (let i = 0; i < 25; i++) policy.observe?.({ number: 0, failure: failed(429) });
    expect([may(policy), may(policy), may(policy)]).toEqual([true, true, false]);
    expect(may(policy.fresh?.() ?? policy)).toBe(false); // a new stretch starts without credit
  });

  it('of a breaker ends retries after failures in a row, until something succeeds', () => {
    const policy = withBreaker(fixed, 3);
    const see = (failure?: Failure) => policy.observe?.({ number: 0, failure });
    see(failed(500));
    see(failed(500));
    expect(may(policy)).toBe(true);
    see(failed(500));
    expect(may(policy)).toBe(false);
    see();
    expect(may(policy)).toBe(true);
  });
});
