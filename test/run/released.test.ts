import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import { LIMITERS, type LimiterName } from '../../src/load/limiters.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { runStretch } from '../../src/run/level.ts';
import { lab } from '../support/lab.ts';
import type { Step } from '../support/scripted-client.ts';

const limited = { kind: 'rate-limited', message: '', status: 429 } as const;

const run = async (
  script: (attempt: number) => Step,
  {
    level,
    requests,
    limiter = 'semaphore',
    releasesSlot = true,
    stopAt,
  }: {
    level: number;
    requests: number;
    limiter?: LimiterName;
    releasesSlot?: boolean;
    stopAt?: number;
  },
) => {
  const bench = lab(script, { requests, maxRetries: 4 });
  let open = 0;
  let outstanding = 0;
  const stretch = {
    level,
    phase: 'measure',
    driver: LIMITERS[limiter].create(level),
    until: bench.plan.measure,
  } as const;
  const counter = {
    begin: () => {
      outstanding = Math.max(outstanding, ++open);
    },
    record: () => {
      open--;
    },
  };
  if (stopAt !== undefined)
    bench.clock.schedule(stopAt, () => bench.runtime.stop.abort(new BenchError(EXIT.interrupted, 'stop')));
  await bench.clock.run(() =>
    runStretch(
      stretch,
      { ...bench.plan, releasesSlot },
      { ...bench.runtime, recorders: [...bench.runtime.recorders, counter] },
    ),
  );
  return { ...bench, outstanding, open };
};

describe('slots that are free while a request waits to retry', () => {
  it('lets others in, where a held slot would stand idle', async () => {
    // The first is refused and waits half a second; each call takes 100 ms.
    const script = (attempt: number): Step =>
      attempt === 0 ? { after: 10, fail: { ...limited, retryAfter: 500 } } : { after: 100 };
    const released = await run(script, { level: 1, requests: 4 });
    const held = await run(script, { level: 1, requests: 4, releasesSlot: false });
    expect(released.records.map(({ index }) => index)).toEqual([1, 2, 3, 0]);
    expect(released.clock.now()).toBe(610); // nothing else to do from 310 to 510
    expect(held.clock.now()).toBe(910);
    const first = released.records.find(({ index }) => index === 0);
    expect(first).toMatchObject({ released: true, scheduledAt: 0, endedAt: 610 });
    expect(first?.attempts[1]).toMatchObject({ readyAt: 510, startedAt: 510 });
  });

  it('keeps attempts at the level, outstanding work at twice the level, and slot time without remainder', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom<LimiterName>('semaphore', 'pool', 'aimd'),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 }),
        async (level, requests, limiter, pattern) => {
          const script = (attempt: number): Step =>
            (pattern[attempt % pattern.length] ?? 0) > 1
              ? { after: 10, fail: limited }
              : { after: 50 + (attempt % 7) * 30 };
          const seen = await run(script, { level, requests, limiter });
          expect(seen.records.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
            Array.from({ length: requests }, (_, index) => index),
          );
          expect(seen.client.maxOpen()).toBeLessThanOrEqual(level);
          expect(seen.outstanding).toBeLessThanOrEqual(2 * level);
          expect(seen.open).toBe(0);
          const { slotTime, inFlight, counts } = summarize(level, seen.records);
          const { totalMs, idleMs, ...parts } = slotTime;
          const sum = Object.values(parts).reduce((all, part) => all + part, idleMs);
          expect(Math.abs(sum - totalMs)).toBeLessThanOrEqual(totalMs * 1e-3);
          expect(idleMs).toBeGreaterThanOrEqual(0);
          expect(inFlight.max).toBeLessThanOrEqual(level);
          expect(counts.attempts).toBe(seen.client.attempts());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('records those who wait without a slot as cancelled when the run is stopped', async () => {
    const seen = await run(() => ({ after: 10, fail: { ...limited, retryAfter: 5000 } }), {
      level: 3,
      requests: 20,
      stopAt: 1000,
    });
    expect(seen.open).toBe(0);
    expect(seen.records.length).toBeGreaterThanOrEqual(3);
    for (const record of seen.records) expect(record).toMatchObject({ outcome: 'cancelled', endedAt: 1000 });
  });
});
