import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/core/record.ts';
import { SAMPLE_SIZE } from '../../src/report/run-view/request-sample.ts';
import { type RunView, RunViewAccumulator } from '../../src/report/run-view/run-view.ts';
import { MOST_BUCKETS } from '../../src/report/run-view/timeline.ts';
import { attempt, request, runs } from '../support/record-fixtures.ts';

const fold = (records: Iterable<RequestRecord>): RunViewAccumulator => {
  const accumulator = new RunViewAccumulator();
  for (const record of records) accumulator.record(record);
  return accumulator;
};

const viewOf = (records: Iterable<RequestRecord>): RunView => fold(records).view();

/** A level of `count` requests of a second each, `level` at once; every hundredth fails and one takes a minute. */
const longLevel = (count: number, level = 10): readonly RequestRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const from = Math.floor(index / level) * 1000;
    const to = index === count >> 1 ? from + 60_000 : from + 1000;
    return request([attempt(from, to, index % 100 === 99 ? 'server' : undefined)], { level, index });
  });

describe('the view of a run', () => {
  it('is the same for any order of the requests, and for any split that is merged', () => {
    fc.assert(
      fc.property(runs(), fc.infiniteStream(fc.nat()), ({ records }, keys) => {
        const shuffled = records
          .map((record) => ({ record, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ record }) => record);
        const half = records.length >> 1;
        const merged = fold(shuffled.slice(half));
        merged.merge(fold(shuffled.slice(0, half)));
        expect(viewOf(shuffled)).toEqual(viewOf(records));
        expect(merged.view()).toEqual(viewOf(records));
      }),
    );
  });

  it('loses no attempt and no time to its stretches', () => {
    fc.assert(
      fc.property(runs(), ({ records }) => {
        const [level] = viewOf(records).levels;
        const attempts = records.flatMap((record) => record.attempts);
        const { widthMs, buckets } = level?.timeline ?? { widthMs: 0, buckets: [] };
        const sum = (of: (bucket: (typeof buckets)[number]) => number) =>
          buckets.reduce((total, bucket) => total + of(bucket), 0);
        expect(sum(({ ok, rateLimited, failed }) => ok + rateLimited + failed)).toBe(attempts.length);
        const open = records.reduce((total, { startedAt, endedAt }) => total + endedAt - startedAt, 0);
        expect(sum(({ requestsOpen }) => requestsOpen) * widthMs).toBeCloseTo(open, 0);
        const sent = attempts.reduce((total, { startedAt, endedAt }) => total + endedAt - startedAt, 0);
        expect(sum(({ attemptsOpen }) => attemptsOpen) * widthMs).toBeCloseTo(sent, 0);
      }),
    );
  });

  it('stays small for a hundred thousand requests, and keeps the slowest and a selection of the failed', () => {
    const [level] = viewOf(longLevel(100_000)).levels;
    expect(level?.requests).toBe(100_000);
    expect(level?.timeline.buckets.length).toBeLessThanOrEqual(MOST_BUCKETS);
    expect(level?.timeline.buckets.length).toBeGreaterThan(MOST_BUCKETS / 2);
    const { slowest, unsuccessful, typical } = SAMPLE_SIZE;
    expect(level?.sample.length).toBeLessThanOrEqual(slowest + unsuccessful + typical);
    expect(level?.sample.map(({ index }) => index)).toContain(50_000);
    expect(level?.sample.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThanOrEqual(
      unsuccessful,
    );
  });

  it('shows every request of a small run, in order of its start', () => {
    const records = longLevel(120);
    expect(viewOf(records).levels[0]?.sample).toEqual(records);
  });

  it('shares the room among many levels', () => {
    const view = viewOf(Array.from({ length: 100 }, (_, index) => longLevel(700, index + 1)).flat());
    expect(view.levels.map(({ level }) => level)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(view.levels.flatMap(({ sample }) => sample).length).toBeLessThan(8000);
    expect(view.levels.flatMap(({ timeline }) => timeline.buckets).length).toBeLessThan(5000);
  });

  it('keeps the least that was left of a limit, by dimension, when its stretches grow', () => {
    const reading = (remaining: number) => ({ requests: { limit: 100, remaining }, tokens: { limit: 50 } });
    const records = [90, 12, 40].map((remaining, index) =>
      request([{ ...attempt(index * 60_000, index * 60_000 + 1000), rateLimit: reading(remaining) }], {
        index,
      }),
    );
    const budgets = viewOf(records).levels[0]?.timeline.buckets.flatMap(
      ({ budget }) => budget.requests ?? [],
    );
    expect(budgets?.map(({ remaining }) => remaining)).toEqual([90, 12, 40]);
    const [coarse] = viewOf([...records, request([attempt(0, 1e9)], { index: 9 })]).levels;
    expect(coarse?.timeline.buckets[0]?.budget).toEqual({ requests: { limit: 100, remaining: 12 } });
  });

  it('leaves out warm-up, reference and requests that never left, and ends for instants beyond all measure', () => {
    const record = request([attempt(0, 1)]);
    expect(
      viewOf([
        { ...record, phase: 'warmup' },
        { ...record, phase: 'reference' },
      ]).levels,
    ).toEqual([]);
    expect(viewOf([request([], { outcome: 'dropped' })]).levels).toEqual([]);
    const far = viewOf([request([attempt(0, 1e300)]), request([attempt(1e300, 1e300)], { index: 1 })]);
    expect(far.levels[0]?.timeline.buckets.length).toBeLessThanOrEqual(MOST_BUCKETS);
  });
});
