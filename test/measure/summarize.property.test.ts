import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/core/record.ts';
import { LevelAccumulator, summarize } from '../../src/measure/summarize.ts';
import { notFinite, type Run, runs } from '../support/record-fixtures.ts';

const summaryOf = ({ level, records }: Run) => summarize(level, records);

const shuffled = runs().chain((run) =>
  fc
    .shuffledSubarray([...run.records], { minLength: run.records.length })
    .map((records) => ({ run, records })),
);

const total = (counts: Readonly<Record<string, number | undefined>>) =>
  Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);

describe('the summary of any closed-loop run', () => {
  it('splits level × wall-clock into its parts without remainder', () => {
    fc.assert(
      fc.property(runs(), (run) => {
        const { level, wallClockMs, slotTime } = summaryOf(run);
        const { totalMs, ...parts } = slotTime;
        expect(totalMs).toBe(level * wallClockMs);
        expect(Math.abs(total(parts) - totalMs)).toBeLessThanOrEqual(1e-9 * totalMs);
        for (const [name, part] of Object.entries(parts)) expect(part, name).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('does not show in one byte of its JSON in which order requests completed', () => {
    fc.assert(
      fc.property(shuffled, ({ run, records }) => {
        expect(JSON.stringify(summarize(run.level, records))).toBe(JSON.stringify(summaryOf(run)));
      }),
    );
  });

  it('is the same live and replayed from disk', () => {
    fc.assert(
      fc.property(runs(), (run) => {
        const live = new LevelAccumulator(run.level);
        for (const record of run.records) live.add(record);
        const replayed = run.records.map((record) => JSON.parse(JSON.stringify(record)) as RequestRecord);
        expect(JSON.stringify(summarize(run.level, replayed))).toBe(JSON.stringify(live.finish()));
      }),
    );
  });

  it('counts each request and attempt once', () => {
    fc.assert(
      fc.property(runs(), ({ level, records }) => {
        const { counts, failures, failedAttempts, attemptsPerSuccess } = summarize(level, records);
        const { requests, ok, failed, dropped, cancelled, attempts, rateLimited } = counts;
        expect(requests).toBe(records.length);
        expect(ok + failed + dropped + cancelled).toBe(requests);
        expect(ok).toBe(records.filter(({ outcome }) => outcome === 'ok').length);
        expect(attempts).toBe(records.flatMap((record) => record.attempts).length);
        expect(attempts).toBeGreaterThanOrEqual(ok + failed);
        expect(total(failures)).toBe(failed);
        expect(total(failedAttempts)).toBe(attempts - ok);
        expect(rateLimited).toBe(failedAttempts['rate-limited'] ?? 0);
        expect(rateLimited).toBeLessThanOrEqual(total(failedAttempts));
        if (ok === 0) expect(attemptsPerSuccess).toBeNull();
        else expect(attemptsPerSuccess).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('has a settled part made of the requests that followed another, if there are enough of them', () => {
    fc.assert(
      fc.property(runs(), ({ level, records }) => {
        const later = records.filter(({ index, outcome }) => index >= level && outcome !== 'cancelled');
        const { settled } = summarize(level, records);
        const alone = summarize(level, later);
        if (later.length < level || alone.counts.ok === 0) expect(settled).toBeNull();
        else
          expect(settled).toEqual({
            requests: later.length,
            attemptsPerSuccess: alone.attemptsPerSuccess,
            retryOverhead: alone.retryOverhead ?? 0,
          });
      }),
    );
  });

  it('has a retry overhead between none and all', () => {
    fc.assert(
      fc.property(runs(), (run) => {
        const { retryOverhead } = summaryOf(run);
        expect(retryOverhead ?? 0).toBeGreaterThanOrEqual(0);
        expect(retryOverhead ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has no retry overhead but the start of the first attempt where nothing was retried', () => {
    fc.assert(
      fc.property(runs(), ({ level, records }) => {
        const untouched = records.filter(
          ({ attempts, outcome }) => attempts.length === 1 && outcome === 'ok',
        );
        expect(summarize(level, untouched).retryOverhead ?? 0).toBeCloseTo(0, 9);
      }),
    );
  });

  it('has at most the level in flight, and on average no more than at most', () => {
    fc.assert(
      fc.property(runs(), (run) => {
        const { inFlight, level } = summaryOf(run);
        expect(inFlight.max).toBeLessThanOrEqual(level);
        expect(inFlight.mean).toBeLessThanOrEqual(inFlight.max);
        expect(inFlight.mean).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('obeys Little: mean in flight is throughput of all requests times their mean time', () => {
    fc.assert(
      fc.property(runs(), ({ level, records }) => {
        const { inFlight, rates } = summarize(level, records);
        const time = records.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
        const expected = (rates.offeredPerSecond / 1000) * (time / records.length || 0);
        expect(Math.abs(inFlight.mean - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
      }),
    );
  });

  it('orders its rates: good ≤ achieved ≤ offered ≤ attempts, each count ÷ wall-clock', () => {
    fc.assert(
      fc.property(runs(), (run) => {
        const { rates, counts, wallClockMs } = summaryOf(run);
        expect(rates.goodputPerSecond).toBeLessThanOrEqual(rates.achievedPerSecond);
        expect(rates.achievedPerSecond).toBeLessThanOrEqual(rates.offeredPerSecond);
        expect(rates.offeredPerSecond).toBeLessThanOrEqual(rates.attemptsPerSecond);
        if (wallClockMs > 0) expect((rates.achievedPerSecond * wallClockMs) / 1000).toBeCloseTo(counts.ok, 9);
      }),
    );
  });

  it('has percentiles exactly where the sample holds them, in order', () => {
    fc.assert(
      fc.property(runs(), (run) => {
        const summary = summaryOf(run);
        expect(summary.metrics.serviceTime?.count ?? 0).toBe(summary.counts.ok);
        for (const { count, min, p50, p90, p95, p99, max } of Object.values(summary.metrics)) {
          expect([p50 !== null, p90 !== null, p95 !== null, p99 !== null]).toEqual(
            [2, 10, 20, 100].map((needed) => count >= needed),
          );
          const ladder = [min, p50, p90, p95, p99, max].filter((value) => value !== null);
          for (const [i, value] of ladder.entries())
            if (i > 0) expect(value).toBeGreaterThanOrEqual(ladder[i - 1] ?? 0);
        }
      }),
    );
  });

  it('counts the latency of a request as at least that of its last attempt', () => {
    fc.assert(
      fc.property(runs(), (run) => {
        const { serviceTime, attemptTime, responseTime } = summaryOf(run).metrics;
        expect(serviceTime?.mean ?? 0).toBeGreaterThanOrEqual((attemptTime?.mean ?? 0) * (1 - 1e-9));
        expect(responseTime?.mean ?? 0).toBeGreaterThanOrEqual((serviceTime?.mean ?? 0) * (1 - 1e-9));
      }),
    );
  });

  it('holds nothing that is no number, whatever failed or was cancelled', () => {
    fc.assert(
      fc.property(fc.oneof(runs(), runs('all-failed')), fc.boolean(), ({ level, records }, cancelAll) => {
        const seen = cancelAll
          ? records.map((record): RequestRecord => ({ ...record, outcome: 'cancelled' }))
          : records;
        const summary = summarize(level, seen);
        expect(notFinite(summary)).toEqual([]);
        expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
      }),
    );
  });

  it('is unmoved by requests of other levels and phases', () => {
    fc.assert(
      fc.property(runs(), runs(), fc.constantFrom('warmup', 'reference'), (run, noise, phase) => {
        const foreign = noise.records.map(
          (record, i): RequestRecord =>
            i % 2 === 0 ? { ...record, level: run.level + 1 } : { ...record, level: run.level, phase },
        );
        expect(summarize(run.level, [...foreign, ...run.records])).toEqual(summaryOf(run));
      }),
    );
  });
});
