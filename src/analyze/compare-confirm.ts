import { tQuantile } from '../stats/distributions.ts';
import type { Comparison, ComparisonFinding } from './compare.ts';
import { type ChangeEstimate, estimateChange } from './compare-estimate.ts';
import { type ComparisonVerdict, direction, isRelevant, overall } from './compare-judgement.ts';
import { type ComparedMetric, comparedMetric } from './compare-metrics.ts';
import { type ComparedRun, type Figures, pairedValues } from './compare-run.ts';

/** Runs that belong together two by two. */
export interface Pairs {
  readonly base: readonly ComparedRun[];
  readonly next: readonly ComparedRun[];
}

/** A figure that seems to have changed, to be looked for again in fresh pairs. */
export interface Suspect {
  readonly finding: ComparisonFinding;
  readonly metric: ComparedMetric;
  /** Regressed or improved, if it shows again. */
  readonly verdict: ComparisonVerdict;
  /** The change that fresh pairs should be able to show, by the metric's kind. */
  readonly size: number;
  /** Fresh pairs that show it 19 times out of 20. */
  readonly pairs: number;
  /** Standard errors that the change lies beyond the smallest one that counts. */
  readonly strength: number;
}

/** What a figure must exclude "no change" with to be looked for again: fresh pairs decide, so that much may be suspected. */
const SUSPICION = 0.95;

/**
 * How often fresh pairs are asked: where they do not show what was suspected, they may make something else suspect, which chance
 * had hidden behind it, and that has to show in pairs that are fresh again.
 */
export const CONFIRMATIONS = 2;

/** Chance that one confirmation shows anything at all where nothing has changed; one-sided, whatever number of figures was suspected. */
const FALSE_ALARMS = 0.02 / CONFIRMATIONS;

/** Chance that fresh pairs show again what is there. */
const POWER = 0.97;

/** Pairs that Wilcoxon's test takes where Student's takes 100, if noise is normal; fewer if it is not. */
const RANKS = 1.05;

/** Degrees of freedom from which on Student's t is the normal distribution. */
const MANY = 1e6;

/** The smallest change that counts, by the metric's kind: `isRelevant` turned round. */
const leastOf = ({ by, floor }: ComparedMetric, base: number, threshold: number): number =>
  by === 'ratio' ? Math.max(threshold, floor / Math.abs(base)) : Math.max(floor, threshold * Math.abs(base));

/** How far a change is from none, on the scale it was estimated on. */
const distance = ({ by }: ComparedMetric, change: number): number =>
  Math.abs(by === 'ratio' ? Math.log1p(change) : change);

const blocksOf = (runs: readonly ComparedRun[], level: number | null): readonly Figures[] =>
  runs.map(({ scopes }) => scopes.find((scope) => scope.level === level)?.values ?? {});

const estimateOf = (
  { level, metric: name }: ComparisonFinding,
  metric: ComparedMetric,
  pairs: Pairs,
  confidence: number,
): ChangeEstimate | undefined => {
  const { before, after } = pairedValues(blocksOf(pairs.base, level), blocksOf(pairs.next, level), name);
  return estimateChange(metric, before, after, { paired: true, confidence });
};

/**
 * Fresh pairs that show a change of `size` 19 times out of 20, with noise as in these: for chance to be ruled out, and for their
 * own estimate to lie above the threshold.
 */
const pairsFor = (
  { finding, metric, size }: Omit<Suspect, 'pairs'>,
  { error, degreesOfFreedom }: ChangeEstimate,
  threshold: number,
): number => {
  const effect = distance(metric, size);
  const spread = error * Math.sqrt(degreesOfFreedom + 1);
  const sure = tQuantile(POWER, MANY);
  const forChance = (sure - tQuantile(FALSE_ALARMS, MANY)) / effect;
  const forSize = sure / (effect - distance(metric, leastOf(metric, finding.base, threshold)));
  return Math.ceil(RANKS * (spread * Math.max(forChance, forSize)) ** 2);
};

/** `pairsFor` of a suspect by pairs that were taken since. */
export const pairsNeeded = (suspect: Suspect, pairs: Pairs, threshold: number): number => {
  const estimate = estimateOf(suspect.finding, suspect.metric, pairs, SUSPICION);
  return estimate ? pairsFor(suspect, estimate, threshold) : 0;
};

const suspect = (finding: ComparisonFinding, pairs: Pairs, threshold: number): Suspect | undefined => {
  const metric = comparedMetric(finding.metric);
  if (!metric) return undefined;
  const seen = estimateOf(finding, metric, pairs, SUSPICION);
  if (!seen || seen.confidence < SUSPICION) return undefined;
  const verdict = direction(metric.better, seen.change);
  // What is better, or does not gate, is looked for again only if it stands out of all.
  if (!(verdict === 'regressed' && metric.gates) && verdict !== finding.verdict) return undefined;
  const excludesNone = seen.low > 0 || seen.high < 0;
  if (!excludesNone || !isRelevant(metric, finding.base, seen.change, threshold)) return undefined;
  // What was seen is the larger the more chance had a hand in it; the near end of its interval is a safe guess.
  const near = Math.min(Math.abs(seen.low), Math.abs(seen.high));
  const least = leastOf(metric, finding.base, threshold);
  const size = Math.max(2 * least, near);
  const beyond = distance(metric, seen.change) - distance(metric, Math.sign(seen.change) * least);
  const strength = seen.error > 0 ? beyond / seen.error : Number.POSITIVE_INFINITY;
  const known = { finding, metric, verdict, size, strength };
  return { ...known, pairs: pairsFor(known, seen, threshold) };
};

/**
 * Figures that look worse by more than the threshold; if none does, those that look better. The surest first, those that gate
 * before others.
 */
export const suspectsOf = ({ findings, threshold }: Comparison, pairs: Pairs): readonly Suspect[] => {
  const all = findings
    .flatMap((finding) => suspect(finding, pairs, threshold) ?? [])
    .toSorted((a, b) => Number(b.metric.gates) - Number(a.metric.gates) || b.strength - a.strength);
  const worse = all.filter(({ verdict }) => verdict === 'regressed');
  return worse.length > 0 ? worse : all.filter(({ verdict }) => verdict === 'improved');
};

/** The change in fresh pairs, if it is again beyond the threshold on the same side and chance does not explain it. */
const shownAgain = (
  { finding, metric, verdict }: Suspect,
  pairs: Pairs,
  { threshold, confidence }: Comparison,
): ChangeEstimate | undefined => {
  const again = estimateOf(finding, metric, pairs, confidence);
  return again &&
    again.p / 2 <= FALSE_ALARMS &&
    direction(metric.better, again.change) === verdict &&
    isRelevant(metric, finding.base, again.change, threshold)
    ? again
    : undefined;
};

/** Whether it says that something has changed for the better or worse. */
export const isClaim = (verdict: ComparisonVerdict): boolean =>
  verdict === 'regressed' || verdict === 'improved';

/**
 * The comparison after fresh pairs: what showed again has changed, by what the fresh ones show; what did not is open. The suspects
 * are tested in order, each only while all before it stood, so that their number costs nothing (fixed sequence: Maurer, Hothorn
 * and Lehmacher 1995): one confirmation in a hundred shows something that is not there, and at most two are asked for.
 */
export const confirmed = (comparison: Comparison, suspects: readonly Suspect[], pairs: Pairs): Comparison => {
  let stands = true;
  const again = new Map<ComparisonFinding, ComparisonFinding>();
  for (const each of suspects) {
    const shown: ChangeEstimate | undefined = stands ? shownAgain(each, pairs, comparison) : undefined;
    stands = shown !== undefined;
    if (!shown) continue;
    const { change, low, high, confidence, p } = shown;
    const { finding, verdict } = each;
    again.set(finding, { ...finding, verdict, change, interval: { low, high, confidence }, p });
  }
  const isAsserted = (finding: ComparisonFinding) =>
    isClaim(finding.verdict) || suspects.some((each) => each.finding === finding);
  const findings = comparison.findings.map(
    (finding): ComparisonFinding =>
      again.get(finding) ?? (isAsserted(finding) ? { ...finding, verdict: 'inconclusive' } : finding),
  );
  return judgedBy(comparison, findings, isAsserted);
};

/** The comparison with these findings, of which those that were asserted keep it open whether or not they gate. */
const judgedBy = (
  comparison: Comparison,
  findings: readonly ComparisonFinding[],
  isAsserted: (finding: ComparisonFinding) => boolean,
): Comparison => {
  const gated = findings.map(({ verdict, metric }, i) => {
    const before = comparison.findings[i];
    return { verdict, gates: (before && isAsserted(before)) || (comparedMetric(metric)?.gates ?? false) };
  });
  return { ...comparison, verdict: overall(gated), findings };
};

/** The comparison in which nothing is called unchanged that was suspected once: chance, or a machine that changed meanwhile. */
export const leftOpen = (comparison: Comparison, refuted: readonly Suspect[]): Comparison => {
  const wasSuspected = ({ level, metric }: ComparisonFinding) =>
    refuted.some(({ finding }) => finding.level === level && finding.metric === metric);
  const findings = comparison.findings.map(
    (finding): ComparisonFinding =>
      wasSuspected(finding) && !isClaim(finding.verdict) ? { ...finding, verdict: 'inconclusive' } : finding,
  );
  return judgedBy(comparison, findings, wasSuspected);
};
