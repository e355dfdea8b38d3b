import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.ts';
import { type Day, simulateDay } from '../../src/plan/day.ts';
import { limitBuckets, pacedWaitMs, type TierLimits } from '../../src/plan/limits.ts';
import { curveOf, loadCurve, peakedAt, peakFactorOf } from '../../src/plan/load-curve.ts';

const TOKENS = { input: 1200, output: 300, cachedShare: 0 };

/** 100,000 requests a day, twice the mean at the peak, 16 at once. */
const dayOf = (limits: TierLimits, change: Partial<Day> = {}): Day => ({
  requestsPerDay: 100_000,
  curve: loadCurve(2),
  burstiness: 1,
  latencyMs: 3840,
  latencyCv: 0.3,
  tokensCv: 0.8,
  buckets: limitBuckets(limits, TOKENS),
  slots: 16,
  ...change,
});

const tier = (requests: number, input: number, output: number): TierLimits => ({
  requestsPerMinute: requests,
  inputTokensPerMinute: input,
  outputTokensPerMinute: output,
});

describe('a day at four tiers', () => {
  const tiers = [
    tier(50, 50_000, 10_000),
    tier(1000, 100_000, 25_000),
    tier(2000, 200_000, 40_000),
    tier(4000, 400_000, 80_000),
  ];

  it('is bound by tokens in each, never by requests per minute', () => {
    const binding = tiers.map((limits) => limitBuckets(limits, TOKENS)[0]);
    expect(binding.map((limit) => limit?.requestsPerSecond.toFixed(2))).toEqual([
      '0.56',
      '1.39',
      '2.22',
      '4.44',
    ]);
    expect(binding.map((limit) => limit?.dimension)).not.toContain('requests');
  });

  it('cannot keep up, finishes late, is over at the peak, or is at ease', () => {
    const [first, second, third, fourth] = tiers.map((limits) => simulateDay(dayOf(limits), createRng(1)));
    expect(first?.finishedAtMs).toBeGreaterThan(40 * 3_600_000);
    expect(second?.finishedAtMs).toBeLessThan(26 * 3_600_000);
    expect(second?.p95Ms).toBeGreaterThan(3_600_000);
    expect(third?.peakP95Ms).toBeGreaterThan(20_000);
    expect(fourth?.p95Ms).toBeLessThan(20_000);
  });

  it('is the same day for the same seed, and counts every request in its hour', () => {
    const day = dayOf(tier(4000, 400_000, 80_000));
    const result = simulateDay(day, createRng(3));
    expect(simulateDay(day, createRng(3))).toEqual(result);
    expect(result.hours.reduce((total, { arrivals }) => total + arrivals, 0)).toBe(result.requests);
    expect(result.hours.reduce((total, { started }) => total + started, 0)).toBe(result.requests);
  });
});

describe('a simulated day', () => {
  it('takes the latency alone where nothing binds', () => {
    const free = simulateDay(dayOf({}, { slots: 10_000, latencyCv: 0 }), createRng(2));
    expect(free.p99Ms).toBeCloseTo(3840, 6);
    expect(free.startedAtOnce).toBe(1);
  });

  it('has the arrivals that the curve asks for', () => {
    const { hours, requests } = simulateDay(dayOf({}), createRng(5));
    expect(Math.abs(requests / 100_000 - 1)).toBeLessThan(0.02);
    expect(Math.max(...hours.map(({ arrivals }) => arrivals)) / (requests / 24)).toBeCloseTo(2, 1);
  });

  it('lets no more through than the limit, however large the requests and small the bucket', () => {
    const limits = { outputTokensPerMinute: 60_000, burstSeconds: 0 };
    const buckets = limitBuckets(limits, { input: 0, output: 300, cachedShare: 0 });
    const { finishedAtMs } = simulateDay(
      dayOf({}, { requestsPerDay: 400_000, curve: loadCurve(1), buckets, slots: 10_000, tokensCv: 1 }),
      createRng(4),
    );
    // 400,000 requests of 300 tokens at 1,000 tokens a second.
    expect(finishedAtMs / 120_000_000).toBeCloseTo(1, 1);
  });

  it('waits for a paced token limit as Pollaczek and Khinchine say', () => {
    const limits = { outputTokensPerMinute: 60_000, burstSeconds: 0 };
    const [bucket] = limitBuckets(limits, { input: 0, output: 300, cachedShare: 0 });
    if (!bucket) throw new Error('no bucket');
    // A bucket holds the largest request it is asked for at least; a large one in fluid form is M/G/1 with waiting until paid.
    const arrivalsPerSecond = 0.9 * bucket.requestsPerSecond;
    const day = dayOf(
      {},
      {
        requestsPerDay: arrivalsPerSecond * 86_400,
        curve: loadCurve(1),
        latencyCv: 0,
        tokensCv: 0.5,
        buckets: [{ ...bucket, capacity: 1e-9 + bucket.perRequest * 20 }],
        slots: 10_000,
      },
    );
    const simulated = simulateDay(day, createRng(1));
    expect(simulated.p50Ms).toBeGreaterThanOrEqual(3840);
    expect(pacedWaitMs(bucket, arrivalsPerSecond, 0.5)).toBeGreaterThan(simulated.p50Ms - 3840);
  });
});

describe('loadCurve', () => {
  it.each([1, 1.3, 2, 3.7, 8])('peaks at %d times the mean', (factor) => {
    expect(peakFactorOf(loadCurve(factor))).toBeCloseTo(factor, 6);
    expect(loadCurve(factor).reduce((total, weight) => total + weight, 0) / 24).toBeCloseTo(1, 9);
  });

  it('keeps the shape of weights of any scale', () => {
    expect(curveOf([1, 3])).toEqual([0.5, 1.5]);
  });
});

describe('peakedAt', () => {
  it('keeps the order of hours, and makes one of a flat day', () => {
    const curve = curveOf([1, 2, 3, ...Array.from({ length: 21 }, () => 1)]);
    const higher = peakedAt(curve, 4);
    expect(peakFactorOf(higher)).toBeCloseTo(4, 6);
    expect(higher.indexOf(Math.max(...higher))).toBe(2);
    expect(higher[1]).toBeGreaterThan(higher[0] ?? 0);
    expect(peakFactorOf(peakedAt(loadCurve(1), 1.5))).toBeCloseTo(1.5, 6);
  });
});
