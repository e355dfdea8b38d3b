import { create } from 'xmlbuilder2';
import type { LevelReport, SweepReport } from '../analyze/report.ts';
import type { Reporter } from './reporter.ts';
import { printable } from './style.ts';
import { terminal } from './terminal.ts';
import { statusNote, verdict } from './verdict.ts';
import { sentence } from './wording.ts';

/** What a test system shows beside a case; a case without one has passed. */
interface Result {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text?: string;
}

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly result?: Result | undefined;
}

/** Warnings that mean that a figure must not be used. */
const VOID = new Set(['ledger-mismatch']);

/**
 * A level fails if it was cut short, if nothing succeeded or if its figures are void. One that is merely beyond the sweet spot
 * is what a sweep is meant to find: it is skipped, with the reason.
 */
const levelCase = (level: LevelReport, { warnings }: SweepReport): Case => {
  const own = warnings.find((warning) => warning.level === level.level && VOID.has(warning.code));
  const result = (): Result | undefined => {
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

const runCase = (report: SweepReport): Case => {
  const status = statusNote(report);
  return {
    name: 'the run is complete',
    seconds: 0,
    result: status === undefined ? undefined : { kind: 'error', type: 'incomplete', message: status },
  };
};

const spotCase = (report: SweepReport): Case => {
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

/** Seconds as test systems read them: plain digits, whatever the size. */
const secondsText = (seconds: number): string =>
  Number.isFinite(seconds) ? Math.min(1e15, Math.max(0, seconds)).toFixed(3) : '0';

/** Line by line, without what XML cannot hold. */
const safe = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/[^\P{C}]/gu, ''))
    .join('\n');

/** For test pages of CI systems: the run, its verdict and every level as test cases, the whole report as their output. */
export const junit: Reporter = {
  format: 'junit',
  file: 'junit.xml',
  render(report) {
    const cases = [
      runCase(report),
      spotCase(report),
      ...report.levels.map((level) => levelCase(level, report)),
    ];
    const count = (kind: Result['kind']) =>
      String(cases.filter(({ result }) => result?.kind === kind).length);
    const seconds = secondsText(report.levels.reduce((sum, { wallClockMs }) => sum + wallClockMs / 1000, 0));
    const suite = printable(`bench sweep ${report.meta['scenario'] ?? ''}`);
    const totals = { tests: String(cases.length), failures: count('failure'), errors: count('error') };
    const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '' }).ele('testsuites', {
      name: 'sweetspot',
      ...totals,
      time: seconds,
    });
    const { startedAt } = report.meta;
    const element = root.ele('testsuite', {
      name: suite,
      ...totals,
      skipped: count('skipped'),
      time: seconds,
      ...(startedAt === undefined ? {} : { timestamp: String(startedAt).replace(/(\.\d+)?Z$/, '') }),
    });
    const properties = element.ele('properties');
    for (const [name, value] of Object.entries(report.meta))
      properties.ele('property', { name: printable(name), value: printable(String(value)) });
    for (const { name, seconds: took, result } of cases) {
      const test = element.ele('testcase', { classname: suite, name, time: secondsText(took) });
      if (!result) continue;
      const message = printable(result.message);
      test.ele(result.kind, { type: result.type, message }).txt(printable(result.text ?? result.message));
    }
    element.ele('system-out').txt(safe(terminal.render(report, { color: false, width: 100, unicode: true })));
    return `${root.end({ prettyPrint: true })}\n`;
  },
};
