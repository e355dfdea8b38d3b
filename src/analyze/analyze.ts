import type { KnownLimit } from '../core/known-limit.ts';
import { boundOf } from '../measure/bound.ts';
import type { LevelSummary } from '../measure/level-summary.ts';
import { formatSlo } from '../measure/slo.ts';
import { inadmissible } from './admission.ts';
import { edgeWarnings } from './burst-warnings.ts';
import { CRITERIA, type Criteria } from './criteria.ts';
import { judgeHealth, littleResidualOf } from './health.ts';
import { unloadedOf } from './level-point.ts';
import { boundsOf } from './limits.ts';
import { noAnswer } from './no-answer.ts';
import { goodputOf } from './noise.ts';
import { asCap, onlineOpinion } from './online.ts';
import type { HarnessOverhead, LevelFacts, LevelReport, Meta, Reference, SweepReport } from './report.ts';
import { sloWarnings } from './slo-warnings.ts';
import { validityOf } from './validity.ts';
import { verdictOf } from './verdict.ts';
import { warnings } from './warnings.ts';

/** What a sweep left behind, besides its requests. */
export interface SweepFacts {
  readonly meta: Meta;
  readonly levels: readonly LevelFacts[];
  readonly overhead: HarnessOverhead | null;
  /** Model time ÷ real time. */
  readonly speed: number;
  /** Rate limits that are known of the endpoint. */
  readonly limits?: readonly KnownLimit[];
  /** A short sequential run that served as level 1, if level 1 was not among the levels. */
  readonly referenceRun: LevelSummary | undefined;
  /** The bounds to judge by; the defaults if there are none. */
  readonly criteria?: Criteria;
}

const CUT_SHORT = { because: 'it was cut short' };
/** What goes without saying where a limiter leaves slots unused on purpose. */
const OF_FULL_SLOTS: ReadonlySet<string> = new Set(['drain', 'under-delivered']);

const SATURATED = { because: 'this machine was the bottleneck, so it is not a result' };

/** Adds judgement to measurements. Pure: the same records and facts give the same report, byte for byte. */
export const analyze = (summaries: readonly LevelSummary[], facts: SweepFacts): SweepReport => {
  const { overhead, speed, criteria = CRITERIA } = facts;
  const factsOf = (summary: LevelSummary) => facts.levels.find(({ level }) => level === summary.level);
  // A level that was cut short says nothing about the level: only complete ones are judged.
  const complete = summaries.filter((summary) => factsOf(summary)?.complete);
  const saturated = criteria.allowSaturated
    ? []
    : complete
        .filter((summary) => judgeHealth({ ...summary, ...factsOf(summary) }, speed).state === 'invalid')
        .map(({ level }) => level);
  const reference = referenceOf(complete, facts.referenceRun);
  const valid = complete.filter(({ level }) => !saturated.includes(level));
  const bounds = boundsOf(valid, criteria);
  const unloaded = unloadedOf(valid, bounds);
  const levels = summaries.map((summary): LevelReport => {
    const known = factsOf(summary);
    const isValid = !saturated.includes(summary.level);
    const judged = isValid ? unloaded && inadmissible(summary, unloaded, bounds) : SATURATED;
    const refusal = known?.complete ? judged : CUT_SHORT;
    const speedUp = reference ? summary.rates.achievedPerSecond / reference.throughputPerSecond : null;
    return {
      ...summary,
      ...inOrder(known),
      speedUp,
      efficiency: speedUp === null ? null : speedUp / summary.level,
      bound: known?.complete ? boundOf(summary, facts.limits ?? []) : null,
      admissible: !refusal,
      ...(refusal ? { inadmissibleBecause: refusal.because } : {}),
      valid: isValid,
      goodput: goodputOf(summary),
      littleResidual: littleResidualOf(summary),
    };
  });
  const adaptive = facts.meta['adaptive'];
  const verdict = verdictOf(complete, criteria, saturated);
  const spot = adaptive === undefined ? verdict : asCap(verdict, String(adaptive), complete);
  // A search keeps its probes short on purpose, and judges them by what their drain does not touch.
  const isSearch = facts.meta['search'] !== undefined;
  const online = adaptive === undefined ? undefined : onlineOpinion(String(adaptive), complete);
  const caveats = [
    ...edgeWarnings(spot, levels),
    ...sloWarnings(levels, criteria.slo),
    ...warnings({
      levels,
      spot,
      overhead,
      speed,
      couldBeLeaner: facts.meta['transport'] === 'default',
    }),
  ].filter(({ code }) => !(isSearch && code === 'drain') && !(adaptive && OF_FULL_SLOTS.has(code)));
  const { tolerance, maxFailures, maxRetryOverhead, maxLatencyFactor, slo } = criteria;
  return {
    schema: 'bench.sweep/1',
    meta: facts.meta,
    levels,
    reference,
    overhead: overhead && pick(overhead, ['perCallRealMs', 'perCallMs', 'calls']),
    criteria: {
      tolerance,
      maxFailures,
      maxRetryOverhead,
      maxLatencyFactor,
      slo: slo.length > 0 ? formatSlo(slo) : null,
    },
    sweetSpot: spot,
    validity: validityOf(spot, saturated, { speed, load: summaries[0]?.load ?? 'closed' }),
    ...(online ? { online } : {}),
    warnings:
      spot || complete.length === 0 || saturated.length === complete.length
        ? caveats
        : [
            noAnswer(
              levels.filter((level) => level.complete && level.valid),
              criteria,
            ),
            ...caveats,
          ],
  };
};

/**
 * A level's facts with their keys in one order, wherever they come from: the report of a live run and the one rendered again
 * from disk must not differ in a byte. A level without facts was never finished.
 */
const inOrder = (facts: LevelFacts | undefined): Omit<LevelFacts, 'level'> => ({
  complete: facts?.complete ?? false,
  ...(facts?.health
    ? {
        health: {
          ...pick(facts.health, ['cpuCores', 'eventLoopUtilization', 'eventLoopDelayP99RealMs']),
          ...(facts.health.clockStepRealMs === undefined ? {} : pick(facts.health, ['clockStepRealMs'])),
        },
      }
    : {}),
  ...(facts?.cooldown ? { cooldown: pick(facts.cooldown, ['waitedMs', 'because']) } : {}),
  ...(facts?.ledger ? { ledger: pick(facts.ledger, ['attempts', 'ok', 'rateLimited']) } : {}),
  ...(facts?.mockLatenessP99RealMs === undefined
    ? {}
    : { mockLatenessP99RealMs: facts.mockLatenessP99RealMs }),
});

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;

const referenceOf = (levels: readonly LevelSummary[], run: LevelSummary | undefined): Reference | null => {
  const tested = levels.find(({ level, load }) => level === 1 && load === 'closed');
  const source = tested ?? run;
  if (!source || source.rates.achievedPerSecond === 0) return null;
  return {
    level: 1,
    throughputPerSecond: source.rates.achievedPerSecond,
    requests: source.counts.requests,
    because: tested
      ? 'level 1 of this sweep'
      : `${source.counts.requests} calls in sequence, measured before the levels (level 1 was not among them)`,
  };
};
