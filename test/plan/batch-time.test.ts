import { describe, expect, it } from 'vitest';
import { createRng, lognormalMean } from '../../src/core/rng.ts';
import { batchFloorMs, batchTimeMs, concurrencyFor } from '../../src/plan/batch-time.ts';
import { serve } from '../../src/plan/day.ts';
import type { LimitBucket } from '../../src/plan/limits.ts';
import { drainTail } from '../../src/stats/drain.ts';

const LATENCY = 3840;
const CV = 0.3;

const limit = (perSecond: number, burst: number): readonly LimitBucket[] => [
  {
    dimension: 'requests',
    perRequest: 1,
    unitsPerSecond: perSecond,
    capacity: burst,
    requestsPerSecond: perSecond,
  },
];

const batchOf = (requests: number, buckets: readonly LimitBucket[]) => ({
  requests,
  latencyMs: LATENCY,
  drainMs: (concurrency: number) => drainTail(concurrency, CV) * LATENCY,
  buckets,
});

/** A paced batch, request by request: mean over several. */
const simulated = (requests: number, slots: number, buckets: readonly LimitBucket[]): number => {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const times = seeds.map((seed) => {
    const rng = createRng(seed);
    const zeros = new Float64Array(requests);
    const drawn = {
      arrivals: zeros,
      latencies: zeros.map(() => lognormalMean(rng, LATENCY, CV)),
      sizes: zeros.map(() => 1),
    };
    return serve({ buckets, slots }, drawn).finishedAtMs;
  });
  return times.reduce((sum, time) => sum + time, 0) / times.length;
};

describe('the time of a batch', () => {
  it.each([
    [500, 5, limit(6, 6)],
    [500, 20, limit(6, 6), 0.02], // near the knee both parts matter a little
    [500, 40, limit(6, 6)],
    [1000, 50, limit(6, 60)],
    [2000, 10, limit(6, 360)],
    [2000, 100, limit(16.67, 17)],
    [5000, 30, []],
  ])('of %i requests at %i at once is as simulated', (requests, concurrency, buckets, tolerance = 0.009) => {
    const formula = batchTimeMs(batchOf(requests, buckets), concurrency);
    expect(Math.abs(formula / simulated(requests, concurrency, buckets) - 1)).toBeLessThan(tolerance);
  });

  it('has a floor that no concurrency beats, and says how many meet a deadline above it', () => {
    const batch = batchOf(5000, limit(6, 6));
    const floor = batchFloorMs(batch);
    expect(concurrencyFor(batch, floor - 1)).toBeUndefined();
    const needed = concurrencyFor(batch, floor * 1.2) ?? Number.NaN;
    expect(batchTimeMs(batch, needed)).toBeLessThanOrEqual(floor * 1.2);
    expect(batchTimeMs(batch, needed - 1)).toBeGreaterThan(floor * 1.2);
  });
});
