import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { serve } from '../../src/plan/day.ts';
import { draws, steadyArrivals } from '../../src/plan/drawn-day.ts';
import { pacedWaitMs } from '../../src/plan/limits.ts';

const REQUESTS = 1_000_000;

/** Six requests a second of 1,000 tokens on average, CV 1.5, before a limit that they use to the share given. */
const drawnAt = (cv: number) => {
  const rng = createRng(9);
  return {
    arrivals: steadyArrivals(REQUESTS, 6, 1, rng.fork('arrivals')),
    latencies: new Float64Array(REQUESTS).fill(1),
    sizes: draws(REQUESTS, 1, cv, rng.fork('sizes')),
  };
};

const bucketAt = (use: number, burstSeconds: number) => ({
  dimension: 'tokens' as const,
  perRequest: 1000,
  unitsPerSecond: 6000 / use,
  capacity: Math.max(1e-6, (burstSeconds * 6000) / use),
  requestsPerSecond: 6 / use,
});

const meanWait = (use: number, burstSeconds: number, cv: number): number => {
  const { waits } = serve(
    { buckets: [bucketAt(use, burstSeconds)], slots: Number.POSITIVE_INFINITY },
    drawnAt(cv),
  );
  return waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
};

describe('waiting for a token limit', () => {
  it.each([
    [0.5, 0.8],
    [0.8, 0.8],
    [0.9, 1.5],
  ])('at %d of it with sizes of CV %d is as Pollaczek and Khinchine say', (use, cv) => {
    const bucket = bucketAt(use, 0);
    // A pacer with an empty bucket lets a request go and pays afterwards; the formula pays first.
    const ownSize = (bucket.perRequest / bucket.unitsPerSecond) * 1000;
    const simulated = meanWait(use, 0, cv) + ownSize;
    expect(Math.abs(pacedWaitMs(bucket, 6, cv) / simulated - 1)).toBeLessThan(0.05);
  });

  it('is the figure worked out by hand: 2.4 s of waiting and 0.15 s of its own at 90 % with CV 1.5', () => {
    expect(pacedWaitMs(bucketAt(0.9, 0), 6, 1.5)).toBeCloseTo(0.9 * 3.25 * 150 * 5 + 150, 0);
  });

  it('all but goes with a bucket of some seconds up to 80 % of the limit', () => {
    expect(meanWait(0.8, 10, 0.8)).toBeLessThan(0.05 * meanWait(0.8, 0, 0.8));
  });
});
