import type { Comparison, ComparisonFinding } from '../../analyze/compare.ts';
import type { ComparisonVerdict } from '../../analyze/compare-judgement.ts';
import { type ComparedMetric, comparedMetric } from '../../analyze/compare-metrics.ts';
import { formatDuration, formatNumber, formatPercent } from '../../core/units.ts';

/** Each verdict as it is told. */
export const VERDICT_WORDS: Readonly<Record<ComparisonVerdict, string>> = {
  regressed: 'REGRESSED',
  improved: 'IMPROVED',
  changed: 'BEHAVIOUR CHANGED',
  'no-change': 'NO CHANGE',
  inconclusive: 'INCONCLUSIVE',
};

const UNKNOWN: ComparedMetric = {
  label: '',
  unit: 'count',
  better: 'neither',
  by: 'ratio',
  floor: 0,
  gates: false,
};

const metricOf = (finding: ComparisonFinding): ComparedMetric => comparedMetric(finding.metric) ?? UNKNOWN;

/** Where and what: `wall-clock at 20`. */
export const findingName = (finding: ComparisonFinding): string =>
  `${metricOf(finding).label}${finding.level === null ? '' : ` at ${finding.level}`}`;

const VALUES: Readonly<Record<ComparedMetric['unit'], (value: number) => string>> = {
  ms: formatDuration,
  '/s': (value) => `${formatNumber(value)}/s`,
  share: formatPercent,
  USD: (value) => `$${value.toPrecision(3)}`,
  count: (value) => (Number.isInteger(value) ? value.toLocaleString('en-US') : formatNumber(value)),
};

/** A value of the figure with its unit. */
export const valueText = (finding: ComparisonFinding, value: number): string =>
  VALUES[metricOf(finding).unit](value);

const signed = (value: number, text: string): string =>
  value === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;

const percent = (share: number): string => {
  const size = Math.abs(share) * 100;
  return size > 0 && size < 0.1 ? size.toPrecision(1) : size.toFixed(1);
};

/** An amount of change in the words of its kind: `9.5 %`, `2.0 points`, `5`. */
const sizeText = ({ by, unit }: ComparedMetric, size: number): string => {
  if (by === 'ratio') return `${percent(size)} %`;
  return unit === 'share' ? `${percent(size)} points` : formatNumber(Math.abs(size)).replace(/\.00$/, '');
};

/** A change with its sign: `+9.5 %`. */
export const changeText = (finding: ComparisonFinding): string => {
  const { change } = finding;
  if (change === null) return 'from nothing';
  return change === 0 ? '0' : signed(change, sizeText(metricOf(finding), change));
};

/** The interval as it is told: `+9.3 … +9.7 %`; nothing without one. */
export const intervalText = (finding: ComparisonFinding): string => {
  const { interval } = finding;
  if (!interval) return '';
  const metric = metricOf(finding);
  const unit = metric.by === 'ratio' ? ' %' : metric.unit === 'share' ? ' points' : '';
  const bound = (value: number) =>
    signed(
      value,
      metric.by === 'ratio' || metric.unit === 'share' ? percent(value) : formatNumber(Math.abs(value)),
    );
  return `${bound(interval.low)} … ${bound(interval.high)}${unit}`;
};

/** Whether the share would count but the amount is too small for anyone. */
const isTooSmall = (finding: ComparisonFinding, { threshold }: Comparison): boolean => {
  const { verdict, change } = finding;
  const isRatio = metricOf(finding).by === 'ratio';
  return verdict === 'no-change' && isRatio && change !== null && Math.abs(change) >= threshold;
};

const floorText = (finding: ComparisonFinding): string =>
  `below ${valueText(finding, metricOf(finding).floor)}`;

/** What became of a figure, in small letters. */
export const verdictText = (finding: ComparisonFinding, comparison: Comparison): string =>
  isTooSmall(finding, comparison) ? floorText(finding) : VERDICT_WORDS[finding.verdict].toLowerCase();

const HOW: Readonly<Record<Comparison['method'], (comparison: Comparison) => string>> = {
  exact: ({ differences }) =>
    differences.length > 0
      ? `simulated runs that differ in ${list(differences.map(({ condition }) => condition))}, compared exactly`
      : 'simulated runs of one seed, compared exactly',
  paired: ({ repeats }) => `${repeats.base} pairs`,
  unpaired: ({ repeats }) => `${repeats.base} and ${repeats.next} repeats`,
  single: () => 'one run each',
};

/** What the comparison rests on: `12 pairs`. */
const methodText = (comparison: Comparison): string => HOW[comparison.method](comparison);

const list = (items: readonly string[]): string =>
  items.length > 4 ? `${items.slice(0, 3).join('; ')}; and ${items.length - 3} more` : items.join('; ');

const withChange = (finding: ComparisonFinding, { confidence }: Comparison): string => {
  const interval = intervalText(finding);
  return `${findingName(finding)} ${changeText(finding)}${interval ? ` (${Number((confidence * 100).toFixed(1))} % CI ${interval})` : ''}`;
};

/** Findings with this verdict, those with the largest change first. */
const findingsWith = ({ findings }: Comparison, verdict: ComparisonVerdict): readonly ComparisonFinding[] =>
  findings
    .filter((finding) => finding.verdict === verdict)
    .toSorted((a, b) => Math.abs(b.change ?? 1e9) - Math.abs(a.change ?? 1e9));

const openWords = (comparison: Comparison): string => {
  const { repeatsNeeded, method, threshold } = comparison;
  if (method === 'single') return 'one run each says nothing about how much such runs differ by themselves';
  if (repeatsNeeded !== null)
    return `${methodText(comparison)} cannot show a change of any size among so many figures, it takes ${repeatsNeeded}`;
  const open = comparison.findings.filter(
    ({ verdict, metric }) => verdict === 'inconclusive' && comparedMetric(metric)?.gates,
  );
  const worst = open.toSorted((a, b) => (b.smallestVisible ?? 0) - (a.smallestVisible ?? 0))[0];
  if (!worst) return 'a change that was seen did not show again';
  const seen = worst.smallestVisible;
  const limit =
    seen === null ? '' : `; this data can only see changes above ${sizeText(metricOf(worst), seen)}`;
  return `${withChange(worst, comparison)} may be more than ${formatPercent(threshold)} or nothing${limit}`;
};

/** What can be said of figures that did not change, and in which of them that is not known. */
const ruledOut = (comparison: Comparison): string => {
  if (comparison.method === 'exact') return 'all figures are the same to the last digit';
  const open = findingsWith(comparison, 'inconclusive').map(findingName);
  const but = open.length > 0 ? `, but not in ${list(open)}` : '';
  const small = comparison.findings
    .filter((finding) => isTooSmall(finding, comparison))
    .map((finding) => `${findingName(finding)} ${changeText(finding)} is ${floorText(finding)}`);
  const matters = small.length > 0 ? ` that is large enough to matter (${list(small)})` : '';
  return `any change above ${formatPercent(comparison.threshold)} is ruled out${matters}${but}`;
};

const SAID: Readonly<Record<ComparisonVerdict, (comparison: Comparison) => string>> = {
  regressed: (comparison) =>
    list(findingsWith(comparison, 'regressed').map((finding) => withChange(finding, comparison))),
  improved: (comparison) =>
    list(findingsWith(comparison, 'improved').map((finding) => withChange(finding, comparison))),
  changed: (comparison) =>
    `${list(findingsWith(comparison, 'changed').map((finding) => withChange(finding, comparison)))}, below the threshold of ${formatPercent(comparison.threshold)} or neither better nor worse`,
  'no-change': ruledOut,
  inconclusive: openWords,
};

/** The answer in one sentence: `REGRESSED: wall-clock at 20 +9.5 % (95 % CI +9.3 … +9.7 %); 10 pairs.` */
export const comparisonSentence = (comparison: Comparison): string =>
  `${VERDICT_WORDS[comparison.verdict]}: ${SAID[comparison.verdict](comparison)}; ${methodText(comparison)}.`;

/** What to do to learn more; nothing where the answer is clear. */
export const comparisonHint = ({ verdict, method, repeatsNeeded }: Comparison): string | undefined => {
  if (verdict === 'changed' || (verdict === 'regressed' && method === 'exact'))
    return 'If this is meant, save the new run as the baseline: bench baseline save NAME RUN.';
  if (verdict !== 'inconclusive') return undefined;
  const repeats = Math.max(8, repeatsNeeded ?? 0);
  if (method === 'single' || repeatsNeeded !== null)
    return `Measure both with bench sweep --repeat ${repeats}, or interleave them with bench ab.`;
  return 'Use bench ab, more repeats or a quieter machine.';
};

/** What was not alike, one sentence each. */
export const differenceTexts = ({ differences }: Comparison): readonly string[] =>
  differences.map(
    ({ condition, base, next }) =>
      `${condition} is ${base ?? 'not known'} in the base and ${next ?? 'not known'} in the new run`,
  );
