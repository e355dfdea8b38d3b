import { describe, expect, it } from 'vitest';
import { drainTail, requestsAgainstDrain } from '../../src/stats/drain.ts';
import { closedLoop, meanOver } from '../support/closed-loop.ts';

describe('the drain of a fixed batch', () => {
  // The column "D/L formula" of methods.md 3.1.
  it.each([
    [0.3, 5, 0.45],
    [0.3, 20, 0.79],
    [0.3, 30, 0.88],
    [0.3, 100, 1.13],
    [0.6, 30, 1.81],
    [1, 30, 4.24],
  ])('at a spread of %f and level %i is %f latencies', (cv, level, latencies) => {
    expect(Math.abs(drainTail(level, cv) - latencies)).toBeLessThan(0.03);
  });

  // Measured: the makespan of seeded batches over their ideal, in latencies; the formula comes near it from 15 requests a slot.
  it.each([
    [0.3, 20, 500],
    [0.3, 30, 500],
    [0.6, 30, 500],
  ])('is what batches lose (spread %f, level %i, %i requests)', (cv, level, requests) => {
    const lost = meanOver(100, (seed) => {
      const records = closedLoop({ level, requests, cv, seed });
      const work = records.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
      return (Math.max(...records.map(({ endedAt }) => endedAt)) - work / level) / 1000;
    });
    expect(lost / drainTail(level, cv)).toBeGreaterThan(0.9);
    expect(lost / drainTail(level, cv)).toBeLessThan(1.12);
  });

  it.each([
    [0.3, 18],
    [0.6, 36],
    [1, 85],
  ])('stays below 5 %% with about this many requests a slot: spread %f, %i', (cv, perSlot) => {
    expect(requestsAgainstDrain(30, cv) / (30 * perSlot)).toBeCloseTo(1, 1);
  });

  it('is nothing for one slot, and half a latency at most where all calls are alike', () => {
    expect(drainTail(1, 0.3)).toBe(0);
    expect(requestsAgainstDrain(1, 0.3)).toBe(0);
    expect(drainTail(1000, 0)).toBeCloseTo(0.5, 2);
  });
});
