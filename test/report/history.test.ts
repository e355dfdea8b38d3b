import { describe, expect, it } from 'vitest';
import { historyOf } from '../../src/report/history/history.ts';
import { historyPage } from '../../src/report/history/history-page.ts';
import { HistorySchema, historyJsonSchema } from '../../src/report/history/history-schema.ts';
import { renderHistory } from '../../src/report/history/history-terminal.ts';
import { runTimes, shortRunTimes } from '../../src/report/history/run-times.ts';
import { sparkline } from '../../src/report/history/sparkline.ts';
import { visibleWidth } from '../../src/report/wrap.ts';
import { fiveLevels, oneLevel, REPORTS } from './canonical-reports.ts';

const ran = (startedAt: string, report = fiveLevels()) => ({
  ...report,
  meta: { ...report.meta, startedAt },
});

const faster = () => {
  const report = fiveLevels();
  const levels = report.levels.map((level) => ({
    ...level,
    rates: { ...level.rates, achievedPerSecond: level.rates.achievedPerSecond * 1.5 },
  }));
  return { ...report, levels };
};

const history = () =>
  historyOf([
    ['results/c', ran('2026-05-06T09:30:00.000Z', faster())],
    ['results/a', ran('2026-05-04T09:30:00.000Z')],
    ['results/one', ran('2026-05-03T09:30:00.000Z', oneLevel())],
    ['results/b', ran('2026-05-05T09:30:00.000Z', REPORTS['all failed']?.())],
    ['results/none', ran('2026-05-05T10:30:00.000Z', { ...fiveLevels(), sweetSpot: null })],
  ]);

const OPTIONS = { color: false, width: 80, unicode: true };

describe('a history', () => {
  it('puts runs together that measured the same, in order of time, the newest group first', () => {
    expect(history().groups.map(({ levels, runs }) => [levels, runs.map(({ dir }) => dir)])).toEqual([
      [
        [1, 5, 10, 20, 30],
        ['results/a', 'results/none', 'results/c'],
      ],
      [[1, 5], ['results/b']],
      [[20], ['results/one']],
    ]);
  });

  it('is what its schema says, and the schema is published', async () => {
    const read: unknown = JSON.parse(JSON.stringify(history()));
    expect(HistorySchema.strict().parse(read)).toEqual(read);
    const published = `${JSON.stringify(historyJsonSchema(), null, 2)}\n`;
    await expect(published).toMatchFileSnapshot('../../docs/schema/history-1.schema.json');
  });

  it('shows the trend and the runs on a screen', () => {
    const text = renderHistory(history(), OPTIONS);
    expect(`\n${text}`).toMatchInlineSnapshot(`
      "
      classify-500 on mock (profile hosted-tier), levels 1,5,10,20,30, 40 × real time:
      3 runs
      throughput   ▁ █  5.00/s → 7.50/s
      request p95  ▅ ▅  4.61 s → 4.61 s
      sweet spot   ▅ ▅  20 → 20

      began (UTC)       sweet        speed-  request
                         spot  ok/s      up      p95  429s
      ───────────────────────────────────────────────────────
      2026-05-04 09:30     20  5.00    19.3   4.61 s   113
      2026-05-05 10:30      –     –       –        –   113
      2026-05-06 09:30     20  7.50    19.3   4.61 s   113

      classify-500 on mock (profile hosted-tier), levels 1,5, 40 × real time: 1 run

      began (UTC)       sweet        speed-  request
                         spot  ok/s      up      p95  429s
      ───────────────────────────────────────────────────────
      2026-05-05 09:30      –     –       –        –     0

      classify-500 on mock (profile hosted-tier), levels 20, 40 × real time: 1 run

      began (UTC)       sweet        speed-  request
                         spot  ok/s      up      p95  429s
      ───────────────────────────────────────────────────────
      2026-05-03 09:30     20  5.00    19.3   4.61 s     0
      "
    `);
    for (const unicode of [false, true])
      for (const line of renderHistory(history(), { color: true, width: 80, unicode }).split('\n'))
        expect(visibleWidth(line)).toBeLessThanOrEqual(80);
  });

  it('is a page of the same make as the report', () => {
    const text = historyPage(history());
    expect(text).toContain('script-src &#39;sha256-');
    expect(text.match(/class="plot" data-chart=/g)).toHaveLength(6);
    expect(text).toContain('5 runs of 3 kinds');
  });
});

describe('when runs began', () => {
  const runs = (...instants: string[]) =>
    historyOf(instants.map((at, i) => [`${i}`, ran(at)] as const)).groups[0]?.runs ?? [];

  it('is told to the minute, or to the second where that tells two runs apart', () => {
    expect(runTimes(runs('2026-05-04T09:30:01.000Z', '2026-05-05T09:30:00.000Z'))).toEqual([
      '2026-05-04 09:30',
      '2026-05-05 09:30',
    ]);
    expect(runTimes(runs('2026-05-04T09:30:01.000Z', '2026-05-04T09:30:09.000Z'))).toEqual([
      '2026-05-04 09:30:01',
      '2026-05-04 09:30:09',
    ]);
  });

  it('is told without what all share where room is scarce', () => {
    expect(shortRunTimes(runs('2026-05-04T09:30:00.000Z', '2026-05-04T10:30:00.000Z'))).toEqual([
      '09:30',
      '10:30',
    ]);
    expect(shortRunTimes(runs('2026-05-04T09:30:00.000Z', '2026-06-04T09:30:00.000Z'))).toEqual([
      '05-04 09:30',
      '06-04 09:30',
    ]);
    expect(shortRunTimes(runs('2026-05-04T09:30:00.000Z'))).toEqual(['2026-05-04 09:30']);
  });
});

describe('a sparkline', () => {
  it('goes from the lowest to the highest, blank where there is nothing, level where all are alike', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], true)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([1, null, 8], false)).toBe('_ @');
    expect(sparkline([5, 5], true)).toBe('▅▅');
    expect(sparkline([null], true)).toBe(' ');
  });
});
