import { formatNumber, formatPercent } from '../core/units.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { isPaced } from './level-point.ts';
import type { LevelHealth } from './report.ts';

/** How far this machine got into the way of what it measured. */
export interface HealthVerdict {
  /** `warn`: figures may be a few per cent off; `invalid`: they say more about this machine than about the endpoint. */
  readonly state: 'good' | 'warn' | 'invalid';
  /** The culprit in words, completes "at 30 at once …". */
  readonly because: string;
}

/**
 * Where figures begin to be off and where they are useless, measured against a server that takes a constant time: at an event
 * loop that is busy throughout and late by a fifth of the latency, p50 was 13 % too high; by two fifths, 61 %.
 */
const WARN = { loopUtilization: 0.7, cpuCores: 0.8, delayRealMs: 20, delayShare: 0.1 } as const;
const INVALID = { loopUtilization: 0.95, delayRealMs: 50, ofLatency: 0.05, delayShare: 0.25 } as const;

/** Typical latency of one attempt, model milliseconds. */
export const typicalLatency = ({ metrics }: LevelSummary): number | undefined =>
  metrics.attemptTime?.p50 ?? metrics.attemptTime?.mean;

/** Judges the process that measured a level; `speed` is model time ÷ real time. */
export const judgeHealth = (
  level: LevelSummary & { readonly health?: LevelHealth },
  speed: number,
): HealthVerdict => {
  const { health } = level;
  const latency = typicalLatency(level);
  if (!health || latency === undefined) return { state: 'good', because: '' };
  const { cpuCores, eventLoopUtilization, eventLoopDelayP99RealMs: delay } = health;
  const latencyRealMs = latency / speed;
  const delayShare = latencyRealMs > 0 ? delay / latencyRealMs : 0;
  const isInvalid =
    eventLoopUtilization > INVALID.loopUtilization ||
    delay > Math.max(INVALID.delayRealMs, INVALID.ofLatency * latencyRealMs) ||
    (delay > WARN.delayRealMs && delayShare > INVALID.delayShare);
  const isWarning =
    eventLoopUtilization > WARN.loopUtilization ||
    cpuCores > WARN.cpuCores ||
    delay > WARN.delayRealMs ||
    delayShare > WARN.delayShare;
  return {
    state: isInvalid ? 'invalid' : isWarning ? 'warn' : 'good',
    because: `${formatNumber(cpuCores)} cores busy, the event loop ${formatPercent(eventLoopUtilization)} of the time and late by ${formatNumber(delay)} ms of real time at p99 (${formatPercent(delayShare)} of the typical latency)`,
  };
};

/**
 * Throughput × mean time from free slot to end ÷ mean calls in flight − 1: zero where every slot was filled at once and every
 * record is there. A pacer fills slots late on purpose; there the time counts from the start. `null` where failures, which have
 * no latency, would show in it.
 */
export const littleResidualOf = (level: LevelSummary): number | null => {
  const { load, counts, rates, metrics, inFlight } = level;
  const cycle = (isPaced(level) ? metrics.serviceTime : metrics.responseTime)?.mean;
  if (load === 'open' || counts.ok < counts.requests || cycle === undefined || inFlight.mean <= 0)
    return null;
  return (rates.achievedPerSecond * cycle) / 1000 / inFlight.mean - 1;
};

/** What to try where this machine is the bottleneck; on the mock, time may pass more slowly. */
export const relief = (speed: number, couldBeLeaner = false): string =>
  speed > 1
    ? `Use a smaller factor, for example --speed ${Math.max(1, Math.floor(speed / 2))}.`
    : `Use ${couldBeLeaner ? '--transport lean, which halves what a call costs the client, ' : ''}a faster or idle machine, or lower levels.`;
