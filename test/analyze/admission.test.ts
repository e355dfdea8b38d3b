import { describe, expect, it } from 'vitest';
import { inadmissible } from '../../src/analyze/admission.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { failureShare } from '../../src/analyze/level-point.ts';
import { level } from './levels.ts';

const unloaded = level(1, { perSecond: 0.26, p95: 4000 });
const breach = (traits: Parameters<typeof level>[1]) => inadmissible(level(20, traits), unloaded)?.breach;

describe('inadmissible', () => {
  it('refuses nothing of a flawless level', () => {
    expect(breach({ perSecond: 5 })).toBeUndefined();
  });

  it('allows 1 % of failures, of the requests that ended one way or the other', () => {
    expect(breach({ perSecond: 5, ok: 495, failed: 5 })).toBeUndefined();
    expect(breach({ perSecond: 5, ok: 494, failed: 6 })).toBe('failures');
    expect(failureShare(level(20, { perSecond: 5, ok: 99, failed: 1, cancelled: 900 }))).toBe(0.01);
  });

  it('makes nothing of one failure among fewer than a hundred requests, unless they are very few', () => {
    expect(breach({ perSecond: 5, ok: 59, failed: 1 })).toBeUndefined();
    expect(breach({ perSecond: 5, ok: 58, failed: 2 })).toBe('failures');
    expect(breach({ perSecond: 5, ok: 9, failed: 1 })).toBe('failures');
  });

  it('allows 10 % of slot time for retries', () => {
    expect(breach({ perSecond: 5, overhead: 0.1 })).toBeUndefined();
    expect(breach({ perSecond: 5, overhead: 0.1001 })).toBe('retries');
  });

  it('counts what retries come to once the bucket is empty: attempts, or slot time where each waits for long', () => {
    const bounds = { ...CRITERIA, perRetryMs: 20_000, perCallMs: 4000 };
    const judged = (allowedPerSecond: number, perRetryMs = 20_000) =>
      inadmissible(level(20, { perSecond: 5 }), unloaded, { ...bounds, allowedPerSecond, perRetryMs });
    expect(judged(4)?.because).toBe(
      'it spends about 20 % of its slot time on retries once a full bucket is used up, since 4.00/s last and its calls would take more',
    );
    expect(judged(4, 2000)?.because).toBe(
      'it needs about 1.50 attempts per success once a full bucket is used up, since 4.00/s last and its calls would take more',
    );
    expect(judged(4.6)).toBeUndefined();
  });

  it('speaks of windows where the limit counts by them', () => {
    const bounds = { ...CRITERIA, allowedPerSecond: 4, countsByWindows: true };
    const pressed = { ...level(20, { perSecond: 5 }), sustained: false };
    expect(inadmissible(pressed, unloaded, bounds)?.because).toBe(
      'its 5.00 ok/s are more than the 4.00/s that the endpoint lets last: no window was used up yet',
    );
    expect(
      inadmissible(pressed, unloaded, { ...bounds, perRetryMs: 2000, perCallMs: 4000 })?.because,
    ).toContain('once a window is used up');
  });

  it('allows less than 10 % of extra attempts and refuses more', () => {
    expect(breach({ perSecond: 5, failedAttempts: { 'rate-limited': 49 } })).toBeUndefined();
    expect(breach({ perSecond: 5, failedAttempts: { 'rate-limited': 51 } })).toBe('retries');
  });

  // 550 / 500 − 1 is 0.10000000000000009.
  it('allows exactly 10 % of extra attempts', () => {
    expect(breach({ perSecond: 5, failedAttempts: { 'rate-limited': 50 } })).toBeUndefined();
  });

  describe('where it is known what retries cost once every slot had its first request', () => {
    const settled = (attemptsPerSuccess: number, retryOverhead: number) => ({
      requests: 480,
      attemptsPerSuccess,
      retryOverhead,
    });
    const failedAttempts = { 'rate-limited': 300 };

    it('judges by that, and not by the start', () => {
      expect(
        breach({ perSecond: 5, overhead: 0.4, failedAttempts, settled: settled(1.02, 0.01) }),
      ).toBeUndefined();
      expect(breach({ perSecond: 5, settled: settled(1.2, 0) })).toBe('retries');
      expect(breach({ perSecond: 5, settled: settled(1, 0.2) })).toBe('retries');
    });

    it('allows exactly 10 % of either', () => {
      expect(breach({ perSecond: 5, settled: settled(550 / 500, 0.1) })).toBeUndefined();
      expect(breach({ perSecond: 5, settled: settled(1.1001, 0.1) })).toBe('retries');
      expect(breach({ perSecond: 5, settled: settled(1.1, 0.1001) })).toBe('retries');
    });

    it('says what the table says: the slot time if that is what is too much, else the attempts', () => {
      const because = (overhead: number, attempts: number) => {
        const judged = level(20, {
          perSecond: 5,
          overhead,
          failedAttempts,
          settled: settled(attempts, overhead),
        });
        return inadmissible(judged, unloaded)?.because;
      };
      expect(because(0.05, 1.25)).toBe('it makes 1.60 attempts per success (300 answers with 429)');
      expect(because(0.5, 1.25)).toBe(
        'it spends 50 % of its slot time on retries (1.60 attempts per success, 300 answers with 429)',
      );
    });
  });

  it('says once settled, where only then the retries are too many', () => {
    const because = (attemptsPerSuccess: number, retryOverhead: number) =>
      inadmissible(
        level(20, {
          perSecond: 5,
          overhead: 0.091,
          failedAttempts: { 'rate-limited': 15 },
          settled: { requests: 480, attemptsPerSuccess, retryOverhead },
        }),
        unloaded,
      )?.because;
    expect(because(1.035, 0.11)).toBe(
      'it spends 11 % of its slot time on retries once it has settled (9.1 % over all of it)',
    );
    expect(because(1.12, 0.05)).toBe(
      'it makes 1.12 attempts per success once it has settled (1.03 over all of it)',
    );
  });

  it('allows twice the p95 of the least loaded level', () => {
    expect(breach({ perSecond: 5, p95: 8000 })).toBeUndefined();
    expect(breach({ perSecond: 5, p95: 8001 })).toBe('latency');
  });

  it('does not judge latency by a percentile that the sample does not hold', () => {
    expect(breach({ perSecond: 5, p95: null })).toBeUndefined();
    const few = level(1, { perSecond: 0.26, p95: null });
    expect(inadmissible(level(20, { perSecond: 5, p95: 90_000 }), few)).toBeUndefined();
  });

  it('names the gravest breach', () => {
    const failedAttempts = { server: 400 };
    expect(breach({ perSecond: 5, ok: 0, failed: 9, failedAttempts })).toBe('nothing-succeeded');
    expect(breach({ perSecond: 5, ok: 400, failed: 100, failedAttempts, p95: 90_000 })).toBe('failures');
    expect(breach({ perSecond: 5, failedAttempts, p95: 90_000 })).toBe('retries');
  });

  it('says why in words', () => {
    expect(inadmissible(level(20, { perSecond: 5, ok: 400, failed: 100 }), unloaded)?.because).toBe(
      '20 % of the requests fail',
    );
    expect(
      inadmissible(level(20, { perSecond: 5, overhead: 0.25, failedAttempts: { server: 250 } }), unloaded)
        ?.because,
    ).toBe('it spends 25 % of its slot time on retries (1.50 attempts per success)');
    expect(
      inadmissible(level(20, { perSecond: 5, overhead: 0.05, failedAttempts: { server: 125 } }), unloaded)
        ?.because,
    ).toBe('it makes 1.25 attempts per success');
    expect(inadmissible(level(20, { perSecond: 5, p95: 9000 }), unloaded)?.because).toBe(
      'p95 is 9.00 s, 2.25 times that of 1 at once',
    );
  });
});
