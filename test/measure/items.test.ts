import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/core/record.ts';
import { criticalPath, ItemsAccumulator } from '../../src/measure/items.ts';
import { summarize } from '../../src/measure/summarize.ts';

const call = (
  item: number,
  [askedAt, startedAt, endedAt]: readonly [number, number, number],
): RequestRecord => ({
  level: 1,
  index: 0,
  phase: 'measure',
  item,
  step: 'call',
  askedAt,
  scheduledAt: startedAt,
  startedAt,
  endedAt,
  attempts: [{ startedAt, endedAt }],
  outcome: 'ok',
});

const spans = (...times: readonly (readonly [number, number, number])[]) =>
  times.map(([askedAt, startedAt, endedAt]) => ({ askedAt, startedAt, endedAt }));

describe('the critical path of an item', () => {
  it('is the sum of calls that follow each other', () => {
    expect(criticalPath(spans([0, 0, 4], [4, 4, 8], [8, 8, 12]))).toEqual({ calls: 3, millis: 12 });
  });

  it('is the slowest of calls side by side, whether or not there were slots for them', () => {
    expect(criticalPath(spans([0, 0, 4], [0, 0, 5], [0, 0, 3]))).toEqual({ calls: 1, millis: 5 });
    expect(criticalPath(spans([0, 0, 4], [0, 4, 9], [0, 9, 12]))).toEqual({ calls: 1, millis: 5 });
  });

  it('does not count the wait for a slot: outline, three sections in sequence, introduction', () => {
    const oneAtATime = spans([0, 0, 4], [4, 4, 10], [4, 10, 13], [4, 13, 18], [18, 18, 20]);
    expect(criticalPath(oneAtATime)).toEqual({ calls: 3, millis: 4 + 6 + 2 });
  });

  it('follows the longer of two chains that run side by side', () => {
    expect(criticalPath(spans([0, 0, 1], [1, 1, 2], [0, 0, 10], [10, 10, 11]))).toEqual({
      calls: 2,
      millis: 11,
    });
  });

  it('is never longer than the calls one after another, nor shorter than the longest of them', () => {
    const span = fc.tuple(fc.nat(100), fc.nat(50), fc.nat(50)).map(([askedAt, wait, time]) => ({
      askedAt,
      startedAt: askedAt + wait,
      endedAt: askedAt + wait + time,
    }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), (calls) => {
        const times = calls.map(({ startedAt, endedAt }) => endedAt - startedAt);
        const { millis, calls: count } = criticalPath(calls);
        expect(millis).toBeGreaterThanOrEqual(Math.max(...times));
        expect(millis).toBeLessThanOrEqual(times.reduce((sum, time) => sum + time, 0));
        expect(count).toBeLessThanOrEqual(calls.length);
      }),
    );
  });
});

describe('items', () => {
  it('are no part of the summary of single calls', () => {
    const { item, step, askedAt, ...single } = call(0, [0, 0, 1]);
    expect([item, step, askedAt]).toEqual([0, 'call', 0]);
    expect(summarize(1, [single])).not.toHaveProperty('items');
  });

  it('are counted by how all their calls ended, and measured if all succeeded', () => {
    const failed = { ...call(1, [0, 0, 9]), outcome: 'failed' as const };
    const cancelled = { ...call(2, [0, 0, 9]), outcome: 'cancelled' as const };
    const records = [call(0, [0, 1, 4]), call(0, [4, 5, 8]), failed, call(1, [9, 9, 10]), cancelled];
    const { items } = summarize(1, records);
    expect(items?.counts).toEqual({ items: 3, ok: 1, failed: 1, cancelled: 1 });
    expect(items?.makespanMs).toMatchObject({ count: 1, mean: 8 });
    expect(items?.speedUp).toBe(6 / 8);
    expect(items?.perSecond).toBe(1000 / 10);
  });

  it('come out the same in any order of their records', () => {
    const records = [0, 1, 2].flatMap((item) => [call(item, [0, 0, 4]), call(item, [4, 5, 6 + item])]);
    expect(summarize(1, records.toReversed())).toEqual(summarize(1, records));
  });

  it('by the hundred thousand are folded as they pass', () => {
    const items = new ItemsAccumulator();
    for (let item = 0; item < 120_000; item++) {
      items.add(call(item, [item, item, item + 1]));
      items.add(call(item, [item + 1, item + 1, item + 2]));
    }
    expect(items.finish(120_001)?.counts).toEqual({ items: 120_000, ok: 120_000, failed: 0, cancelled: 0 });
    expect(items.finish(120_001)?.calls).toMatchObject({ min: 2, max: 2, count: 120_000 });
  });
});
