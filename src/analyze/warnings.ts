import { FAILURES, type FailureKind } from '../core/failure.ts';
import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { failureShare } from './admission.ts';
import { dropped, lateStarts } from './arrival-warnings.ts';
import { burstWarnings } from './burst-warnings.ts';
import { pointText } from './point.ts';
import type { HarnessOverhead, LevelReport, Warning } from './report.ts';

/** Everything a warning may look at. */
export interface Evidence {
  readonly levels: readonly LevelReport[];
  readonly overhead: HarnessOverhead | null;
  /** How much faster than real time the model's clock runs. */
  readonly speed: number;
  /** The client could cost less: it is an SDK over its own fetch. */
  readonly couldBeLeaner?: boolean;
}

const IDLE_SHARE = 0.1;
const LOOP_DELAY_REAL_MS = 20;
const LOOP_DELAY_SHARE = 0.1;
const LOOP_UTILIZATION = 0.7;
const CPU_CORES = 0.8;
const OVERHEAD_SHARE = 0.02;
const MOCK_LATENESS_SHARE = 0.05;

const latency = (level: LevelReport): number | undefined =>
  level.metrics.attemptTime?.p50 ?? level.metrics.attemptTime?.mean;

type Rule = (level: LevelReport, evidence: Evidence) => Warning | undefined;

/** One caveat each, asked of every level in turn. */
const RULES: readonly Rule[] = [
  function incomplete(report) {
    const { level, complete, counts } = report;
    if (complete) return undefined;
    return {
      code: 'level-incomplete',
      level,
      message: `${pointText(report)} was cut short after ${counts.requests} requests: its figures describe only those.`,
      hint: 'Run this level again before relying on it.',
    };
  },
  function ledgerMismatch(report) {
    const { level, ledger, counts, complete } = report;
    if (!ledger || !complete) return undefined;
    const { attempts, ok, rateLimited } = ledger;
    if (attempts === counts.attempts && ok === counts.ok && rateLimited === counts.rateLimited)
      return undefined;
    return {
      code: 'ledger-mismatch',
      level,
      message: `At ${pointText(report)} the mock counted ${attempts} attempts (${ok} ok, ${rateLimited} × 429) where ${counts.attempts} (${counts.ok} ok, ${counts.rateLimited} × 429) were measured.`,
      hint: 'Do not use this level; please report it with the run folder attached.',
    };
  },
  function failing(report) {
    if (report.counts.failed === 0) return undefined;
    const share = failureShare(report);
    const kinds = (Object.entries(report.failures) as [FailureKind, number][])
      .toSorted(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${count} × ${FAILURES[kind].label}`);
    return {
      code: 'failures',
      level: report.level,
      message: `At ${pointText(report)} ${formatPercent(share)} of the requests failed in the end: ${kinds.join(', ')}.`,
      hint: 'Failed requests cost time but are no work done; compare wall-clocks only between levels that fail alike.',
    };
  },
  function usageEstimated({ level, tokens }) {
    if (!tokens.estimated) return undefined;
    return {
      code: 'usage-estimated',
      level,
      message: `At ${level} at once some answers came without usage: their tokens, and what follows from them, are estimated at four characters each.`,
      hint: 'Compare token figures and costs with what the provider bills.',
    };
  },
  function draining(report) {
    const { level, slotTime, counts, complete } = report;
    if (!complete || level === 1 || slotTime.totalMs <= 0 || slotTime.idleMs / slotTime.totalMs <= IDLE_SHARE)
      return undefined;
    return {
      code: 'drain',
      level,
      message: `At ${pointText(report)} ${formatPercent(slotTime.idleMs / slotTime.totalMs)} of the slots' time was idle, mostly while the last of ${counts.requests} requests ran out: a longer batch would show more throughput.`,
      hint: `Use --requests ${Math.max(18 * level, counts.requests * 2)}.`,
    };
  },
  function clientBound(report, { speed, couldBeLeaner }) {
    const { level, health } = report;
    const typical = latency(report);
    if (!health || typical === undefined) return undefined;
    const delayShare = (health.eventLoopDelayP99RealMs * speed) / typical;
    const busy = health.cpuCores > CPU_CORES || health.eventLoopUtilization > LOOP_UTILIZATION;
    if (!busy && health.eventLoopDelayP99RealMs <= LOOP_DELAY_REAL_MS && delayShare <= LOOP_DELAY_SHARE)
      return undefined;
    return {
      code: 'client-bound',
      level,
      message: `At ${pointText(report)} this process was the bottleneck or close to it: ${formatNumber(health.cpuCores)} cores busy, event loop late by ${formatNumber(health.eventLoopDelayP99RealMs)} ms of real time at p99 (${formatPercent(delayShare)} of the typical latency).`,
      hint:
        speed > 1
          ? `Use a smaller factor, for example --speed ${Math.max(1, Math.floor(speed / 2))}.`
          : `Use ${couldBeLeaner ? '--transport lean, which halves what a call costs the client, ' : ''}a faster or idle machine, or lower levels.`,
    };
  },
  (level, { speed }) => lateStarts(level, speed),
  dropped,
  function mockLate(report, { speed }) {
    const { level, mockLatenessP99RealMs: late } = report;
    const typical = latency(report);
    if (late === undefined || typical === undefined || late * speed <= typical * MOCK_LATENESS_SHARE)
      return undefined;
    return {
      code: 'mock-late',
      level,
      message: `At ${pointText(report)} the mock itself answered up to ${formatDuration(late * speed)} late at p99 (${formatNumber(late)} ms of real time).`,
      hint:
        speed > 1
          ? `Use a smaller factor, for example --speed ${Math.max(1, Math.floor(speed / 2))}, or an idle machine.`
          : 'Use an idle machine.',
    };
  },
];

/** Every caveat the figures deserve, run-wide ones first, then by level in the order of the sweep. */
export const warnings = (evidence: Evidence): readonly Warning[] => {
  const { levels, overhead, speed } = evidence;
  const found: Warning[] = [];
  const typical = levels.map(latency).find((value) => value !== undefined);
  if (overhead && typical !== undefined && overhead.perCallMs > typical * OVERHEAD_SHARE) {
    found.push({
      code: 'harness-overhead',
      message: `The harness itself adds ${formatDuration(overhead.perCallMs)} to each call, ${formatPercent(overhead.perCallMs / typical)} of the typical latency.`,
      hint:
        speed > 1
          ? `Use a smaller factor, for example --speed ${Math.max(1, Math.floor(speed / 2))}.`
          : 'Use longer calls or a faster machine.',
    });
  }
  found.push(...burstWarnings(levels));
  for (const level of levels) {
    for (const rule of RULES) {
      const warning = rule(level, evidence);
      if (warning) found.push(warning);
    }
  }
  return found;
};
