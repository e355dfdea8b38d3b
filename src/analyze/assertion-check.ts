import { type Assertion, holds } from './assertion.ts';
import { ASSERTED_METRICS } from './assertion-metrics.ts';
import type { AssertionResult } from './assertion-result.ts';
import type { LevelReport, SweepReport } from './report.ts';

const verdictOn = (
  { text, severity, metric, operator, bound }: Assertion,
  { level, value, cut }: { level: number | null; value: number | null | undefined; cut: boolean },
  whyNone: string,
): AssertionResult => {
  const known = typeof value === 'number' && Number.isFinite(value) ? value : null;
  const kept = known !== null && holds(operator, known, bound);
  const because = known === null ? whyNone : kept && cut ? 'the level was cut short' : undefined;
  return {
    assertion: text,
    severity,
    passed: kept && !cut,
    metric,
    level,
    value: known,
    operator,
    bound,
    ...(because ? { because } : {}),
  };
};

const atLevel = (assertion: Assertion, level: LevelReport): AssertionResult =>
  verdictOn(
    assertion,
    {
      level: level.level,
      value: level.counts.requests > 0 ? ASSERTED_METRICS[assertion.metric]?.of(level) : null,
      cut: !level.complete,
    },
    level.counts.ok === 0 ? 'nothing succeeded' : 'too few samples, or this run does not have it',
  );

const results = (assertion: Assertion, report: SweepReport): readonly AssertionResult[] => {
  const { levels, sweetSpot } = report;
  const nowhere = (why: string) => [verdictOn(assertion, { level: null, value: null, cut: false }, why)];
  if (assertion.level === 'all')
    return levels.length > 0
      ? levels.map((level) => atLevel(assertion, level))
      : nowhere('nothing was measured');
  if (assertion.level !== undefined) {
    const level = levels.find((each) => each.level === assertion.level);
    return level ? [atLevel(assertion, level)] : nowhere(`level ${assertion.level} was not measured`);
  }
  const ofRun = ASSERTED_METRICS[assertion.metric]?.ofRun;
  if (ofRun) {
    const cut = levels.length === 0 || levels.some(({ complete }) => !complete);
    const result = verdictOn(
      assertion,
      { level: null, value: ofRun(report), cut },
      'no price is known (--price)',
    );
    return [cut && result.because ? { ...result, because: 'the run was cut short' } : result];
  }
  const only = levels.length === 1 ? levels[0] : undefined;
  const level = only ?? levels.find((each) => each.level === sweetSpot?.level);
  return level
    ? [atLevel(assertion, level)]
    : nowhere('no level can be recommended, and none is named: add {level:…}');
};

/** Holds a report against assertions, in their order; one about every level has a result for each. Pure. */
export const checkAssertions = (
  report: SweepReport,
  assertions: readonly Assertion[],
): readonly AssertionResult[] => assertions.flatMap((assertion) => results(assertion, report));

/** A report with the results of further assertions behind those it has. */
export const withAssertions = (report: SweepReport, assertions: readonly Assertion[]): SweepReport =>
  assertions.length === 0
    ? report
    : { ...report, assertions: [...(report.assertions ?? []), ...checkAssertions(report, assertions)] };

/** Results that make the run fail. */
export const brokenAssertions = ({ assertions = [] }: SweepReport): readonly AssertionResult[] =>
  assertions.filter(({ passed, severity }) => !passed && severity !== 'warn');

/** Assertions that have to end the run now that these levels are known: they name one that is complete and does not keep them. */
export const lostAssertions = (
  report: SweepReport,
  assertions: readonly Assertion[],
): readonly AssertionResult[] => {
  const complete = { ...report, levels: report.levels.filter((level) => level.complete) };
  const ending = assertions.filter(
    ({ severity, level, metric }) =>
      severity === 'abort' && (level !== undefined || ASSERTED_METRICS[metric]?.grows),
  );
  return ending
    .filter(({ level }) => typeof level !== 'number' || complete.levels.some((each) => each.level === level))
    .flatMap((assertion) => checkAssertions(complete, [assertion]))
    .filter(({ passed, value }) => !passed && value !== null);
};
