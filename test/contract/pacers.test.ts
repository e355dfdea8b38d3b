import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownLimit } from '../../src/core/known-limit.ts';
import type { RateLimitReading } from '../../src/core/rate-limit.ts';
import type { AttemptRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import type { Departure } from '../../src/load/pacer.ts';
import { createPace, PACERS, type PacerName } from '../../src/load/pacers.ts';

const requests = (perSecond: number, burst: number): KnownLimit => ({
  name: 'requests',
  perSecond,
  burst,
  source: 'options',
});

const departure = (index: number, tokens = 10): Departure => ({
  demand: { inputTokens: tokens, maxTokens: 0 },
  rng: createRng(index),
});

const refused = (at: number, retryAfter: number): AttemptRecord => ({
  startedAt: at,
  endedAt: at,
  status: 429,
  failure: { kind: 'rate-limited', message: '', status: 429, retryAfter },
});

/** Sends `count` attempts at once and notes when each leaves; `headers` makes a response that tells them. */
const leave = async (
  names: readonly PacerName[],
  limits: readonly KnownLimit[],
  count: number,
  { before = [], headers }: { before?: readonly AttemptRecord[]; headers?: () => RateLimitReading } = {},
) => {
  const clock = new VirtualClock();
  const pace = createPace(names, { limits, share: 1, spread: 500 }, clock);
  const { signal } = new AbortController();
  const left: { index: number; at: number }[] = [];
  await clock.run(async () => {
    for (const attempt of before) pace?.ended(departure(-1), attempt, undefined);
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const own = departure(index);
        await pace?.admit(own, signal);
        const at = clock.now();
        left.push({ index, at });
        if (headers)
          pace?.ended(
            own,
            { startedAt: at, headersAt: at, endedAt: at, status: 200, rateLimit: headers() },
            undefined,
          );
      }),
    );
  });
  return left;
};

describe.each(Object.keys(PACERS) as PacerName[])('pacer %s', (name) => {
  it('lets every attempt leave once, whatever their number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), async (count) => {
        const left = await leave([name], [requests(50, 5)], count);
        expect(left.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, index) => index),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('gives up those who wait when the run is stopped, and lets nobody leave afterwards', async () => {
    const clock = new VirtualClock();
    const pace = createPace([name], { limits: [requests(1, 1)], share: 1, spread: 500 }, clock);
    const stop = new AbortController();
    pace?.ended(departure(-1), refused(0, 5000), undefined);
    const outcomes = await clock.run(() => {
      const all = Promise.allSettled(
        Array.from({ length: 5 }, (_, index) => pace?.admit(departure(index), stop.signal)),
      );
      clock.schedule(10, () => stop.abort(new Error('stopped')));
      return all;
    });
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(4);
    await expect(pace?.admit(departure(9), stop.signal)).rejects.toThrow('stopped');
  });
});

describe('a bucket', () => {
  it.each(['token-bucket', 'headers'] as const)(
    '%s never lets more leave than burst and rate allow',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 20 }),
          fc.integer({ min: 1, max: 8 }),
          fc.integer({ min: 1, max: 80 }),
          async (perSecond, burst, count) => {
            let full = burst;
            const told = () => ({ requests: { limit: perSecond * 60, remaining: Math.max(0, --full) } });
            const left = await leave(
              [name],
              [requests(perSecond, burst)],
              count,
              name === 'headers' ? { headers: told } : {},
            );
            const allowance = name === 'headers' ? burst + 2 : burst;
            left.forEach(({ at }, index) => {
              for (let earlier = 0; earlier <= index; earlier++) {
                const window = at - (left[earlier]?.at ?? 0);
                expect(index - earlier + 1).toBeLessThanOrEqual(
                  allowance + (window * perSecond) / 1000 + 1e-6,
                );
              }
            });
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('uses its burst at once and then keeps the rate, first come, first served', async () => {
    const left = await leave(['token-bucket'], [requests(10, 3)], 6);
    expect(left.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(left.map(({ at }) => Math.round(at))).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it('leaks evenly, without a burst', async () => {
    const left = await leave(['leaky-bucket'], [requests(10, 3)], 4);
    expect(left.map(({ at }) => Math.round(at))).toEqual([0, 100, 200, 300]);
  });

  it('keeps to requests and tokens at once', async () => {
    const tokens: KnownLimit = {
      name: 'tokens',
      perSecond: 20,
      burst: 20,
      counts: 'used',
      source: 'options',
    };
    const left = await leave(['token-bucket'], [requests(100, 10), tokens], 4); // ten tokens each
    expect(left.map(({ at }) => Math.round(at))).toEqual([0, 0, 500, 1000]);
  });

  it('gives back what an answer did not use', async () => {
    const clock = new VirtualClock();
    const limit: KnownLimit = { name: 'tokens', perSecond: 1, burst: 100, counts: 'used', source: 'options' };
    const pace = createPace(['token-bucket'], { limits: [limit], share: 1, spread: 0 }, clock);
    const { signal } = new AbortController();
    await clock.run(async () => {
      const first = departure(0, 90);
      expect(pace?.admit(first, signal)).toBeUndefined();
      pace?.ended(first, { startedAt: 0, endedAt: 0, status: 200 }, { inputTokens: 5, outputTokens: 5 });
      expect(pace?.admit(departure(1, 80), signal)).toBeUndefined(); // 100 − 90 + 80
    });
  });

  it('lowers itself to what a response says is left', async () => {
    const clock = new VirtualClock();
    const pace = createPace(['token-bucket'], { limits: [requests(10, 20)], share: 1, spread: 0 }, clock);
    const { signal } = new AbortController();
    await clock.run(async () => {
      const first = departure(0);
      expect(pace?.admit(first, signal)).toBeUndefined();
      const rateLimit = { requests: { limit: 600, remaining: 0 } };
      pace?.ended(first, { startedAt: 0, endedAt: 0, status: 200, rateLimit }, undefined);
      await pace?.admit(departure(1), signal);
    });
    expect(clock.now()).toBeCloseTo(100, 6);
  });
});

describe('the gate', () => {
  it('stays shut for all for the time told, in whole seconds, and spreads those who waited', async () => {
    const left = await leave(['gate'], [], 40, { before: [refused(0, 1200)] });
    const times = left.map(({ at }) => at);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...times)).toBeLessThanOrEqual(2500);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(300);
    expect(new Set(times).size).toBe(40);
  });

  it('charges no bucket for whom it holds', async () => {
    const left = await leave(['gate', 'token-bucket'], [requests(10, 2)], 4, { before: [refused(0, 1000)] });
    const times = left.map(({ at }) => at);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1000);
    expect(times.filter((at) => at < 1550).length).toBeGreaterThanOrEqual(2); // the burst was kept for them
  });
});

describe('pacing by headers', () => {
  it('feels its way until the first response, and is free where no header tells a limit', async () => {
    const left = await leave(['headers'], [], 4);
    expect(left.map(({ at }) => Math.round(at))).toEqual([0, 100, 200, 300]); // nobody has answered yet
    const untold = await leave(['headers'], [], 4, { headers: () => ({}) });
    expect(untold.map(({ at }) => at).filter((at) => at === 0).length).toBeGreaterThanOrEqual(1);
  });

  it('does not pace by a limit per day', async () => {
    const left = await leave(['headers'], [], 4, {
      headers: () => ({ requests: { limit: 200, remaining: 0, reset: 3_600_000 } }),
    });
    expect(Math.max(...left.map(({ at }) => at))).toBeLessThanOrEqual(300);
  });
});
