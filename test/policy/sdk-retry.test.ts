import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/core/failure.ts';
import { createRng } from '../../src/core/rng.ts';
import { sdkRetry } from '../../src/policy/sdk-retry.ts';

const rng = createRng(1);
const decide = (failure: Failure, attempt = 1) => sdkRetry(10).decide(failure, { attempt, rng });
const status = (code: number, more: Partial<Failure> = {}): Failure => ({
  kind: 'server',
  message: '',
  status: code,
  ...more,
});

describe('the SDKs’ own retry policy', () => {
  it.each([408, 409, 429, 500, 502, 503, 529])('retries %i', (code) => {
    expect(decide(status(code)).retry).toBe(true);
  });

  it.each([400, 401, 403, 404, 413, 422])('does not retry %i', (code) => {
    expect(decide(status(code)).retry).toBe(false);
  });

  it('retries a connection that broke before the answer, never in mid-answer', () => {
    for (const kind of ['reset', 'timeout', 'unreachable'] as const) {
      expect(decide({ kind, message: '' }).retry).toBe(true);
      expect(decide({ kind, message: '', status: 200 }).retry).toBe(false);
    }
    for (const kind of ['truncated', 'stalled', 'protocol'] as const)
      expect(decide({ kind, message: '', status: 200 }).retry).toBe(false);
  });

  it('obeys x-should-retry over the status', () => {
    expect(decide(status(400, { shouldRetry: true })).retry).toBe(true);
    expect(decide(status(429, { shouldRetry: false })).retry).toBe(false);
  });

  it.each([
    [0, 0],
    [250, 250],
    [60_000, 60_000],
  ])('waits out a retry-after of %i ms', (retryAfter, delay) => {
    expect(decide(status(429, { retryAfter }))).toEqual({ retry: true, delay });
  });

  it('ignores a retry-after of more than a minute', () => {
    const decision = decide(status(429, { retryAfter: 61_000 }));
    expect(decision.retry && decision.delay).toBeLessThanOrEqual(500);
  });

  it('doubles from half a second to eight, shortened by up to a quarter', () => {
    for (const [attempt, base] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
      [4, 4000],
      [5, 8000],
      [9, 8000],
    ] as const) {
      for (let seed = 0; seed < 200; seed++) {
        const decision = sdkRetry(10).decide(status(429), { attempt, rng: createRng(seed) });
        const delay = decision.retry ? decision.delay : Number.NaN;
        expect(delay).toBeGreaterThan(base * 0.75 - 1e-9);
        expect(delay).toBeLessThanOrEqual(base);
      }
    }
  });

  it('stops after the retries allowed', () => {
    expect(sdkRetry(2).decide(status(429), { attempt: 2, rng }).retry).toBe(true);
    expect(sdkRetry(2).decide(status(429), { attempt: 3, rng }).retry).toBe(false);
    expect(sdkRetry(0).decide(status(429), { attempt: 1, rng }).retry).toBe(false);
  });
});
