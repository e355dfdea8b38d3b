import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/core/record.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { closedLoop, meanOver } from '../support/closed-loop.ts';
import { attempt, request } from '../support/record-fixtures.ts';

const steadyOf = (level: number, records: readonly RequestRecord[]) => summarize(level, records).steady;

describe('throughput by Little', () => {
  // methods.md 3.4: requests ÷ makespan is 4.9, 20.7, 18.8 and 49 % low, Little's estimator 1.1 % at most.
  it.each([
    [0.3, 500, -0.049],
    [0.3, 100, -0.207],
    [1, 500, -0.188],
    [1, 100, -0.49],
  ])('has no bias where the makespan has (spread %f, %i requests)', (cv, requests, bias) => {
    const level = 30;
    const achieved = meanOver(60, (seed) => {
      return summarize(level, closedLoop({ level, requests, cv, seed })).rates.achievedPerSecond / level;
    });
    expect(achieved - 1).toBeCloseTo(bias, 1);
    const little = meanOver(60, (seed) => {
      const steady = steadyOf(level, closedLoop({ level, requests, cv, seed }));
      return (steady?.perSecond ?? Number.NaN) / level;
    });
    expect(Math.abs(little - 1)).toBeLessThan(cv === 1 && requests === 100 ? 0.06 : 0.015);
  });

  it('covers the truth in 93 to 97 % of runs', () => {
    const held = meanOver(400, (seed) => {
      const steady = steadyOf(20, closedLoop({ level: 20, requests: 300, cv: 0.3, seed }));
      return steady && steady.interval.low <= 20 && 20 <= steady.interval.high ? 1 : 0;
    });
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.975);
  });

  it('leaves out the ramp and a median cycle and a half, whole', () => {
    const records = closedLoop({ level: 10, requests: 200, cv: 0, seed: 1, ramp: 1000 });
    const steady = steadyOf(10, records);
    expect(steady).toMatchObject({ method: 'little', meanCycleMs: 1000, cycleCv: expect.closeTo(0, 6) });
    expect(steady?.rampMs).toBeCloseTo(900, 6);
    expect(steady?.warmupMs).toBeCloseTo(2400, 6);
    expect(steady?.inFlight).toBeCloseTo(10, 6);
    expect(steady?.perSecond).toBeCloseTo(10, 6);
  });

  it('does not credit those that pass by with the slots of those that keep coming back', () => {
    const stuck = Array.from({ length: 18 }, (_, index) => {
      const refused = Array.from({ length: 100 }, (_, i) => attempt(i * 1000, i * 1000 + 50, 'rate-limited'));
      return request([...refused, attempt(100_000, 101_000)], { level: 20, index });
    });
    const passing = Array.from({ length: 200 }, (_, i) => {
      const from = Math.floor(i / 2) * 1000;
      return request([attempt(from, from + 1000)], { level: 20, index: 18 + i });
    });
    const { steady } = summarize(20, [...stuck, ...passing]);
    expect(steady?.method).toBe('window');
    expect(steady?.perSecond).toBeCloseTo(2, 1);
    expect(steady?.attemptsPerSuccess).toBeGreaterThan(5);
    // 18 of 20 slots do nothing else.
    expect(steady?.retryOverhead).toBeGreaterThan(0.85);
    expect(steady?.retryOverhead).toBeLessThan(0.92);
  });

  it('does not count the 429s of the start', () => {
    const start = Array.from({ length: 10 }, (_, index) =>
      request([attempt(0, 50, 'rate-limited'), attempt(1000, 2000)], { level: 10, index }),
    );
    const later = Array.from({ length: 90 }, (_, i) => {
      const from = 2000 + Math.floor(i / 10) * 1000;
      return request([attempt(from, from + 1000)], { level: 10, index: 10 + i });
    });
    const summary = summarize(10, [...start, ...later]);
    expect(summary.attemptsPerSuccess).toBeGreaterThan(1);
    expect(summary.steady).toMatchObject({ attemptsPerSuccess: 1, retryOverhead: 0 });
    expect(summary.steady?.perSecond).toBeCloseTo(10, 6);
  });

  it('counts a failure as time without a success', () => {
    const records = closedLoop({ level: 5, requests: 400, cv: 0, seed: 1 }).map((record, i) =>
      i % 4 === 0
        ? request([attempt(record.startedAt, record.endedAt, 'server')], { level: 5, index: record.index })
        : record,
    );
    expect(steadyOf(5, records)?.perSecond).toBeCloseTo(5 * 0.75, 1);
  });

  it('goes by what was in flight, not by what was asked for', () => {
    // Ten were asked for; a limiter let in four.
    const records = closedLoop({ level: 4, requests: 200, cv: 0, seed: 1 }).map((record) => ({
      ...record,
      level: 10,
    }));
    expect(steadyOf(10, records)?.inFlight).toBeCloseTo(4, 6);
    expect(steadyOf(10, records)?.perSecond).toBeCloseTo(4, 6);
  });

  it('is unknown where fewer requests than slots are left', () => {
    expect(steadyOf(30, closedLoop({ level: 30, requests: 50, cv: 0.3, seed: 1 }))).toBeNull();
  });

  it('is the same in any order, up to what is held, and very nearly beyond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const records = closedLoop({ level: 8, requests: 120, cv: 0.5, seed, ramp: 500 });
        expect(steadyOf(8, records.toReversed())).toEqual(steadyOf(8, records));
      }),
      { numRuns: 30 },
    );
    const long = closedLoop({ level: 4, requests: 120_000, cv: 0.3, seed: 1 });
    expect(steadyOf(4, long)?.perSecond).toBeCloseTo(4, 1);
    expect(steadyOf(4, long)?.requests).toBeGreaterThan(119_980);
  });
});

describe('a level that was repeated', () => {
  const shifted = (records: readonly RequestRecord[], block: number, by: number) =>
    records.map(
      (record): RequestRecord => ({
        ...request(
          record.attempts.map(({ startedAt, endedAt }) => attempt(startedAt + by, endedAt + by)),
          { level: record.level, index: record.index },
        ),
        block,
      }),
    );
  const blocks = [1, 2, 3].map((seed) => closedLoop({ level: 10, requests: 200, cv: 0.3, seed }));
  const records = blocks.flatMap((block, i) => shifted(block, i, i * 1e6));

  it('has a figure per repeat, and the wall-clock of one', () => {
    const alone = blocks.map((block) => summarize(10, block));
    const summary = summarize(10, records);
    expect(summary.blocks.map(({ block }) => block)).toEqual([0, 1, 2]);
    for (const [i, { perSecond, requests, p95 }] of summary.blocks.entries()) {
      expect(requests).toBe(200);
      expect(perSecond).toBeCloseTo(alone[i]?.steady?.perSecond ?? 0, 6);
      expect(p95).toBeCloseTo(alone[i]?.metrics.serviceTime?.p95 ?? 0, 6);
    }
    const mean = alone.reduce((sum, { wallClockMs }) => sum + wallClockMs, 0) / 3;
    expect(summary.wallClockMs).toBeCloseTo(mean, 6);
    expect(summary.rates.achievedPerSecond).toBeCloseTo(600_000 / (3 * mean), 9);
    expect(summary.slotTime.totalMs).toBeCloseTo(10 * 3 * mean, 3);
  });

  it('pools its repeats, whatever the order in which they come', () => {
    expect(summarize(10, records.toReversed())).toEqual(summarize(10, records));
    const { steady, blocks: each } = summarize(10, records);
    const mean = each.reduce((sum, { perSecond }) => sum + perSecond, 0) / 3;
    expect((steady?.perSecond ?? 0) / mean).toBeCloseTo(1, 2);
  });
});
