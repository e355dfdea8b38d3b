import { create } from 'xmlbuilder2';
import { printable } from './style.ts';

/** What a test system shows beside a case; a case without one has passed. */
export interface JunitResult {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text?: string;
}

/** One line of a test system's page. */
export interface JunitCase {
  readonly name: string;
  readonly seconds: number;
  readonly result?: JunitResult | undefined;
}

/** Seconds as test systems read them: plain digits, whatever the size. */
const secondsText = (seconds: number): string =>
  Number.isFinite(seconds) ? Math.min(1e15, Math.max(0, seconds)).toFixed(3) : '0';

/** Line by line, without what XML cannot hold. */
const safe = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/[^\P{C}]/gu, ''))
    .join('\n');

/** Everything that such a document says. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly startedAt?: string;
  /** Shown as the suite's output. */
  readonly output: string;
}

/** A suite of cases as JUnit XML, as Jenkins and GitLab read it. */
export const junitDocument = (suite: JunitSuite): string => {
  const { cases, properties, startedAt, output } = suite;
  const name = printable(suite.name);
  const count = (kind: JunitResult['kind']) =>
    String(cases.filter(({ result }) => result?.kind === kind).length);
  const time = secondsText(cases.reduce((sum, { seconds }) => sum + seconds, 0));
  const totals = { tests: String(cases.length), failures: count('failure'), errors: count('error') };
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '' }).ele('testsuites', {
    name: 'sweetspot',
    ...totals,
    time,
  });
  const element = root.ele('testsuite', {
    name,
    ...totals,
    skipped: count('skipped'),
    time,
    ...(startedAt === undefined ? {} : { timestamp: startedAt.replace(/(\.\d+)?Z$/, '') }),
  });
  const list = element.ele('properties');
  for (const [key, value] of properties)
    list.ele('property', { name: printable(key), value: printable(value) });
  for (const { name: title, seconds, result } of cases) {
    const test = element.ele('testcase', {
      classname: name,
      name: printable(title),
      time: secondsText(seconds),
    });
    if (!result) continue;
    const message = printable(result.message);
    test.ele(result.kind, { type: result.type, message }).txt(printable(result.text ?? result.message));
  }
  element.ele('system-out').txt(safe(output));
  return `${root.end({ prettyPrint: true })}\n`;
};
