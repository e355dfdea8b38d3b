import type { BlockSummary } from '../measure/level-summary.ts';
import { median } from '../stats/quantile.ts';
import { LEVEL_METRICS, RUN_METRICS } from './compare-metrics.ts';
import type { Judgement, LevelReport, SweepReport } from './report.ts';

/** Figures by the name of their metric; one that does not apply is missing. */
export type Figures = Readonly<Record<string, number>>;

/** What one level of a run, or the run as a whole, has to be compared by. */
export interface ComparedScope {
  /** `null`: the run as a whole. */
  readonly level: number | null;
  readonly values: Figures;
  /** The same of each repeat; of one that ran once, none. */
  readonly blocks: readonly Figures[];
}

/** The levels that the sweet spot may be, where repeats tell. */
export interface SpotRange {
  readonly low: number;
  readonly high: number;
}

/** A run reduced to what a comparison needs: a stored baseline is just this. */
export interface ComparedRun {
  /** In simulated time: the same seed gives the same figures, so that any difference is real. */
  readonly exact: boolean;
  /** What must be the same in both runs for a comparison to mean anything, by name. */
  readonly conditions: Readonly<Record<string, string>>;
  readonly scopes: readonly ComparedScope[];
  readonly spot: SpotRange | null;
}

/** Digits that are kept: another processor's last digits are no change, and a file with fewer reads better. */
const DIGITS = 8;

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

const figures = (read: readonly (readonly [name: string, value: number | null | undefined])[]): Figures =>
  Object.fromEntries(
    read.flatMap(([name, value]): [string, number][] =>
      typeof value === 'number' && Number.isFinite(value) ? [[name, rounded(value)]] : [],
    ),
  );

const ofBlock = (block: BlockSummary): Figures =>
  figures(
    Object.entries(LEVEL_METRICS).map(([name, metric]) => [
      name,
      'ofBlock' in metric ? metric.ofBlock(block) : undefined,
    ]),
  );

const ofLevel = (level: LevelReport, criteria: Judgement): ComparedScope => ({
  level: level.level,
  values: figures(Object.entries(LEVEL_METRICS).map(([name, metric]) => [name, metric.of(level, criteria)])),
  blocks: level.blocks.length > 1 ? level.blocks.map(ofBlock) : [],
});

/** Facts of a run that may differ without making it another experiment: who ran it when, how often, and what it could cost. */
const INCIDENTAL = new Set([
  'tool',
  'version',
  'node',
  'startedAt',
  'status',
  'command',
  'measured',
  'repeat',
  'timeUnit',
  'maxCostUsd',
]);

/** How much was measured at each level; where the report says it, without the levels and repeats that follow. */
const amountOf = ({ meta, levels }: SweepReport): string =>
  String(
    meta['measured'] ?? `${[...new Set(levels.map(({ counts }) => counts.requests))].join(', ')} requests`,
  ).replace(/ at each of .*$/, '');

const nodeMajor = (version: unknown): string => String(version).replace(/^v?(\d+).*$/, '$1');

const conditionsOf = (report: SweepReport, levels: readonly LevelReport[]): ComparedRun['conditions'] => ({
  ...Object.fromEntries(
    Object.entries(report.meta)
      .filter(([name]) => !INCIDENTAL.has(name))
      .map(([name, value]) => [name, String(value)]),
  ),
  node: nodeMajor(report.meta['node']),
  measured: amountOf(report),
  criteria: Object.entries(report.criteria)
    .map(([name, bound]) => `${name} ${bound ?? 'none'}`)
    .join(', '),
  levels: levels.map(({ level }) => level).join(', '),
});

const spotOf = ({ sweetSpot }: SweepReport): SpotRange | null => {
  const interval = sweetSpot?.interval;
  return interval ? { low: interval.low, high: interval.high } : null;
};

/**
 * Reduces a report to what is compared. `more` are conditions that a report does not hold, such as the machine. Levels that
 * were cut short, or that say more about the measuring machine, are left out, which shows in the condition `levels`.
 */
export const comparedRun = (
  report: SweepReport,
  more: Readonly<Record<string, string>> = {},
): ComparedRun => {
  const levels = report.levels
    .filter(({ complete, valid }) => complete && valid)
    .toSorted((a, b) => a.level - b.level);
  const whole = figures(Object.entries(RUN_METRICS).map(([name, metric]) => [name, metric.of(report)]));
  return {
    exact: report.meta['simulated'] !== undefined,
    conditions: { ...conditionsOf(report, levels), ...more },
    scopes: [
      { level: null, values: whole, blocks: [] },
      ...levels.map((level) => ofLevel(level, report.criteria)),
    ],
    spot: spotOf(report),
  };
};

/** The values of a figure in two lists of repeats that belong together one by one, where both have it. */
export const pairedValues = (
  base: readonly Figures[],
  next: readonly Figures[],
  name: string,
): { readonly before: readonly number[]; readonly after: readonly number[] } => {
  const pairs = base.flatMap((block, i): (readonly [number, number])[] => {
    const [a, b] = [block[name], next[i]?.[name]];
    return a === undefined || b === undefined ? [] : [[a, b]];
  });
  return { before: pairs.map(([a]) => a), after: pairs.map(([, b]) => b) };
};

/** Several runs of one experiment, seeds aside, as one run whose repeats they are. Throws for none. */
export const joinRuns = (runs: readonly ComparedRun[]): ComparedRun => {
  const first = runs[0];
  if (!first) throw new RangeError('nothing to join');
  const scopes = [...new Set(runs.flatMap((run) => run.scopes.map(({ level }) => level)))].map((level) => {
    // A run that lacks the level keeps its place, so that the others stay beside their partners.
    const blocks = runs.map(({ scopes: own }) => own.find((scope) => scope.level === level)?.values ?? {});
    const names = new Set(blocks.flatMap(Object.keys));
    const values = [...names].map((name) => {
      const all = blocks.flatMap((block) => block[name] ?? []);
      return [name, median(all)] as const;
    });
    return { level, values: figures(values), blocks };
  });
  const { seed: _varies, ...conditions } = first.conditions;
  return { exact: false, conditions, scopes, spot: null };
};
