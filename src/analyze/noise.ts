import type { LevelSummary } from '../measure/level-summary.ts';
import { tQuantile } from '../stats/distributions.ts';
import { CONFIDENCE, type ConfidenceInterval, Z } from '../stats/interval.ts';
import { mean, standardErrorOfMean } from '../stats/moments.ts';
import { blocksOf, goodShare, throughputOf } from './level-point.ts';

/** Where the verdict's noise figure comes from: repeats, the spread of cycles within a level, or nothing better than a guess. */
export type NoiseSource = 'blocks' | 'cycles' | 'assumed';

/** Relative standard deviation of a throughput about which nothing better is known. */
const ASSUMED_NOISE = 0.05;

/** Standard error of the mean of repeats; none of a single one. */
export const standardError = (values: readonly number[]): number =>
  values.length > 1 ? standardErrorOfMean(values) : 0;

/** Standard errors of the levels' throughputs. */
export interface Noise {
  readonly source: NoiseSource;
  readonly blocks: number;
  /** Of the pooled variance; `undefined` where the errors count as known. */
  readonly degreesOfFreedom: number | undefined;
  /** Relative standard error of a level's throughput. */
  of(level: LevelSummary): number;
}

/** Relative standard error of one level's throughput from its cycles; the assumed one where it was too short for that. */
const withinRun = ({ steady }: LevelSummary): number | undefined =>
  steady && steady.perSecond > 0
    ? (steady.interval.high - steady.interval.low) / 2 / Z / steady.perSecond
    : undefined;

/**
 * Residual standard error of log X after level and block are taken out (X = level + block + e), pooled over levels, where
 * every repeated level was repeated equally often; a slow repeat then costs all its levels alike and decides nothing. A level that
 * ran once, as the sequential one does, has its own error.
 */
const pooledNoise = (levels: readonly LevelSummary[]): Noise | undefined => {
  const table = levels
    .map((level) => blocksOf(level).map(({ perSecond }) => Math.log(perSecond)))
    .filter((row) => row.length > 0);
  const blocks = table[0]?.length ?? 0;
  // A search repeats a level or two for what they tell of the limit: that is no measure of all.
  if (levels.length - table.length > Math.max(1, table.length)) return undefined;
  if (blocks < 2 || table.some((row) => row.length !== blocks)) return undefined;
  const levelMeans = table.map(mean);
  const grand = mean(levelMeans);
  const blockMeans = Array.from(
    { length: blocks },
    (_, b) => table.reduce((sum, row) => sum + (row[b] ?? 0), 0) / table.length,
  );
  const isAlone = table.length === 1;
  const residual = table.reduce(
    (sum, row, l) =>
      sum +
      row.reduce((rest, value, b) => {
        const expected = (levelMeans[l] ?? 0) + (isAlone ? 0 : (blockMeans[b] ?? 0) - grand);
        return rest + (value - expected) ** 2;
      }, 0),
    0,
  );
  const degreesOfFreedom = (blocks - 1) * Math.max(1, table.length - 1);
  const error = Math.sqrt(residual / degreesOfFreedom / blocks);
  return {
    source: 'blocks',
    blocks,
    degreesOfFreedom,
    of: (level) => (blocksOf(level).length > 0 ? error : (withinRun(level) ?? error * Math.sqrt(blocks))),
  };
};

/** Noise from repeats where there are as many of each repeated level, else from within the runs. */
export const noiseOf = (levels: readonly LevelSummary[]): Noise =>
  pooledNoise(levels) ?? {
    source: levels.every((level) => withinRun(level) !== undefined) ? 'cycles' : 'assumed',
    blocks: 1,
    degreesOfFreedom: undefined,
    of: (level) => withinRun(level) ?? ASSUMED_NOISE,
  };

/** Goodput of one level as the verdict uses it, with its 95 % interval and where that comes from. */
export interface Goodput extends ConfidenceInterval {
  readonly perSecond: number;
  readonly from: NoiseSource;
}

/** See `Goodput`: Student's t over repeats, the cycles' own interval for a single run, 5 % where neither is to be had. */
export const goodputOf = (level: LevelSummary): Goodput => {
  const blocks = blocksOf(level);
  const share = goodShare(level);
  if (blocks.length > 1) {
    const logs = blocks.map(({ perSecond }) => Math.log(perSecond));
    const centre = mean(logs);
    const half = tQuantile((1 + CONFIDENCE) / 2, logs.length - 1) * standardError(logs);
    const [perSecond, low, high] = [centre, centre - half, centre + half].map(
      (value) => Math.exp(value) * share,
    );
    return {
      perSecond: perSecond ?? 0,
      low: low ?? 0,
      high: high ?? 0,
      confidence: CONFIDENCE,
      from: 'blocks',
    };
  }
  const perSecond = throughputOf(level) * share;
  const error = withinRun(level);
  const half = Z * (error ?? ASSUMED_NOISE) * perSecond;
  return {
    perSecond,
    low: Math.max(0, perSecond - half),
    high: perSecond + half,
    confidence: CONFIDENCE,
    from: error === undefined ? 'assumed' : 'cycles',
  };
};
