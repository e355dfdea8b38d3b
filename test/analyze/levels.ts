import type { FailureKind } from '../../src/core/failure.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { measured, metric } from '../support/report-fixtures.ts';

/** What sets a level apart; everything else follows from it or is as in a flawless level. */
export interface Traits {
  /** Successes per second. */
  readonly perSecond: number;
  readonly ok?: number;
  readonly failed?: number;
  readonly cancelled?: number;
  /** Attempts that failed, by kind. */
  readonly failedAttempts?: Partial<Record<FailureKind, number>>;
  readonly overhead?: number;
  readonly settled?: LevelSummary['settled'];
  /** Of the request latency; `null` as where the sample is too small. */
  readonly p95?: number | null;
  readonly idleShare?: number;
}

/** A level's summary, consistent in its counts and rates. */
export const level = (number: number, traits: Traits): LevelSummary => {
  const { perSecond, ok = 500, failed = 0, cancelled = 0, overhead = 0, p95 = 4000, idleShare = 0 } = traits;
  const failedAttempts: Partial<Record<FailureKind, number>> = traits.failedAttempts ?? {};
  const wasted = Object.values(failedAttempts).reduce((sum, count) => sum + count, 0);
  const requests = ok + failed + cancelled;
  const wallClockMs = perSecond > 0 ? (ok / perSecond) * 1000 : 60_000;
  const totalMs = number * wallClockMs;
  const busyMs = totalMs * (1 - idleShare);
  const latency = metric(3500, p95 ?? 4000);
  return {
    level: number,
    ...measured(number, { perSecond, wallClockMs, ok }),
    steady: null,
    window: { fromMs: 0, toMs: wallClockMs },
    wallClockMs,
    counts: {
      requests,
      ok,
      failed,
      dropped: 0,
      cancelled,
      attempts: ok + wasted,
      rateLimited: failedAttempts['rate-limited'] ?? 0,
    },
    failures: failed > 0 ? { server: failed } : {},
    failedAttempts,
    rates: {
      offeredPerSecond: (requests / wallClockMs) * 1000,
      achievedPerSecond: perSecond,
      goodputPerSecond: perSecond,
      attemptsPerSecond: ((ok + wasted) / wallClockMs) * 1000,
      outputTokensPerSecond: perSecond * 30,
    },
    attemptsPerSuccess: ok > 0 ? (ok + wasted - (failedAttempts.cancelled ?? 0)) / ok : null,
    retryOverhead: overhead,
    settled: traits.settled ?? null,
    slotTime: {
      totalMs,
      serviceMs: busyMs * (1 - overhead),
      rejectedMs: 0,
      failedAttemptsMs: 0,
      cancelledMs: 0,
      backoffMs: busyMs * overhead,
      limiterMs: 0,
      idleMs: totalMs - busyMs,
    },
    waste: { attempts: wasted, inputTokens: 0, outputTokens: 0 },
    backoffPerSuccessMs: ok > 0 ? (busyMs * overhead) / ok : null,
    effectiveConcurrency: (busyMs * (1 - overhead)) / wallClockMs,
    inFlight: { mean: busyMs / wallClockMs, max: number },
    tokens: { input: 42 * ok, output: 30 * ok },
    metrics:
      ok > 0
        ? {
            serviceTime: { ...latency, p95 },
            attemptTime: latency,
            responseTime: { ...latency, mean: busyMs / ok },
          }
        : {},
  };
};
