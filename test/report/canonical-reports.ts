import type { SweepReport } from '../../src/analyze/report.ts';
import { levelReport, metric, sweepReport, verdict } from '../support/report-fixtures.ts';

/** The realistic sweep: guide G1 of the workloads, where 30 at once meets the rate limit. */
export const fiveLevels = (overrides: Partial<SweepReport> = {}): SweepReport =>
  sweepReport({
    levels: [
      levelReport({ level: 1, wallClockMs: 1_925_000 }),
      levelReport({ level: 5, wallClockMs: 386_000, cooldown: COOLDOWN }),
      levelReport({ level: 10, wallClockMs: 194_000, cooldown: COOLDOWN }),
      levelReport({ level: 20, wallClockMs: 100_000, cooldown: COOLDOWN }),
      levelReport({
        level: 30,
        wallClockMs: 88_000,
        counts: {
          requests: 500,
          ok: 498,
          failed: 2,
          dropped: 0,
          cancelled: 0,
          attempts: 612,
          rateLimited: 113,
        },
        failures: { 'rate-limited': 1, reset: 1 },
        failedAttempts: { 'rate-limited': 113, reset: 1 },
        retryOverhead: 0.11,
        metrics: {
          serviceTime: metric(4020, 9100, 14_200),
          attemptTime: metric(3850),
          responseTime: metric(4020),
        },
        cooldown: COOLDOWN,
        admissible: false,
        inadmissibleBecause: '11 % of its slot time goes into retries (1.23 attempts per success)',
      }),
    ],
    reference: { level: 1, throughputPerSecond: 0.26, requests: 500, because: 'level 1 of this sweep' },
    sweetSpot: verdict({
      level: 20,
      reason: 'rate-limit',
      because:
        '20: 30 is 13 % faster in throughput but spends 11 % of its slot time on retries (1.23 attempts per success, 113 answers with 429)',
      nextLevel: 30,
    }),
    warnings: [
      {
        code: 'drain',
        level: 30,
        message:
          'At 30 at once 12 % of the slots’ time was idle, mostly while the last of 500 requests ran out: a longer batch would show more throughput.',
        hint: 'Use --requests 1000.',
      },
    ],
    ...overrides,
  });

const COOLDOWN = { waitedMs: 9_600, because: 'until the mock said that its buckets are full again' };

/** One level only, so nothing to compare it with. */
export const oneLevel = (): SweepReport =>
  sweepReport({
    levels: [levelReport({ level: 20, wallClockMs: 100_000 })],
    reference: {
      level: 1,
      throughputPerSecond: 0.26,
      requests: 20,
      because: '20 calls in sequence, measured before the levels (level 1 was not among them)',
    },
    sweetSpot: verdict({
      level: 20,
      reason: 'only-level',
      because: '20: it is the only level tested. Next: --levels 20,30,40',
      nextLevel: null,
    }),
  });

/** A wrong key: nothing succeeded at any level. */
export const allFailed = (): SweepReport =>
  sweepReport({
    levels: [1, 5].map((level) =>
      levelReport({
        level,
        wallClockMs: 900,
        counts: {
          requests: 500,
          ok: 0,
          failed: 500,
          dropped: 0,
          cancelled: 0,
          attempts: 500,
          rateLimited: 0,
        },
        failures: { unauthorized: 480, server: 20 },
        failedAttempts: { unauthorized: 480, server: 20 },
        retryOverhead: 1,
        metrics: {},
        speedUp: null,
        admissible: false,
        inadmissibleBecause: 'no request succeeded',
      }),
    ),
    warnings: [
      {
        code: 'no-sweet-spot',
        message: 'No level can be recommended: already at 1 at once no request succeeded.',
        hint: 'Look at the failures and at the endpoint first.',
      },
      ...[1, 5].map((level) => ({
        code: 'failures',
        level,
        message: `At ${level} at once 100 % of the requests failed in the end.`,
        hint: 'Failed requests cost time but are no work done; compare wall-clocks only between levels that fail alike.',
      })),
    ],
  });

/** Figures far outside of what any cell was made for. */
const hugeNumbers = (): SweepReport =>
  sweepReport({
    levels: [1, 10_000].map((level) =>
      levelReport({
        level,
        wallClockMs: 1e18,
        counts: {
          requests: 2e15,
          ok: 1e15,
          failed: 1e15,
          dropped: 0,
          cancelled: 0,
          attempts: 1e15,
          rateLimited: 1e15,
        },
        rates: {
          offeredPerSecond: 1e300,
          achievedPerSecond: level * 1e300,
          goodputPerSecond: 1e300,
          attemptsPerSecond: 1e300,
          outputTokensPerSecond: 1e300,
        },
        speedUp: level * 1e9,
        metrics: { serviceTime: metric(1e15), attemptTime: metric(1e15) },
      }),
    ),
  });

/** As many levels as a thorough search has. */
export const fiftyLevels = (): SweepReport =>
  sweepReport({
    levels: Array.from({ length: 50 }, (_, index) => {
      const level = index + 1;
      const perSecond = Math.min(level * 0.26, 5.7);
      return levelReport({
        level,
        wallClockMs: 500_000 / perSecond,
        admissible: level <= 25,
        ...(level > 25 ? { inadmissibleBecause: `${level - 20} % of its slot time goes into retries` } : {}),
        ...(level > 25 ? { failedAttempts: { 'rate-limited': level * 4 } } : {}),
      });
    }),
    sweetSpot: verdict({
      level: 22,
      reason: 'plateau',
      because: '22: throughput levels off: 23 is no faster in throughput',
      nextLevel: 23,
    }),
    warnings: Array.from({ length: 25 }, (_, index) => ({
      code: 'drain',
      level: index + 26,
      message: `At ${index + 26} at once 12 % of the slots' time was idle.`,
      hint: `Use --requests ${(index + 26) * 18}.`,
    })),
  });

/** Stopped by Ctrl-C in the middle of the third level. */
export const interrupted = (): SweepReport => {
  const whole = fiveLevels();
  return {
    ...whole,
    meta: { ...whole.meta, status: 'interrupted' },
    levels: whole.levels
      .slice(0, 3)
      .map((level, index) => (index === 2 ? { ...level, complete: false } : level)),
    sweetSpot: verdict({
      level: 5,
      reason: 'plateau',
      because: '5: throughput levels off: 10 is no faster in throughput',
      nextLevel: 10,
    }),
    warnings: [
      {
        code: 'level-incomplete',
        level: 10,
        message: '10 at once was cut short after 212 requests: its figures describe only those.',
        hint: 'Run this level again before relying on it.',
      },
    ],
  };
};

/** Nothing known that need not be: no reference, no overhead, no percentile, bare meta. */
export const nullsEverywhere = (): SweepReport =>
  sweepReport({
    meta: {},
    overhead: null,
    levels: [1, 2].map((level) =>
      levelReport({
        level,
        wallClockMs: 0,
        counts: { requests: 0, ok: 0, failed: 0, dropped: 0, cancelled: 0, attempts: 0, rateLimited: 0 },
        attemptsPerSuccess: null,
        retryOverhead: null,
        speedUp: null,
        metrics: { serviceTime: metric(100, 100, 100, 1) },
      }),
    ),
  });

/** The canonical reports that every reporter must be able to render. */
export const REPORTS: Readonly<Record<string, () => SweepReport>> = {
  empty: () => sweepReport(),
  'one level': oneLevel,
  'five levels': fiveLevels,
  'all failed': allFailed,
  'huge numbers': hugeNumbers,
  'fifty levels': fiftyLevels,
  interrupted,
  'nulls everywhere': nullsEverywhere,
};
