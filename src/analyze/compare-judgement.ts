import type { ComparedMetric } from './compare-metrics.ts';

/** What became of one figure, or of all. */
export type ComparisonVerdict = 'regressed' | 'improved' | 'changed' | 'no-change' | 'inconclusive';

/** A change that is large enough to act on: at least the threshold of the base, and at least the metric's floor. */
export const isRelevant = (
  { by, floor }: Pick<ComparedMetric, 'by' | 'floor'>,
  base: number,
  change: number,
  threshold: number,
): boolean =>
  by === 'ratio'
    ? Math.abs(change) >= threshold && Math.abs(change * base) >= floor
    : Math.abs(change) >= Math.max(floor, threshold * Math.abs(base));

/** What a change of this sign is, by what is better. */
export const direction = (better: ComparedMetric['better'], change: number): ComparisonVerdict => {
  if (better === 'neither') return 'changed';
  return change > 0 === (better === 'higher') ? 'improved' : 'regressed';
};

/** Everything that the verdict on one figure depends on. */
export interface Judged {
  readonly metric: Pick<ComparedMetric, 'by' | 'floor' | 'better'>;
  readonly base: number;
  readonly change: number;
  readonly threshold: number;
}

/**
 * Of figures that repeat exactly: every difference is real, and those that are large enough are better or worse. Without a ratio,
 * since the base is nothing, the floor alone decides.
 */
export const judgeExactly = (
  { metric, base, threshold }: Omit<Judged, 'change'>,
  change: number | null,
  next: number,
): ComparisonVerdict => {
  if (change === 0) return 'no-change';
  const relevant = change === null ? next >= metric.floor : isRelevant(metric, base, change, threshold);
  return relevant ? direction(metric.better, change ?? next) : 'changed';
};

/**
 * Of figures with noise. Changed is what chance does not explain *and* is large enough; unchanged what chance does not explain and
 * is too small, or whose whole interval is too small. All else is open.
 */
export const judgeByInterval = (
  { metric, base, change, threshold }: Judged,
  interval: { readonly low: number; readonly high: number; readonly isUnsure: boolean },
  isSignificant: boolean,
): ComparisonVerdict => {
  const relevant = (value: number) => isRelevant(metric, base, value, threshold);
  if (isSignificant) return relevant(change) ? direction(metric.better, change) : 'no-change';
  return interval.isUnsure || relevant(interval.low) || relevant(interval.high)
    ? 'inconclusive'
    : 'no-change';
};

/** One verdict for all: the worst clear one; what gates and is open keeps the whole open. */
export const overall = (
  findings: readonly { readonly verdict: ComparisonVerdict; readonly gates: boolean }[],
): ComparisonVerdict => {
  const has = (verdict: ComparisonVerdict) => findings.some((finding) => finding.verdict === verdict);
  if (has('regressed')) return 'regressed';
  const gating = findings.filter(({ gates }) => gates);
  if (gating.length === 0 || gating.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive';
  return has('improved') ? 'improved' : has('changed') ? 'changed' : 'no-change';
};
