import { holm } from '../stats/comparison.ts';
import { type ConditionDifference, conditionDifferences } from './compare-conditions.ts';
import {
  type ChangeEstimate,
  estimateChange,
  repeatsNeeded,
  smallestP,
  smallestVisible,
} from './compare-estimate.ts';
import { type ComparisonVerdict, judgeByInterval, judgeExactly, overall } from './compare-judgement.ts';
import {
  COMPARED_METRIC_NAMES,
  type ComparedMetric,
  type ComparedMetricName,
  comparedMetric,
} from './compare-metrics.ts';
import { type ComparedRun, type ComparedScope, pairedValues } from './compare-run.ts';

/** How two runs were held against each other. */
export type ComparisonMethod = 'exact' | 'paired' | 'unpaired' | 'single';

/** One figure of one level in both runs. */
export interface ComparisonFinding {
  /** `null`: of the run as a whole. */
  readonly level: number | null;
  readonly metric: ComparedMetricName;
  readonly verdict: ComparisonVerdict;
  readonly base: number;
  readonly next: number;
  /** As ratio − 1, or as difference, by the metric's kind; `null` where the ratio is one to nothing. */
  readonly change: number | null;
  readonly interval: { readonly low: number; readonly high: number; readonly confidence: number } | null;
  /** Holm's, over all figures of the comparison, or the fresh pairs' own where these confirmed it; `null` where no test is possible. */
  readonly p: number | null;
  /** The smallest change that would have been seen four times out of five; `null` where none would. */
  readonly smallestVisible: number | null;
}

/** The result of a comparison. Published as a JSON Schema. */
export interface Comparison {
  readonly schema: 'bench.compare/1';
  readonly method: ComparisonMethod;
  readonly verdict: ComparisonVerdict;
  /** Relative change that matters. */
  readonly threshold: number;
  readonly confidence: number;
  readonly repeats: { readonly base: number; readonly next: number };
  /** Repeats on each side from which on a change can show at all among so many figures; `null` if there are enough. */
  readonly repeatsNeeded: number | null;
  /** What was not alike and was compared all the same. */
  readonly differences: readonly ConditionDifference[];
  readonly findings: readonly ComparisonFinding[];
  /** What to know about how it came about, in sentences. */
  readonly notes: readonly string[];
}

/** How to compare. */
export interface CompareOptions {
  readonly threshold: number;
  readonly confidence: number;
  /** The repeats belong together two by two, whatever the seeds. */
  readonly paired?: boolean;
  /** Fresh data will confirm what looks worse, so that each figure is looked at as if it were alone. */
  readonly screening?: boolean;
}

/** What is used where nothing else is asked for. */
const COMPARE_DEFAULTS: CompareOptions = { threshold: 0.05, confidence: 0.95 };

/** Rounding that a figure may have gone through on its way here. */
const ROUNDING = 2e-8;

interface Figure {
  readonly level: number | null;
  readonly name: ComparedMetricName;
  readonly metric: ComparedMetric;
  readonly base: number;
  readonly next: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const series = ({ blocks }: ComparedScope, name: string): readonly number[] =>
  blocks.flatMap((block) => block[name] ?? []);

/** Figures that both runs have, level by level. */
const figuresOf = (
  base: ComparedRun,
  next: ComparedRun,
  { isExact, paired }: { readonly isExact: boolean; readonly paired: boolean },
): readonly Figure[] =>
  base.scopes.flatMap((scope) => {
    const other = next.scopes.find(({ level }) => level === scope.level);
    return COMPARED_METRIC_NAMES.flatMap((name): Figure[] => {
      const metric = comparedMetric(name);
      const [before, after] = [scope.values[name], other?.values[name]];
      if (!other || !metric || before === undefined || after === undefined) return [];
      if (metric.exactOnly && !isExact) return [];
      const values = paired
        ? pairedValues(scope.blocks, other.blocks, name)
        : { before: series(scope, name), after: series(other, name) };
      return [{ level: scope.level, name, metric, base: before, next: after, ...values }];
    });
  });

const isVaried = ({ before, after }: Figure): boolean => new Set([...before, ...after]).size > 1;

const changeOf = ({ metric, base, next }: Figure): number | null => {
  const difference = next - base;
  if (Math.abs(difference) <= ROUNDING * Math.max(Math.abs(base), Math.abs(next))) return 0;
  if (metric.by === 'difference') return difference;
  return base > 0 ? next / base - 1 : null;
};

const blank = ({ level, name, base, next }: Figure) => ({
  level,
  metric: name,
  base,
  next,
  interval: null,
  p: null,
  smallestVisible: null,
});

const exactFinding = (figure: Figure, threshold: number): ComparisonFinding => {
  const change = changeOf(figure);
  const { metric, base, next } = figure;
  const verdict = judgeExactly({ metric, base, threshold }, change, next);
  return { ...blank(figure), change, verdict };
};

/** Where the sweet spot may lie tells two runs apart that have no repeats of it. */
const spotVerdict = (base: ComparedRun, next: ComparedRun, change: number | null): ComparisonVerdict => {
  const [before, after] = [base.spot, next.spot];
  if (!before || !after) return 'inconclusive';
  if (after.high < before.low) return 'regressed';
  if (after.low > before.high) return 'improved';
  return change === 0 ? 'no-change' : 'inconclusive';
};

interface Tested {
  readonly figure: Figure;
  readonly estimate: ChangeEstimate | undefined;
}

/** Compares two runs. Whether they may be compared at all is `differences`, and the caller's to decide. Pure. */
export const compareRuns = (
  base: ComparedRun,
  next: ComparedRun,
  options: CompareOptions = COMPARE_DEFAULTS,
): Comparison => {
  const { threshold, confidence } = options;
  const isOneSeed = base.conditions['seed'] === next.conditions['seed'];
  // Another seed is other work and other luck: what differs then need not be a change.
  const isExact = base.exact && next.exact && isOneSeed;
  const most = (run: ComparedRun) => Math.max(1, ...run.scopes.map(({ blocks }) => blocks.length));
  const repeats = { base: most(base), next: most(next) };
  const fewest = Math.min(repeats.base, repeats.next);
  const alpha = 1 - confidence;
  const isTwoByTwo = isOneSeed && repeats.base === repeats.next;
  const asPairs = figuresOf(base, next, { isExact, paired: true });
  // Eight pairs can give no p below 1 in 128; the same as two samples can, among as many figures as there are.
  const suffices = smallestP(fewest, true) * asPairs.filter(isVaried).length <= alpha;
  const paired = options.paired ?? (isTwoByTwo && suffices);
  const figures = paired ? asPairs : figuresOf(base, next, { isExact, paired });
  const method = isExact ? 'exact' : fewest < 2 ? 'single' : paired ? 'paired' : 'unpaired';
  const tested = figures.map((figure): Tested => {
    const { metric, before, after } = figure;
    const how = { paired, confidence };
    return { figure, estimate: isExact ? undefined : estimateChange(metric, before, after, how) };
  });
  // What is the same everywhere can never be found to have changed, and costs the others nothing (Tarone 1990).
  const family = tested.flatMap(({ figure, estimate }) => (estimate && isVaried(figure) ? estimate : []));
  const adjusted = holm(family.map(({ p }) => p));
  const tests = options.screening ? 1 : Math.max(1, family.length);
  const share = alpha / tests;
  const canShow = smallestP(fewest, paired) <= share;
  const findings = tested.map(({ figure, estimate }): ComparisonFinding => {
    if (isExact) return exactFinding(figure, threshold);
    if (!estimate) {
      const change = changeOf(figure);
      const verdict = figure.name === 'sweetSpot' ? spotVerdict(base, next, change) : 'inconclusive';
      return { ...blank(figure), change, verdict };
    }
    const { change, low, high } = estimate;
    const p = adjusted[family.indexOf(estimate)] ?? estimate.p;
    // A rank test's interval steps from one possible confidence to the next.
    const isUnsure = estimate.confidence < confidence;
    const judged = { metric: figure.metric, base: figure.base, change, threshold };
    return {
      ...blank(figure),
      change,
      interval: { low, high, confidence: estimate.confidence },
      p,
      smallestVisible: canShow ? smallestVisible(figure.metric, estimate, share) : null,
      verdict: judgeByInterval(judged, { low, high, isUnsure }, p <= alpha),
    };
  });
  const gated = findings.map((finding) => ({
    verdict: finding.verdict,
    gates: comparedMetric(finding.metric)?.gates ?? false,
  }));
  return {
    schema: 'bench.compare/1',
    method,
    verdict: overall(gated),
    threshold,
    confidence,
    repeats,
    repeatsNeeded:
      isExact || canShow
        ? null
        : repeatsNeeded(options.screening ? 1 : Math.max(1, figures.length), alpha, paired),
    differences: conditionDifferences(base, next),
    findings,
    notes: [],
  };
};
