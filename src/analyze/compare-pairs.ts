import { type Comparison, type ComparisonFinding, compareRuns } from './compare.ts';
import { estimateChange } from './compare-estimate.ts';
import { isRelevant, overall } from './compare-judgement.ts';
import { comparedMetric } from './compare-metrics.ts';
import { type ComparedRun, type Figures, joinRuns, pairedValues } from './compare-run.ts';

/** Whose run it is. */
export type Side = 'base' | 'next';

/** A run as it was taken. */
export interface TakenRun {
  readonly run: ComparedRun;
  /** The machine did other things before, meanwhile or after. */
  readonly busy: boolean;
}

/** Which run is due. */
export interface DueRun {
  readonly side: Side;
  /** From 1; one that is taken again keeps its number and its seed. */
  readonly pair: number;
  readonly seed: number;
  /** It belongs to the pairs that confirm what the first ones showed. */
  readonly confirming: boolean;
}

/** How pairs are taken and judged. */
export interface PairOptions {
  readonly threshold: number;
  readonly minPairs: number;
  readonly maxPairs: number;
  /** Of the first pair; every further one has the next. */
  readonly seed: number;
  /** Pairs that may be taken again because the machine was busy. */
  readonly repeatsForBusy: number;
  /** Whether these two runs may be compared, asked of the first pair that was taken in peace; throws if not. */
  readonly check?: (base: ComparedRun, next: ComparedRun) => void;
}

/** What is used where nothing else is asked for. */
export const PAIR_DEFAULTS = { minPairs: 8, maxPairs: 30, repeatsForBusy: 10 } as const;

/** Numbers of pairs after which it is looked whether they suffice. */
const LOOKS = [8, 12, 16, 20, 25, 30] as const;

/** Each look may err less often than one alone might, since there are up to six. */
const LOOK_CONFIDENCE = 0.985;

const CONFIRMING_CONFIDENCE = 0.95;

/** A machine that is busy for longer than this many repeats of a pair stays busy. */
const IN_A_ROW = 2;

/** Where pairs are taken and judged. */
interface Pairs {
  readonly base: ComparedRun[];
  readonly next: ComparedRun[];
}

/** Taking pairs was stopped from outside. */
class Stopped extends Error {}

/** What interleaved runs showed. */
export interface PairedComparison {
  readonly comparison: Comparison;
  readonly pairs: number;
  /** Taken again because the machine was busy. */
  readonly repeated: number;
  /** Kept although it was busy, since it never was quiet for long. */
  readonly busy: number;
  /** Pairs that were taken to confirm a regression; 0 where none was suspected. */
  readonly confirmingPairs: number;
  /** False if it was stopped before it was done. */
  readonly complete: boolean;
}

/** After how many pairs it is looked, for bounds that need not be the usual ones. */
export const looksBetween = (least: number, most: number): readonly number[] => [
  ...new Set([least, ...LOOKS.filter((look) => look > least && look < most), most]),
];

/** The order of a pair's runs: base first, then last, so that a drift over the session favours neither (ABBA). */
const orderOf = (pair: number): readonly Side[] => (pair % 2 === 1 ? ['base', 'next'] : ['next', 'base']);

/**
 * Takes pairs of runs one after the other until what they show is clear, or as many as are allowed. A regression is only one
 * if fresh pairs show it again. `take` runs one side once; its error ends everything unless `stop` was aborted.
 */
export const comparePairs = async (
  options: PairOptions,
  take: (due: DueRun) => Promise<TakenRun>,
  stop?: AbortSignal,
): Promise<PairedComparison> => {
  let repeated = 0;
  let busy = 0;
  let taken = 0;
  let inARow = 0;
  let isChecked = false;
  const collect = async (pairs: Pairs, count: number, confirming: boolean): Promise<void> => {
    while (pairs.base.length < count) {
      const pair = taken + 1;
      const both: Partial<Record<Side, TakenRun>> = {};
      for (const side of orderOf(pair)) {
        if (stop?.aborted) throw new Stopped();
        both[side] = await take({ side, pair, seed: options.seed + taken, confirming }).catch(
          (error: unknown) => {
            throw stop?.aborted ? new Stopped() : error;
          },
        );
      }
      const { base, next } = both;
      if (!base || !next) return;
      const isBusy = base.busy || next.busy;
      // A busy machine may have kept one side from measuring every level.
      if (!isChecked && !isBusy) options.check?.(base.run, next.run);
      isChecked ||= !isBusy;
      if (!isExact({ base: [base.run], next: [next.run] }) && isBusy) {
        if (repeated < options.repeatsForBusy && inARow < IN_A_ROW) {
          repeated++;
          inARow++;
          continue;
        }
        busy++;
      }
      inARow = 0;
      taken++;
      pairs.base.push(base.run);
      pairs.next.push(next.run);
    }
  };
  const first: Pairs = { base: [], next: [] };
  const second: Pairs = { base: [], next: [] };
  const result = (comparison: Comparison, complete: boolean): PairedComparison => ({
    comparison,
    pairs: first.base.length,
    repeated,
    busy,
    confirmingPairs: second.base.length,
    complete,
  });
  let comparison: Comparison | undefined;
  try {
    await collect(first, 1, false);
    if (isExact(first)) return result(compared(first, options), true);
    for (const look of looksBetween(options.minPairs, options.maxPairs)) {
      await collect(first, look, false);
      comparison = compared(first, options);
      if (comparison.verdict === 'regressed') {
        await collect(second, options.minPairs, true);
        return result(confirmed(comparison, second, options), true);
      }
      if (comparison.verdict !== 'inconclusive') break;
    }
    return result(comparison ?? compared(first, options), true);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    if (first.base.length === 0) throw stop?.reason ?? error;
    const known = compared(first, options);
    return result(
      known.verdict === 'regressed' ? confirmed(known, { base: [], next: [] }, options) : known,
      false,
    );
  }
};

const isExact = ({ base, next }: Pairs): boolean => [...base, ...next].every(({ exact }) => exact);

const compared = (pairs: Pairs, { threshold }: PairOptions): Comparison => {
  const [base, next] = [pairs.base[0], pairs.next[0]];
  if (base && next && isExact(pairs))
    return compareRuns(base, next, { threshold, confidence: LOOK_CONFIDENCE });
  const options = { threshold, confidence: LOOK_CONFIDENCE, paired: true };
  return compareRuns(joinRuns(pairs.base), joinRuns(pairs.next), options);
};

const blocksOf = (runs: readonly ComparedRun[], { level }: ComparisonFinding): readonly Figures[] =>
  runs.map(({ scopes }) => scopes.find((scope) => scope.level === level)?.values ?? {});

/** A finding stands if fresh pairs show a relevant change of the same kind that chance does not explain. */
const isShownAgain = (finding: ComparisonFinding, pairs: Pairs, { threshold }: PairOptions): boolean => {
  const metric = comparedMetric(finding.metric);
  if (!metric || finding.change === null) return false;
  const blocks = [blocksOf(pairs.base, finding), blocksOf(pairs.next, finding)] as const;
  const { before, after } = pairedValues(...blocks, finding.metric);
  const again = estimateChange(metric, before, after, { paired: true, confidence: CONFIRMING_CONFIDENCE });
  return (
    again !== undefined &&
    again.p <= 1 - CONFIRMING_CONFIDENCE &&
    Math.sign(again.change) === Math.sign(finding.change) &&
    isRelevant(metric, finding.base, again.change, threshold)
  );
};

const confirmed = (comparison: Comparison, pairs: Pairs, options: PairOptions): Comparison => {
  const findings = comparison.findings.map(
    (finding): ComparisonFinding =>
      finding.verdict === 'regressed' && !isShownAgain(finding, pairs, options)
        ? { ...finding, verdict: 'inconclusive' }
        : finding,
  );
  const gated = findings.map(({ verdict, metric }) => ({
    verdict,
    gates: verdict === 'inconclusive' || (comparedMetric(metric)?.gates ?? false),
  }));
  return { ...comparison, verdict: overall(gated), findings };
};
