import type { AssertionResult } from '../analyze/assertion-result.ts';
import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { resultText } from './assertion-words.ts';
import { type JunitCase, type JunitResult, junitDocument } from './junit-document.ts';
import type { Reporter } from './reporter.ts';
import { terminal } from './terminal.ts';
import { statusNote, verdict } from './verdict.ts';
import { sentence } from './wording.ts';

/** Warnings that mean that a figure must not be used. */
const VOID = new Set(['ledger-mismatch']);

/**
 * A level fails if it was cut short, if nothing succeeded or if its figures are void. One that is merely beyond the sweet spot
 * is what a sweep is meant to find: it is skipped, with the reason.
 */
const levelCase = (level: LevelReport, { warnings }: SweepReport): JunitCase => {
  const own = warnings.find((warning) => warning.level === level.level && VOID.has(warning.code));
  const result = (): JunitResult | undefined => {
    if (!level.complete)
      return {
        kind: 'error',
        type: 'incomplete',
        message: `cut short after ${level.counts.requests} requests`,
      };
    if (own) return { kind: 'error', type: own.code, message: own.message, text: own.hint };
    if (level.counts.ok === 0)
      return { kind: 'failure', type: 'nothing-succeeded', message: 'no request succeeded' };
    if (!level.admissible)
      return {
        kind: 'skipped',
        type: 'not-recommended',
        message: sentence(`not recommended: ${level.inadmissibleBecause}`),
      };
    return undefined;
  };
  return { name: `${level.level} at once`, seconds: level.wallClockMs / 1000, result: result() };
};

const runCase = (report: SweepReport): JunitCase => {
  const status = statusNote(report);
  return {
    name: 'the run is complete',
    seconds: 0,
    result: status === undefined ? undefined : { kind: 'error', type: 'incomplete', message: status },
  };
};

const spotCase = (report: SweepReport): JunitCase => {
  const { headline, because, next } = verdict(report);
  return {
    name: 'a sweet spot is found',
    seconds: 0,
    result: report.sweetSpot
      ? undefined
      : {
          kind: 'failure',
          type: 'no-sweet-spot',
          message: `${headline} ${because}`,
          ...(next ? { text: next } : {}),
        },
  };
};

/** One that only warns passes, and says what it warned of. */
const assertionCase = (result: AssertionResult): JunitCase => ({
  name: result.level === null ? result.assertion : `${result.assertion} at ${result.level}`,
  seconds: 0,
  ...(result.passed
    ? {}
    : {
        result: {
          kind: result.severity === 'warn' ? 'skipped' : 'failure',
          type: 'threshold',
          message: resultText(result),
        },
      }),
});

/** For test pages of CI systems: the run, its verdict and every level as test cases, the whole report as their output. */
export const junit: Reporter = {
  format: 'junit',
  file: 'junit.xml',
  render(report) {
    const { startedAt } = report.meta;
    return junitDocument({
      name: `bench sweep ${report.meta['scenario'] ?? ''}`,
      cases: [
        runCase(report),
        spotCase(report),
        ...report.levels.map((level) => levelCase(level, report)),
        ...(report.assertions ?? []).map(assertionCase),
      ],
      properties: Object.entries(report.meta).map(([name, value]) => [name, String(value)]),
      ...(startedAt === undefined ? {} : { startedAt: String(startedAt) }),
      output: terminal.render(report, { color: false, width: 100, unicode: true }),
    });
  },
};
