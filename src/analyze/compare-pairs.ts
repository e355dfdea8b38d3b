import { type Comparison, compareRuns } from './compare.ts';
import {
  CONFIRMATIONS,
  confirmed,
  isClaim,
  leftOpen,
  pairsNeeded,
  type Suspect,
  suspectsOf,
} from './compare-confirm.ts';
import { comparedMetric } from './compare-metrics.ts';
import { type ComparedRun, joinRuns } from './compare-run.ts';

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
  /**
   * Whether these two runs may be compared; throws if not. Asked of the first pair, and again of the first that was taken in peace,
   * since a busy machine may have kept one side from measuring every level.
   */
  readonly check?: (base: ComparedRun, next: ComparedRun, isBusy: boolean) => void;
}

/** What is used where nothing else is asked for. */
export const PAIR_DEFAULTS = { minPairs: 8, maxPairs: 120, repeatsForBusy: 10 } as const;

/** Numbers of pairs after which it is looked whether they suffice. */
const LOOKS = [8, 12, 16, 20, 25, 30, 40, 55, 75, 95, 120] as const;

/** Each look may err less often than one alone might, since there are up to six. */
const LOOK_CONFIDENCE = 0.985;

/** A machine that is busy for longer than this many repeats of a pair stays busy: until it is not, nothing is taken again. */
const IN_A_ROW = 2;

/** Where pairs are gathered. */
interface Gathered {
  readonly base: ComparedRun[];
  readonly next: ComparedRun[];
}

const nothing = (): Gathered => ({ base: [], next: [] });

/** Taking pairs was stopped from outside. */
class Stopped extends Error {}

/** What interleaved runs showed. */
export interface PairedComparison {
  readonly comparison: Comparison;
  /** Pairs that were taken before anything was suspected. */
  readonly pairs: number;
  /** Taken again because the machine was busy. */
  readonly repeated: number;
  /** Kept although it was busy, since it never was quiet for long. */
  readonly busy: number;
  /** Pairs that were taken to confirm what was suspected; 0 where nothing was. */
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
 * if fresh pairs show it again; if they do not, they may show another, which then has to show in pairs that are fresh again. `take` runs one side once; its error ends everything unless `stop` was aborted.
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
  let [first, second]: [Gathered, Gathered] = [nothing(), nothing()];
  const counts = { pairs: 0, confirmingPairs: 0 };
  const collect = async (pairs: Gathered, count: number, confirming: boolean): Promise<void> => {
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
      if (taken === 0 && repeated === 0) options.check?.(base.run, next.run, isBusy);
      else if (!isChecked && !isBusy) options.check?.(base.run, next.run, false);
      isChecked ||= !isBusy;
      inARow = isBusy ? inARow + 1 : 0;
      if (!isExact({ base: [base.run], next: [next.run] }) && isBusy) {
        if (repeated < options.repeatsForBusy && inARow <= IN_A_ROW) {
          repeated++;
          continue;
        }
        busy++;
      }
      taken++;
      counts[confirming ? 'confirmingPairs' : 'pairs']++;
      pairs.base.push(base.run);
      pairs.next.push(next.run);
    }
  };
  const result = (comparison: Comparison, complete: boolean): PairedComparison => ({
    comparison,
    ...counts,
    repeated,
    busy,
    complete,
  });
  /** Takes fresh pairs until they are as many as their own noise demands: of the change they show nothing is looked at. */
  const confirm = async (suspect: Suspect): Promise<void> => {
    let due = Math.max(suspect.pairs, options.minPairs);
    while (second.base.length < Math.min(due, options.maxPairs)) {
      await collect(second, Math.min(due, options.maxPairs), true);
      due = pairsNeeded(suspect, second, options.threshold);
    }
  };
  const refuted: Suspect[] = [];
  /** Screens until nothing is open or suspected any more, and has what is suspected shown again. */
  const judged = async (): Promise<Comparison> => {
    const looks = looksBetween(options.minPairs, options.maxPairs);
    let due = options.minPairs;
    for (let confirmations = 0; ; ) {
      await collect(first, due, false);
      const comparison = compared(first, options);
      const suspects = suspectsOf(comparison, first);
      if (suspects[0]) {
        await confirm(suspects[0]);
        const again = confirmed(comparison, suspects, second);
        if (again.findings.some(({ verdict }) => isClaim(verdict)) || ++confirmations === CONFIRMATIONS)
          return again;
        // It was chance. The fresh pairs were not taken for what they show: from here on they are the first ones.
        refuted.push(...suspects);
        [first, second] = [second, nothing()];
        due = first.base.length;
        continue;
      }
      const more = looks.find((look) => look > due);
      if (comparison.verdict !== 'inconclusive' || more === undefined) return comparison;
      if (!isWorthMore(comparison, due, options)) return comparison;
      due = more;
    }
  };
  try {
    await collect(first, 1, false);
    if (isExact(first)) return result(compared(first, options), true);
    return result(leftOpen(await judged(), refuted), true);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    if (first.base.length === 0) throw stop?.reason ?? error;
    const known = compared(first, options);
    return result(leftOpen(confirmed(known, suspectsOf(known, first), nothing()), refuted), false);
  }
};

const isExact = ({ base, next }: Gathered): boolean => [...base, ...next].every(({ exact }) => exact);

const compared = (pairs: Gathered, { threshold }: PairOptions): Comparison => {
  const [base, next] = [pairs.base[0], pairs.next[0]];
  if (base && next && isExact(pairs))
    return compareRuns(base, next, { threshold, confidence: LOOK_CONFIDENCE });
  const options = { threshold, confidence: LOOK_CONFIDENCE, paired: true, screening: true };
  return compareRuns(joinRuns(pairs.base), joinRuns(pairs.next), options);
};

/** So many pairs are taken without asking whether they lead anywhere. */
const USUAL = 30;

/** Whether more pairs can still show a change of twice the threshold in any figure that keeps the comparison open. */
const isWorthMore = (comparison: Comparison, pairs: number, { maxPairs, threshold }: PairOptions): boolean =>
  pairs < USUAL ||
  comparison.findings.some(({ metric: name, verdict, smallestVisible, base }) => {
    const metric = comparedMetric(name);
    if (!metric?.gates || verdict !== 'inconclusive') return false;
    const size = metric.by === 'ratio' ? threshold : Math.max(metric.floor, threshold * Math.abs(base));
    return (smallestVisible ?? 0) * Math.sqrt(pairs / maxPairs) <= 3 * size;
  });
