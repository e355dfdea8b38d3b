import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import { parseCount, parsePerSecond } from '../core/quantity.ts';
import { parseDuration } from '../core/units.ts';
import { ASSERTED_METRICS, type AssertedUnit } from './assertion-metrics.ts';
import type { AssertionOperator, AssertionSeverity } from './assertion-result.ts';

const OPERATORS: Readonly<Record<AssertionOperator, (value: number, bound: number) => boolean>> = {
  '>=': (value, bound) => value >= bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '<': (value, bound) => value < bound,
  '==': (value, bound) => value === bound,
};

/** A threshold that a run has to keep. */
export interface Assertion {
  /** As it was written. */
  readonly text: string;
  readonly severity: AssertionSeverity;
  readonly metric: string;
  /** A level; every level; or none named, which is the whole run or the recommended level. */
  readonly level: number | 'all' | undefined;
  readonly operator: AssertionOperator;
  /** In the metric's unit: milliseconds, per second, share, dollars, or a number. */
  readonly bound: number;
}

/** Whether a figure keeps a bound. */
export const holds = (operator: AssertionOperator, value: number, bound: number): boolean =>
  OPERATORS[operator](value, bound);

const READ: Readonly<Record<AssertedUnit, (text: string) => number | undefined>> = {
  'per-second': (text) => parsePerSecond(text) ?? parseCount(text),
  ms: parseDuration,
  share: (text) => {
    const percent = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/.exec(text)?.[1];
    if (percent !== undefined) return Number(percent) / 100;
    // 10 where 10 % is meant would be a bound that nothing ever misses.
    return /^(\d+(?:\.\d+)?|\.\d+)$/.test(text) && Number(text) <= 1 ? Number(text) : undefined;
  },
  count: (text) => parseCount(text),
  usd: (text) => parseCount(text.replace(/^\$\s*/, '').replace(/\s*(usd|USD|\$)$/, '')),
};

const EXAMPLES: Readonly<Record<AssertedUnit, string>> = {
  'per-second': '18/s or 500/min',
  ms: '500ms, 6s or 2m',
  share: '10% or 0.1',
  count: '10',
  usd: '1usd',
};

const FORM =
  /^(?:(fail|warn|abort)\s*:)?\s*([a-z_0-9]+)\s*(?:\{\s*level\s*:\s*([^}]*?)\s*\})?\s*(>=|<=|==|>|<)\s*(.+)$/;

const EXAMPLE =
  'For example "goodput{level:20} >= 18/s", "retry_overhead < 10%" or "warn: p95{level:all} < 6s".';

const levelOf = (text: string | undefined, name: string): Assertion['level'] => {
  if (text === undefined) return undefined;
  if (text === 'all') return 'all';
  const level = Number(text);
  if (level > 0 && Number.isFinite(level)) return level;
  throw new UsageError(`${name}: "${text}" is not a level`, 'Name one that is measured, or level:all.');
};

/** Reads one assertion; `name` is where it was given. Throws `UsageError` for what is none, with the nearest metric. */
export const parseAssertion = (text: string, name: string): Assertion => {
  const match = FORM.exec(text.trim());
  if (!match) throw new UsageError(`${name}: "${text}" is not a condition`, EXAMPLE);
  const [, severity = 'fail', metric = '', level, operator, value = ''] = match;
  const names = Object.keys(ASSERTED_METRICS);
  const known = names.includes(metric) ? ASSERTED_METRICS[metric] : undefined;
  if (!known) throw new UsageError(`${name}: there is no metric "${metric}"`, nameHint(metric, names));
  if (metric === 'sweet_spot' && level !== undefined)
    throw new UsageError(`${name}: sweet_spot is of the whole run`, 'Leave {level:…} out.');
  const bound = READ[known.unit](value.trim());
  if (bound === undefined) {
    throw new UsageError(
      `${name}: "${value.trim()}" is not a bound for ${metric}`,
      `For example ${EXAMPLES[known.unit]}.`,
    );
  }
  return {
    text: text.trim(),
    severity: severity as AssertionSeverity,
    metric,
    level: levelOf(level, name),
    operator: operator as AssertionOperator,
    bound,
  };
};

/** Refuses assertions about levels that will not be measured. Throws `UsageError`. */
export const checkAssertedLevels = (
  assertions: readonly Assertion[],
  levels: readonly number[],
  name: string,
): void => {
  for (const { level, text } of assertions) {
    if (typeof level === 'number' && !levels.includes(level))
      throw new UsageError(
        `${name}: "${text}" is about level ${level}, which is not measured`,
        `Measured are ${levels.join(', ')}.`,
      );
  }
};
