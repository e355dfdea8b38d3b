import { ASSERTED_METRICS, type AssertedUnit } from '../analyze/assertion-metrics.ts';
import type { AssertionResult } from '../analyze/assertion-result.ts';
import type { SweepReport } from '../analyze/report.ts';
import { formatDuration, formatNumber } from '../core/units.ts';

/** Exact enough that a value beside its bound never looks equal to it by rounding alone. */
const plain = (value: number): string => String(Number(value.toPrecision(4)));

const VALUES: Readonly<Record<AssertedUnit, (value: number) => string>> = {
  'per-second': (value) => `${plain(value)}/s`,
  ms: (value) => (value < 10_000 && value >= 1000 ? `${plain(value / 1000)} s` : formatDuration(value)),
  share: (value) => `${plain(value * 100)} %`,
  count: (value) => (Number.isInteger(value) ? value.toLocaleString('en-US') : formatNumber(value)),
  usd: (value) => `$${plain(value)}`,
};

const text = ({ metric }: AssertionResult, value: number): string =>
  VALUES[ASSERTED_METRICS[metric]?.unit ?? 'count'](value);

const SIGNS: Readonly<Record<string, string>> = { '>=': '≥', '<=': '≤', '==': '=' };

/** The figure, what it is, and what it should be: `goodput at 20 is 17.4/s (≥ 18/s)`. */
export const resultText = (result: AssertionResult): string => {
  const { metric, level, value, operator, bound, because } = result;
  const name = metric.replaceAll('_', ' ');
  const known = value === null ? 'is not known' : `is ${text(result, value)}`;
  const why = because ? `: ${because}` : '';
  return `${name}${level === null ? '' : ` at ${level}`} ${known} (${SIGNS[operator] ?? operator} ${text(result, bound)})${why}`;
};

/** What became of it in a word. */
export const resultWord = ({ passed, severity }: AssertionResult): 'passed' | 'failed' | 'warning' =>
  passed ? 'passed' : severity === 'warn' ? 'warning' : 'failed';

const MARKS = { passed: '✓', failed: '✗', warning: '!' } as const;

/** One line each: mark, figure and bound. */
export const assertionLines = ({ assertions = [] }: SweepReport): readonly string[] =>
  assertions.map((result) => `${MARKS[resultWord(result)]} ${resultText(result)}`);
