import type { LevelSummary } from '../measure/level-summary.ts';
import type { Interval } from '../stats/interval.ts';
import { median } from '../stats/quantile.ts';

/** What a twin promises: predictions that are off by no more. */
export const PROMISED = 0.1;

/** A figure of a level as one run measured it, and as virtual runs of the twin give it. */
export interface PredictedFigure {
  readonly measured: number;
  /** 95 % interval of what was measured; `null` where the run does not tell it. */
  readonly interval: Interval | null;
  /** Median of the virtual runs. */
  readonly predicted: number;
  /** Smallest and largest of the virtual runs. */
  readonly range: Interval;
  /** Predicted ÷ measured − 1. */
  readonly offBy: number;
  /** `chance`: off by more than is promised, but so would the next run of the endpoint itself be, or another of the twin. */
  readonly verdict: 'close' | 'chance' | 'off';
}

/** A level that was measured beside what a twin predicts for it. */
export interface LevelPrediction {
  readonly level: number;
  /** The twin has not seen it. */
  readonly heldOut: boolean;
  readonly perSecond: PredictedFigure;
  /** `null` where the run was too short for a p95. */
  readonly p95: PredictedFigure | null;
  /** Virtual runs lie within what is promised of each other. */
  readonly isSteady: boolean;
}

const holds = ({ low, high }: Interval, value: number): boolean => low <= value && value <= high;

const figure = (measured: number, interval: Interval | null, virtual: readonly number[]): PredictedFigure => {
  const predicted = median(virtual);
  const range = { low: Math.min(...virtual), high: Math.max(...virtual) };
  const offBy = predicted / measured - 1;
  const explained = holds(range, measured) || (interval !== null && holds(interval, predicted));
  const verdict = Math.abs(offBy) <= PROMISED ? 'close' : explained ? 'chance' : 'off';
  return { measured, interval, predicted, range, offBy, verdict };
};

const isSteady = ({ range, predicted }: PredictedFigure): boolean =>
  (range.high - range.low) / predicted <= 2 * PROMISED;

/** Holds virtual runs of a level against the one that was measured. */
export const predictionOf = (
  real: LevelSummary,
  virtual: readonly LevelSummary[],
  heldOut: boolean,
): LevelPrediction => {
  const perSecond = figure(
    real.rates.achievedPerSecond,
    null,
    virtual.map(({ rates }) => rates.achievedPerSecond),
  );
  const tail = real.metrics.serviceTime;
  const tails = virtual.flatMap(({ metrics }) => metrics.serviceTime?.p95 ?? []);
  const p95 = tail?.p95 == null || tails.length === 0 ? null : figure(tail.p95, tail.p95Interval, tails);
  return {
    level: real.level,
    heldOut,
    perSecond,
    p95,
    isSteady: isSteady(perSecond) && (p95 === null || isSteady(p95)),
  };
};
