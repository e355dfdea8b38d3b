import { describe, expect, it } from 'vitest';
import { summarize } from '../../src/measure/summarize.ts';
import { attempt, request } from '../support/record-fixtures.ts';

// Figures that would leave their range by the last bit if one part were taken as the difference of sums; they are printed
// into report.json as they are.
describe('the summary keeps its ranges to the last bit', () => {
  it('has no backoff below zero where a retry follows at once', () => {
    const { slotTime } = summarize(1, [request([attempt(0.4, 3, 'rate-limited'), attempt(3, 7.2)])]);
    expect(slotTime.backoffMs).toBe(0); // not −8.9e-16
  });

  it('has a retry overhead of at most 1 where everything failed', () => {
    const { retryOverhead } = summarize(3, [
      request([attempt(6.7, 14.4, 'server')], { level: 3 }),
      request([attempt(0.5, 1.7, 'server')], { level: 3 }),
    ]);
    expect(retryOverhead).toBe(1); // not 1.0000000000000002
  });

  it('has on average no more in flight than at most', () => {
    const { inFlight } = summarize(
      3,
      [0, 1, 2].map((index) => request([attempt(3.2, 6.1)], { level: 3, index })),
    );
    expect(inFlight.mean).toBeLessThanOrEqual(inFlight.max); // not 3.0000000000000004
  });

  it('has no idle time where every slot is busy from beginning to end', () => {
    const full = Array.from({ length: 30 }, (_, index) => {
      const start = 0.1 + 0.7 * Math.floor(index / 3);
      return request([attempt(start, 0.1 + 0.7 * (Math.floor(index / 3) + 1))], { level: 3, index });
    });
    expect(summarize(3, full).slotTime.idleMs).toBe(0);
  });
});
