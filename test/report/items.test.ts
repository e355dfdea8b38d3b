import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/core/record.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { itemTable } from '../../src/report/items.ts';
import { markdown } from '../../src/report/markdown.ts';
import { SweepReportSchema } from '../../src/report/schema.ts';
import { terminal } from '../../src/report/terminal.ts';
import { levelReport, sweepReport } from '../support/report-fixtures.ts';

const call = (item: number, askedAt: number, endedAt: number): RequestRecord => ({
  level: 2,
  index: 0,
  phase: 'measure',
  item,
  step: `${askedAt}`,
  askedAt,
  scheduledAt: askedAt,
  startedAt: askedAt,
  endedAt,
  attempts: [{ startedAt: askedAt, endedAt }],
  outcome: 'ok',
});

/** Two items: two calls side by side and a third after them; two calls in sequence. */
const { items } = summarize(2, [
  call(0, 0, 4000),
  call(0, 0, 3000),
  call(0, 4000, 8000),
  call(1, 0, 4000),
  call(1, 4000, 8000),
]);
const report = sweepReport({ levels: [levelReport({ level: 2, ...(items ? { items } : {}) })] });
const options = { color: false, width: 80, unicode: true };

describe('the items of a workflow', () => {
  it('stand below the levels, on the screen', () => {
    expect(terminal.render(report, options)).toContain(`per item, at once`);
    expect(itemTable(report, ({ level }) => String(level))).toMatchInlineSnapshot(`
      [
        [
          "per item, at once",
          "2",
        ],
        [
          "items",
          "2",
        ],
        [
          "failed items",
          "0",
        ],
        [
          "items/s",
          "0.25",
        ],
        [
          "makespan p50",
          "8.00 s",
        ],
        [
          "makespan p95",
          "–",
        ],
        [
          "calls per item",
          "2–3",
        ],
        [
          "round trips per item",
          "2",
        ],
        [
          "critical path p50",
          "8.00 s",
        ],
        [
          "speed-up within the item",
          "1.19",
        ],
      ]
    `);
  });

  it('stand in Markdown and in the published JSON', () => {
    expect(markdown.render(report, options)).toContain('| round trips per item | 2 |');
    expect(SweepReportSchema.parse(JSON.parse(JSON.stringify(report))).levels[0]?.items).toEqual(items);
  });

  it('are no part of a report of single calls', () => {
    const single = sweepReport({ levels: [levelReport({ level: 2 })] });
    expect(itemTable(single, String)).toBeUndefined();
    expect(terminal.render(single, options)).not.toContain('per item');
  });

  it('stand below each other where the screen is narrow', () => {
    const many = sweepReport({
      levels: Array.from({ length: 12 }, (_, index) =>
        levelReport({ level: index + 1, ...(items ? { items } : {}) }),
      ),
    });
    for (const line of terminal.render(many, { ...options, width: 80 }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});
