import { describe, expect, test } from 'vitest';
import { roundScale } from '../../src/report/axis.ts';
import { throughputChart } from '../../src/report/chart.ts';
import { styleOf } from '../../src/report/style.ts';
import { levelReport, sweepReport, verdict } from '../support/report-fixtures.ts';
import { fiveLevels } from './canonical-reports.ts';

const styled = (unicode: boolean) => styleOf({ color: false, width: 80, unicode });
const chart = (report = fiveLevels(), width = 80, unicode = true) =>
  throughputChart(report, styled(unicode), width);
const steady = (levels: readonly number[], best: number | null = null) =>
  sweepReport({
    levels: levels.map((level) => levelReport({ level })),
    sweetSpot:
      best === null ? null : verdict({ level: best, reason: 'plateau', because: '', nextLevel: null }),
  });

test('in ASCII, 60 columns', () => {
  expect(`\n${chart(fiveLevels(), 60, false)}`).toMatchInlineSnapshot(`
    "
    Throughput (ok/s) by calls at once
    6 +
      |                                            .----------x
      |                                   .*-------'
      |                               .---'
    4 +                           .---'
      |                       .---'
      |                    .--'
      |                .-o-'
    2 +            .---'
      |        o---'
      |     .--'
      | o---'
    0 +-+------+---------+-----------------+------------------+-
        1      5         10                20                 30
                                           ^ sweet spot: 20"
  `);
});

test('perfect scaling is a straight line', () => {
  expect(`\n${chart(steady([1, 2, 3, 4, 5, 6]), 40)}`).toMatchInlineSnapshot(`
    "
    Throughput (ok/s) by calls at once
    2.0 ┤
        │
        │
    1.5 ┤                              ╭──●
        │                          ╭●──╯
        │                       ╭──╯
    1.0 ┤                    ╭─●╯
        │                ●───╯
        │            ╭───╯
    0.5 ┤        ╭─●─╯
        │     ●──╯
        │
      0 └─────┬────┬─────┬─────┬────┬─────┬─
              1    2     3     4    5     6"
  `);
});

test('a level stands at its own distance from the axis, whatever lies between', () => {
  const line = chart(steady([10, 20, 40, 80], 40), 80)
    .split('\n')
    .find((text) => text.includes('└'));
  const axis = line?.indexOf('└') ?? 0;
  const [a = 0, b = 0, c = 0, d = 0] = [...(line ?? '').matchAll(/┬/g)].map(({ index }) => index - axis);
  const unit = d / 80;
  for (const [column, level] of [
    [a, 10],
    [b, 20],
    [c, 40],
  ] as const) {
    expect(Math.abs(column - level * unit)).toBeLessThanOrEqual(0.5);
  }
});

test('labels that would collide are left out, the sweet spot’s is not', () => {
  const text = chart(steady([1, 2, 3, 4, 5, 96, 97, 98, 99, 100], 98), 60);
  expect(text.split('\n').slice(-2).join('\n')).toMatchInlineSnapshot(`
    "    1                                                    98
                                              sweet spot: 98 ▲"
  `);
});

test.each([
  ['no level', sweepReport(), 'No chart: no level was measured.'],
  ['one level', steady([20]), 'No chart: one level makes no curve.'],
  [
    'no success',
    sweepReport({ levels: [1, 2].map((level) => levelReport({ level, wallClockMs: 0 })) }),
    'No chart: no request succeeded.',
  ],
])('with %s it says so instead', (_, report, words) => {
  expect(chart(report)).toContain(words);
});

describe('roundScale', () => {
  test.each([
    [5.66, ['0', '2', '4', '6']],
    [0.26, ['  0', '0.1', '0.2', '0.3']],
    [1, ['  0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [11, ['   0', ' 2.5', ' 5.0', ' 7.5', '10.0', '12.5']],
    [48_000, ['  0', '10K', '20K', '30K', '40K', '50K']],
    [0.0004, undefined],
  ])('%f', (largest, labels) => {
    const scale = roundScale(largest);
    expect(scale.top).toBeGreaterThanOrEqual(largest);
    if (labels) expect(scale.labels).toEqual(labels);
  });
});
