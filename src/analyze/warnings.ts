import { FAILURES, type FailureKind } from '../core/failure.ts';
import { formatDuration, formatNumber, formatPercent } from '../core/units.ts';
import { dropped, lateStarts } from './arrival-warnings.ts';
import { burstWarnings } from './burst-warnings.ts';
import { judgeHealth, relief, typicalLatency } from './health.ts';
import { failureShare } from './level-point.ts';
import { pointText } from './point.ts';
import type { HarnessOverhead, LevelReport, Warning } from './report.ts';
import type { SweetSpot } from './verdict.ts';

/** Everything a warning may look at. */
export interface Evidence {
  readonly levels: readonly LevelReport[];
  /** The answer; `null` where no level can be recommended. */
  readonly spot: SweetSpot | null;
  readonly overhead: HarnessOverhead | null;
  /** How much faster than real time the model's clock runs. */
  readonly speed: number;
  /** The client could cost less: it is an SDK over its own fetch. */
  readonly couldBeLeaner?: boolean;
}

const IDLE_SHARE = 0.1;
/** Of the level: fewer in flight is another level. */
const DELIVERED = 0.95;
const LITTLE_RESIDUAL = 0.05;
const OVERHEAD_SHARE = 0.02;
const MOCK_LATENESS_SHARE = 0.05;

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
    const { level } = report;
    const { state, because } = judgeHealth(report, speed);
    if (state === 'good') return undefined;
    const verdict =
      state === 'invalid'
        ? 'this machine was the bottleneck, so the level is not a result'
        : 'this machine was close to being the bottleneck';
    return {
      code: state === 'invalid' ? 'client-saturated' : 'client-bound',
      level,
      message: `At ${pointText(report)} ${verdict}: ${because}.`,
      hint: relief(speed, couldBeLeaner),
    };
  },
  function underDelivered(report) {
    const { level, load, steady, complete, items } = report;
    if (!complete || load === 'open' || !steady || steady.inFlight >= level * DELIVERED) return undefined;
    return {
      code: 'under-delivered',
      level,
      message: `At ${pointText(report)} only ${formatNumber(steady.inFlight)} calls were in flight on average.`,
      hint: items
        ? 'Calls of an item wait for one another, and the last items leave slots empty: use more --requests.'
        : 'Look for what holds calls back on this side: a limiter with a cap, or a machine that is too slow.',
    };
  },
  function offLittle(report) {
    const { level, complete, littleResidual: residual } = report;
    if (!complete || residual === null || Math.abs(residual) <= LITTLE_RESIDUAL) return undefined;
    return {
      code: 'little-residual',
      level,
      message: `At ${pointText(report)} throughput × latency misses the calls in flight by ${formatPercent(Math.abs(residual))}: starts were held back on this side, or records are missing.`,
      hint: 'Run this level again on an idle machine before relying on it.',
    };
  },
  function tooFew(report) {
    const { level, complete, metrics, counts } = report;
    const p95 = metrics.serviceTime?.p95;
    if (!complete || counts.ok === 0 || (p95 !== null && p95 !== undefined)) return undefined;
    return {
      code: 'too-few-samples',
      level,
      message: `At ${pointText(report)} ${counts.ok} ${counts.ok === 1 ? 'success is' : 'successes are'} too few for a p95, so latency was not judged.`,
      hint: 'Use --requests 100 or more.',
    };
  },
  function clockStep(report) {
    const { level, health } = report;
    const step = health?.clockStepRealMs;
    if (step === undefined) return undefined;
    return {
      code: 'clock-step',
      level,
      message: `At ${pointText(report)} the wall clock moved by ${formatDuration(Math.abs(step))} against the steady one: it was set, or the machine slept.`,
      hint: 'Keep the machine awake and run this level again.',
    };
  },
  (level, { speed }) => lateStarts(level, speed),
  dropped,
  function mockLate(report, { speed }) {
    const { level, mockLatenessP99RealMs: late } = report;
    const typical = typicalLatency(report);
    if (late === undefined || typical === undefined || late * speed <= typical * MOCK_LATENESS_SHARE)
      return undefined;
    return {
      code: 'mock-late',
      level,
      message: `At ${pointText(report)} the mock itself answered up to ${formatDuration(late * speed)} late at p99 (${formatNumber(late)} ms of real time).`,
      hint: relief(speed),
    };
  },
];

/** Every caveat the figures deserve, run-wide ones first, then by level in the order of the sweep. */
export const warnings = (evidence: Evidence): readonly Warning[] => {
  const { levels, spot, overhead, speed } = evidence;
  const found: Warning[] = [];
  const typical = levels.map(typicalLatency).find((value) => value !== undefined);
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
  found.push(...burstWarnings(levels, spot));
  for (const level of levels) {
    for (const rule of RULES) {
      const warning = rule(level, evidence);
      if (warning) found.push(warning);
    }
  }
  return found;
};
