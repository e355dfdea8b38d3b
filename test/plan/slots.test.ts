import TinyQueue from 'tinyqueue';
import { describe, expect, it } from 'vitest';
import { createRng, exponential, lognormalMean } from '../../src/core/rng.ts';
import { serve } from '../../src/plan/day.ts';
import { draws, steadyArrivals } from '../../src/plan/drawn-day.ts';
import {
  erlangC,
  meanSlotWaitMs,
  peakedness,
  poissonQuantile,
  slotsFor,
  slotWaitQuantileMs,
  waitProbability,
} from '../../src/plan/slots.ts';

/** Mean wait of a simulated queue of `slots` servers: Poisson arrivals, lognormal service, first come first served. */
const simulatedWaitMs = (slots: number, load: number, latencyMs: number, cv: number): number => {
  const rng = createRng(7);
  const [gaps, services] = [rng.fork('gaps'), rng.fork('services')];
  const free = new TinyQueue<number>(Array.from({ length: slots }, () => 0));
  const requests = 300_000;
  let now = 0;
  let waited = 0;
  for (let i = 0; i < requests; i++) {
    now += exponential(gaps, latencyMs / load);
    const startAt = Math.max(now, free.pop() ?? 0);
    waited += startAt - now;
    free.push(startAt + lognormalMean(services, latencyMs, cv));
  }
  return waited / requests;
};

describe('poissonQuantile', () => {
  it('gives the slots that a load of 20 needs', () => {
    expect([0.95, 0.99, 0.999].map((p) => poissonQuantile(20, p))).toEqual([28, 31, 35]);
  });

  it('is 0 without load, and does not underflow at thousands', () => {
    expect(poissonQuantile(0, 0.99)).toBe(0);
    expect(poissonQuantile(5000, 0.99)).toBeGreaterThan(5150);
    expect(poissonQuantile(5000, 0.99)).toBeLessThan(5180);
  });
});

describe('waiting for a slot', () => {
  const queue = (slots: number, latencyCv2: number) => ({
    slots,
    arrivalsPerSecond: 20 / 3.84,
    latencyMs: 3840,
    latencyCv2,
    arrivalCv2: 1,
  });

  it('is certain when the load fills the slots, and endless', () => {
    expect(erlangC(20, 20)).toBe(1);
    expect(meanSlotWaitMs({ ...queue(20, 1) })).toBe(Number.POSITIVE_INFINITY);
    expect(slotWaitQuantileMs({ ...queue(20, 1) }, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [22, 0.3],
    [22, 1],
    [25, 1],
  ])('with %i slots and CV %d agrees with a simulated queue within 16 %%', (slots, cv) => {
    const formula = meanSlotWaitMs(queue(slots, cv * cv));
    const simulated = simulatedWaitMs(slots, 20, 3840, cv);
    expect(Math.abs(formula / simulated - 1)).toBeLessThan(0.16);
  });

  it('has no quantile above 0 where most requests wait for nothing', () => {
    expect(slotWaitQuantileMs(queue(40, 1), 0.95)).toBe(0);
    expect(slotWaitQuantileMs(queue(22, 1), 0.95)).toBeGreaterThan(meanSlotWaitMs(queue(22, 1)));
  });
});

describe('arrivals in bursts', () => {
  /** Share that finds a slot free: gamma gaps of the given shape, a load of 40. */
  const startedAtOnce = (slots: number, shape: number): number => {
    const rng = createRng(5);
    const drawn = {
      arrivals: steadyArrivals(200_000, 20, shape, rng.fork('arrivals')),
      latencies: draws(200_000, 2000, 0.5, rng.fork('latency')),
      sizes: new Float64Array(200_000).fill(1),
    };
    const { waits } = serve({ buckets: [], slots }, drawn);
    return waits.filter((wait) => wait === 0).length / waits.length;
  };

  it.each([0.25, 0.5, 1, 4])('of shape %d need the slots that Hayward says', (shape) => {
    const z = peakedness(1 / shape, 0.5);
    const slots = slotsFor(40, 0.99, z);
    expect(startedAtOnce(slots, shape)).toBeGreaterThan(0.975);
    expect(startedAtOnce(slots, shape)).toBeLessThan(0.998);
    expect(1 - waitProbability(slots, 40, z)).toBeCloseTo(startedAtOnce(slots, shape), 1);
  });

  it('need more slots the burstier they are, and Poisson arrivals those of the Poisson quantile', () => {
    expect(peakedness(1, 0.7)).toBe(1);
    expect(slotsFor(20, 0.99)).toBe(31);
    expect(slotsFor(20, 0.99, 3)).toBeGreaterThan(31);
  });
});
