import { expect, test } from 'vitest';
import { terminal } from '../../src/report/terminal.ts';
import { levelReport, sweepReport } from '../support/report-fixtures.ts';
import { fiveLevels, interrupted, oneLevel } from './canonical-reports.ts';

const OPTIONS = { color: false, width: 80, unicode: true };
const render = (report: Parameters<typeof terminal.render>[0]) => `\n${terminal.render(report, OPTIONS)}`;
const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

test('an interrupted run says so first and last', () => {
  const lines = terminal
    .render(interrupted(), { ...OPTIONS, width: 120 })
    .trimEnd()
    .split('\n');
  const note = '! This run was interrupted before its end: 2 levels are complete, 10 was cut short.';
  expect(lines[0]).toBe(note);
  expect(lines.at(-1)).toBe(note);
});

test('a failed run without a level still says what it knows', () => {
  const text = terminal.render(sweepReport({ meta: { scenario: 'x', status: 'failed' } }), OPTIONS);
  expect(text).toMatchInlineSnapshot(`
    "! This run failed before its end: 0 levels are complete.

    Scenario  x
    Time      the harness adds 1.2 ms of real time to each call, which counts as 48
              ms

    No chart: no level was measured.

    ✗ No sweet spot. No level was measured.
    ! This run failed before its end: 0 levels are complete.
    "
  `);
});

test('without level 1 it says what the speed-up is relative to', () => {
  expect(flat(render(oneLevel()))).toContain('relative to 1 at once: 20 calls in sequence');
  expect(flat(render({ ...oneLevel(), reference: null }))).toContain('There is no speed-up');
  expect(flat(render(fiveLevels()))).not.toContain('relative to');
});

test('at real time nothing is said about model time', () => {
  const report = sweepReport({ meta: { speed: 1 }, overhead: { perCallRealMs: 2, perCallMs: 2, calls: 9 } });
  expect(render(report)).toContain('real time; the harness adds 2.0 ms to each call');
  expect(render(report)).not.toContain('model time');
});

test('an endpoint cannot paint our screen, break our lines or hide its words', () => {
  const text = render(
    fiveLevels({
      meta: { scenario: 'a\u001b[31mb\r\nc\u202ed' },
      warnings: [{ code: 'x', message: 'one\u0007\n\n\u001b]0;title\u0007two', hint: 'three\tfour' }],
    }),
  );
  expect(text).toContain('Scenario  ab cd');
  expect(text).toMatch(/! One two\.\n {2}Three four\./);
});

test('several levels with one caveat share its note; the highest speaks', () => {
  const warnings = [5, 30, 10].map((level) => ({
    code: 'drain',
    level,
    message: `idle at ${level}`,
    hint: 'more',
  }));
  expect(render(fiveLevels({ warnings }))).toContain('! Idle at 30. (Also at 5 and 10.)\n  More.');
});

test('levels that are refused for the same reason share a note, except the one that the verdict speaks of', () => {
  const refused = { admissible: false, inadmissibleBecause: 'too slow' };
  const { sweetSpot, levels } = fiveLevels();
  const more = [40, 50].map((level) => levelReport({ level, ...refused }));
  expect(render(fiveLevels({ sweetSpot, levels: [...levels, ...more] }))).toContain(
    '✗ At 40 and 50 at once, too slow.',
  );
  expect(render(fiveLevels())).not.toContain('✗ At 30');
});

test.each([
  ['failed', 'failed before its end'],
  ['running', 'had not ended yet when this was written'],
  ['exploded', 'did not finish'],
])('a run with status %s is not taken for a whole one', (status, words) => {
  expect(render(fiveLevels({ meta: { status } }))).toContain(`! This run ${words}: 5 levels are complete.`);
});
