import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { pointText } from './point.ts';

/** What a level may cost before it is no longer recommended. */
export interface AdmissionLimits {
  /** Share of requests that may fail in the end. */
  readonly failures: number;
  /** Extra attempts per success, and share of slot time spent on retries. */
  readonly retries: number;
  /** p95 of the request latency, as a multiple of the least loaded level's. */
  readonly latencyFactor: number;
}

/**
 * The defaults. Of eleven definitions tried on seven kinds of server, the constrained rule with these bounds was the only
 * one that stayed sane on all of them (docs/metrics.md).
 */
const ADMISSION: AdmissionLimits = { failures: 0.01, retries: 0.1, latencyFactor: 2 };

/** What a level breaks, in the order in which it would matter to a user. */
export type Breach = 'nothing-succeeded' | 'failures' | 'retries' | 'latency';

/** Why a level is not recommended. */
export interface Inadmissible {
  readonly breach: Breach;
  /** Completes "at 30, …". */
  readonly because: string;
}

/** Share of the requests that were due and not stopped by us which failed, or were dropped by an open loop. */
export const failureShare = ({ counts: { ok, failed, dropped } }: LevelSummary): number => {
  const lost = failed + dropped;
  return lost === 0 ? 0 : lost / (ok + lost);
};

/** What retries cost once every slot has had its first request; over all requests where there are too few others. */
const retryCost = ({ settled, attemptsPerSuccess, retryOverhead }: LevelSummary) =>
  settled ?? { attemptsPerSuccess: attemptsPerSuccess ?? 1, retryOverhead: retryOverhead ?? 0 };

/** A ratio such as 550 / 500 − 1 may come out a bit above the 10 % that it is. */
const exceeds = (value: number, limit: number): boolean => value > limit + 1e-9;

/** "spends 19 % of its slot time on retries (1.80 attempts per success, 400 answers with 429)": the level as the table shows it. */
export const retryWords = (level: LevelSummary): string => {
  const attempts = `${formatNumber(level.attemptsPerSuccess ?? 1)} attempts per success`;
  const overhead = level.retryOverhead ?? 0;
  const limited = level.counts.rateLimited;
  const answers = limited > 0 ? `${limited.toLocaleString('en-US')} answers with 429` : '';
  return exceeds(overhead, ADMISSION.retries)
    ? `spends ${formatPercent(overhead)} of its slot time on retries (${[attempts, answers].filter(Boolean).join(', ')})`
    : `makes ${attempts}${answers && ` (${answers})`}`;
};

/** Whether a level may be recommended; `unloaded` is the least loaded level of the sweep. `undefined` means it may. */
export const inadmissible = (
  level: LevelSummary,
  unloaded: LevelSummary,
  limits: AdmissionLimits = ADMISSION,
): Inadmissible | undefined => {
  if (level.counts.ok === 0) return { breach: 'nothing-succeeded', because: 'no request succeeded' };
  const failures = failureShare(level);
  if (failures > limits.failures) {
    return { breach: 'failures', because: `${formatPercent(failures)} of the requests fail` };
  }
  const { attemptsPerSuccess, retryOverhead } = retryCost(level);
  if (exceeds(attemptsPerSuccess - 1, limits.retries) || exceeds(retryOverhead, limits.retries)) {
    return { breach: 'retries', because: `it ${retryWords(level)}` };
  }
  const p95 = level.metrics.serviceTime?.p95;
  const base = unloaded.metrics.serviceTime?.p95;
  if (typeof p95 === 'number' && typeof base === 'number' && p95 > base * limits.latencyFactor) {
    return {
      breach: 'latency',
      because: `p95 is ${formatDuration(p95)}, ${formatNumber(p95 / base)} times that of ${pointText(unloaded)}`,
    };
  }
  return undefined;
};
