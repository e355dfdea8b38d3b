import { describe, expect, it } from 'vitest';
import type { RateLimitReading } from '../../src/core/rate-limit.ts';
import type { AttemptRecord, RequestRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { closedLoop } from '../support/closed-loop.ts';
import { attempt, request } from '../support/record-fixtures.ts';

/** `level` slots against a bucket: each call takes 1 s; one refused waits 0.2 to 0.4 s and asks again; if it counts, it empties the bucket and waits longer each time. */
const limitedLoop = (
  level: number,
  requests: number,
  perSecond: number,
  burst: number,
  refusedCount = false,
): RequestRecord[] => {
  const rng = createRng(5);
  let tokens = burst;
  let filledAt = 0;
  const slots = Array.from({ length: level }, (_, i) => ({ at: i * 0.01, attempts: [] as AttemptRecord[] }));
  const records: RequestRecord[] = [];
  let started = level;
  while (records.length < requests) {
    const slot = slots.toSorted((a, b) => a.at - b.at)[0];
    if (!slot) break;
    tokens = Math.min(burst, tokens + ((slot.at - filledAt) / 1000) * perSecond);
    filledAt = slot.at;
    if (tokens >= 1) {
      tokens--;
      const attempts = [...slot.attempts, attempt(slot.at, slot.at + 1000)];
      records.push(request(attempts, { level, index: records.length }));
      slot.attempts = [];
      started++;
      slot.at = started > requests ? Number.POSITIVE_INFINITY : slot.at + 1000;
    } else {
      if (refusedCount) tokens = 0;
      slot.attempts.push(attempt(slot.at, slot.at + 10, 'rate-limited'));
      const patience = refusedCount ? 1.5 ** slot.attempts.length : 1;
      slot.at += 10 + (200 + rng.next() * 200) * patience;
    }
  }
  return records;
};

const told = (records: readonly RequestRecord[], rateLimit: RateLimitReading): RequestRecord[] =>
  records.map((record) => ({
    ...record,
    usage: { inputTokens: 100, outputTokens: 50 },
    attempts: record.attempts.map((each) => ({ ...each, rateLimit })),
  }));

describe('a bucket', () => {
  it.each([
    [6, 60],
    [10, 10],
    [6, 360],
  ])('of %i a second and %i at once is known from one run past it', (perSecond, burst) => {
    const { burst: found, sustained } = summarize(30, limitedLoop(30, burst * 2 + 600, perSecond, burst));
    expect(sustained).toBe(true);
    expect(found.because).toBe('past-the-bucket');
    expect((found.limitedPerSecond ?? 0) / perSecond).toBeCloseTo(1, 1);
    expect(Math.abs((found.bucketAttempts ?? 0) - burst)).toBeLessThan(Math.max(2, burst * 0.05));
  });

  it('that outlasts nearly all starts is known from what was let in between refusals', () => {
    // 64 slots hold all that is left as soon as the bucket of 30 is empty.
    const { burst: found, sustained } = summarize(64, limitedLoop(64, 100, 6, 30));
    expect(found.because).toBe('not-settled');
    expect(sustained).toBe(false);
    expect(found.limitedPerSecond).toBeGreaterThan(5.7);
    expect(found.limitedPerSecond).toBeLessThan(6.3);
  });

  it('gives out at one pace what flows in, unless refused calls take of it', () => {
    const { burst: free } = summarize(30, limitedLoop(30, 300, 6, 30));
    const { burst: counted } = summarize(30, limitedLoop(30, 300, 6, 30, true));
    expect(free.paceIsEven).toBe(true);
    expect(counted.paceIsEven).toBe(false);
    expect(counted.limitedPerSecond).toBeLessThan(0.7 * (free.limitedPerSecond ?? 0));
  });

  it.each([false, true])(
    'lasts as long as it lasts, whether refused calls count or not: %s',
    (refusedCount) => {
      const onsetAt = (level: number) => {
        const [onset] = summarize(level, limitedLoop(level, 400, 6, 60, refusedCount)).burst.onsets ?? [];
        return onset ?? { attempts: 0, afterMs: 0 };
      };
      const [fast, slow] = [onsetAt(40), onsetAt(12)];
      const perSecond = (1000 * (slow.attempts - fast.attempts)) / (slow.afterMs - fast.afterMs);
      expect(perSecond).toBeGreaterThan(5.5);
      expect(perSecond).toBeLessThan(6.5);
    },
  );

  it('that refuses a call by chance is not empty', () => {
    const records = closedLoop({ level: 4, requests: 100, cv: 0.3, seed: 1 });
    const [first, ...rest] = records;
    if (!first) throw new Error('no records');
    const refused = { ...first, attempts: [attempt(0, 10, 'rate-limited'), ...first.attempts] };
    const { burst: found } = summarize(4, [refused, ...rest]);
    expect(found.first429AfterMs).toBe(10);
    expect(found.onsets).toBeUndefined();
  });

  it('that was not emptied makes no pace that lasts', () => {
    expect(summarize(30, limitedLoop(30, 300, 6, 360))).toMatchObject({
      sustained: false,
      burst: { because: 'no-limit-seen', first429AfterMs: null, limitedPerSecond: null },
    });
  });

  it('that was emptied at the very end makes none either', () => {
    expect(summarize(30, limitedLoop(30, 460, 6, 360))).toMatchObject({
      sustained: false,
      burst: { because: 'not-settled' },
    });
  });

  it.each([
    ['requests', { requests: { limit: 1200 } }, 20, 'below-the-limit', true],
    ['requests', { requests: { limit: 300 } }, 5, 'above-the-limit', false],
    ['tokens', { tokens: { limit: 45_000 }, requests: { limit: 1200 } }, 5, 'above-the-limit', false],
    ['output tokens', { 'output-tokens': { limit: 60_000 } }, 20, 'below-the-limit', true],
  ] as const)('is known from headers: %s', (_name, reading, perSecond, because, sustained) => {
    const records = told(closedLoop({ level: 10, requests: 200, cv: 0.3, seed: 1 }), reading);
    const summary = summarize(10, records);
    expect(summary.burst.headerPerSecond).toBeCloseTo(perSecond, 9);
    expect(summary).toMatchObject({ sustained, burst: { because } });
  });

  it('of a day is no limit per second', () => {
    const daily = { requests: { limit: 10_000, reset: 80_000_000 } };
    const records = told(closedLoop({ level: 10, requests: 200, cv: 0.3, seed: 1 }), daily);
    expect(summarize(10, records).burst).toMatchObject({ because: 'no-limit-seen', headerPerSecond: null });
  });
});
