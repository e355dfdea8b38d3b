import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChargeMeter } from '../../src/measure/charge.ts';

/** Headers of a bucket that fills at `perMinute` and gives each call what it takes, at the instants at which they come. */
const headersOf = (
  calls: readonly { readonly at: number; readonly takes: number }[],
  perMinute: number,
  size: number,
) => {
  let level = size;
  let last = 0;
  return calls.map(({ at, takes }) => {
    level = Math.min(size, level + ((at - last) * perMinute) / 60_000);
    last = at;
    const isRefused = level < takes;
    if (!isRefused) level -= takes;
    const reset = ((size - level) / perMinute) * 60_000;
    return {
      at,
      isRefused,
      told: { limit: perMinute, remaining: Math.floor(level), reset: Math.round(reset) },
    };
  });
};

const meanOf = (headers: ReturnType<typeof headersOf>) => {
  const meter = new ChargeMeter();
  for (const { at, told, isRefused } of headers) meter.add(at, told, isRefused);
  return meter.mean();
};

it('reads what calls take off the headers, whether the bucket is full or nearly empty, in any order of answers', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ gap: fc.integer({ min: 0, max: 3000 }), takes: fc.integer({ min: 100, max: 4000 }) }),
        {
          minLength: 60,
          maxLength: 200,
        },
      ),
      fc.integer({ min: 20_000, max: 2_000_000 }),
      (drawn, perMinute) => {
        let at = 0;
        const calls = drawn.map(({ gap, takes }) => {
          at += gap;
          return { at, takes };
        });
        const headers = headersOf(calls, perMinute, perMinute / 6 + 4000);
        const letIn = headers.flatMap(({ isRefused }, i) => (isRefused ? [] : (calls[i]?.takes ?? 0)));
        if (letIn.length < 40) return;
        const truth = letIn.slice(1).reduce((sum, takes) => sum + takes, 0) / (letIn.length - 1);
        expect(meanOf(headers.toSorted((a, b) => a.told.remaining - b.told.remaining)) ?? 0).toBeGreaterThan(
          0,
        );
        expect((meanOf(headers) ?? 0) / truth).toBeGreaterThan(0.95);
        expect((meanOf(headers) ?? 0) / truth).toBeLessThan(1.05);
      },
    ),
  );
});

it('tells each call apart, refused ones and the first left out', () => {
  const takes = Array.from({ length: 30 }, (_, i) => 100 + 50 * (i % 7));
  const headers = headersOf(
    takes.map((each, i) => ({ at: i * 20, takes: each })),
    60_000,
    3000,
  );
  const meter = new ChargeMeter();
  for (const { at, told, isRefused } of headers) meter.add(at, told, isRefused);
  const charges = meter.charges() ?? [];
  expect(charges).toHaveLength(30);
  expect(headers.some(({ isRefused }) => isRefused)).toBe(true);
  for (const [i, charge] of charges.entries()) {
    if (i === 0 || headers[i]?.isRefused) expect(charge).toBeUndefined();
    else expect(Math.abs((charge ?? 0) - (takes[i] ?? 0))).toBeLessThanOrEqual(2);
  }
});

it('reads off the time until the next window what a window holds, and off a bucket that it is none', () => {
  const windowed = new ChargeMeter();
  const bucket = new ChargeMeter();
  for (let i = 0; i < 60; i++) {
    const used = (i % 9) + 1;
    windowed.add(i * 100, { limit: 540, remaining: 9 - used, reset: 1000 - 100 * used }, false);
    bucket.add(i * 100, { limit: 540, remaining: 9 - used, reset: (used * 60_000) / 540 }, false);
  }
  expect(windowed.bucket()).toBeUndefined();
  expect(windowed.window()).toBe(8);
  expect(bucket.bucket()).toBe(9);
  expect(bucket.window()).toBeUndefined();
});

it('does not take the time until the next window for the time until the bucket is full', () => {
  const windows = Array.from({ length: 100 }, (_, i) => ({
    at: i * 1000,
    isRefused: false,
    told: { limit: 60_000, remaining: 60_000 - (i % 60) * 500, reset: 60_000 - (i % 60) * 1000 },
  }));
  expect(meanOf(windows)).toBeUndefined();
});

it('says nothing after a few answers', () => {
  const calls = Array.from({ length: 15 }, (_, i) => ({ at: i * 100, takes: 500 }));
  expect(meanOf(headersOf(calls, 60_000, 10_000))).toBeUndefined();
});

it('reads off what the bucket holds, full or nearly empty, and nothing where headers speak of windows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 40, maxLength: 120 }),
      fc.integer({ min: 3, max: 400 }),
      (gaps, size) => {
        let at = 0;
        const meter = new ChargeMeter();
        const calls = gaps.map((gap) => {
          at += gap;
          return { at, takes: 1 };
        });
        for (const { at: left, told, isRefused } of headersOf(calls, 600, size))
          meter.add(left, told, isRefused);
        expect(Math.abs((meter.bucket() ?? 0) - size)).toBeLessThanOrEqual(1);
      },
    ),
  );
  const meter = new ChargeMeter();
  for (let i = 0; i < 100; i++)
    meter.add(i * 1000, { limit: 600, remaining: 600 - (i % 60), reset: 60_000 - (i % 60) * 1000 }, false);
  expect(meter.bucket()).toBeUndefined();
});

it('sees what is charged late as well, as long as the bucket is never full', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 200, max: 3000 }), { minLength: 80, maxLength: 200 }),
      fc.integer({ min: 2, max: 5 }),
      (takes, share) => {
        // Each call is charged the first part at its start, and the rest a second later: ten a second, far more than flows in.
        const late = (i: number) => (i < 10 ? 0 : ((takes[i - 10] ?? 0) * (share - 1)) / share);
        const meter = new ChargeMeter();
        let lacking = 5_000_000;
        for (const [i, each] of takes.entries()) {
          lacking += each / share + late(i) - (i === 0 ? 0 : 100);
          const told = { limit: 60_000, remaining: 9_000_000 - lacking, reset: lacking };
          meter.add(i * 100, told, false);
        }
        const shown = takes.slice(1).map((each, i) => each / share + late(i + 1));
        const truth = shown.reduce((sum, each) => sum + each, 0) / shown.length;
        expect((meter.whole() ?? 0) / truth).toBeCloseTo(1, 6);
      },
    ),
  );
});

it('does not vouch for what it saw of a bucket that was full in between', () => {
  const calls = Array.from({ length: 60 }, (_, i) => ({ at: i * 1000, takes: 500 }));
  const meter = new ChargeMeter();
  for (const { at, told, isRefused } of headersOf(calls, 60_000, 10_000)) meter.add(at, told, isRefused);
  expect(meter.whole()).toBeUndefined();
  expect(meter.mean()).toBeCloseTo(500, 0);
});

/** The same told in whole seconds: an instant that is rounded up, beside a date that is cut off. */
const inSeconds = (headers: ReturnType<typeof headersOf>) =>
  headers.map(({ at, told, isRefused }) => ({
    at,
    isRefused,
    told: { ...told, reset: 1000 * (Math.ceil((at + told.reset) / 1000) - Math.floor(at / 1000)) },
  }));

it('reads nothing off seconds while the bucket is all but full, where calls seem to take all that flows in', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 60 }),
      fc.integer({ min: 40, max: 200 }),
      fc.integer({ min: 60_000, max: 600_000 }),
      (takes, gap, perMinute) => {
        // A third of what flows in at most.
        const each = Math.min(takes, (gap * perMinute) / 60_000 / 3);
        const calls = Array.from({ length: 150 }, (_, i) => ({ at: 137 + i * gap, takes: each }));
        const headers = inSeconds(headersOf(calls, perMinute, perMinute));
        expect(meanOf(headers)).toBeUndefined();
        const meter = new ChargeMeter();
        for (const { at, told, isRefused } of headers) meter.add(at, told, isRefused);
        expect(meter.whole()).toBeUndefined();
        expect((meter.bucket() ?? 0) / perMinute).toBeGreaterThan(0.97);
        expect((meter.bucket() ?? 0) / perMinute).toBeLessThan(1.03);
      },
    ),
  );
});

it('reads what calls take off seconds where a bucket is used for long', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1000 }),
      fc.integer({ min: 60_000, max: 600_000 }),
      (gap, perMinute) => {
        // Twice what flows in, until the bucket is half empty.
        const flow = perMinute / 60_000;
        const takes = 2 * gap * flow;
        const calls = Array.from({ length: Math.round(30_000 / gap) }, (_, i) => ({ at: i * gap, takes }));
        const meter = new ChargeMeter();
        for (const { at, told, isRefused } of inSeconds(headersOf(calls, perMinute, perMinute)))
          meter.add(at, told, isRefused);
        expect((meter.whole() ?? 0) / takes).toBeGreaterThan(0.95);
        expect((meter.whole() ?? 0) / takes).toBeLessThan(1.05);
      },
    ),
  );
});
