import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { htmlPage } from '../../src/report/html/html.ts';
import type { PageModel } from '../../src/report/html/page-model.ts';
import { RunViewAccumulator } from '../../src/report/run-view/run-view.ts';
import { attempt, request } from '../support/record-fixtures.ts';
import { fiveLevels, nullsEverywhere, REPORTS } from './canonical-reports.ts';

const OPTIONS = { color: false, width: 80, unicode: true };

const page = (
  ...[report, detail]: [Parameters<typeof htmlPage.render>[0], Parameters<typeof htmlPage.render>[2]?]
) => htmlPage.render(report, OPTIONS, detail);

const modelIn = (text: string): PageModel =>
  JSON.parse(/<script type="application\/json" id="page-model">(.*?)<\/script>/s.exec(text)?.[1] ?? '');

const hash = (text: string | undefined) =>
  `'sha256-${createHash('sha256')
    .update(text ?? '')
    .digest('base64')}'`;

const EVIL = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&\u2028`;

describe('the HTML page', () => {
  it('says the verdict first, then shows charts, all figures, and how to repeat the run', () => {
    const text = page(fiveLevels());
    const order = [
      'Sweet spot: 20 at once.',
      'data-chart="throughput"',
      'data-chart="latency"',
      'data-chart="slot-time"',
      'class="sortable"',
      'bench sweep --levels 1,5,10,20,30',
    ];
    const places = order.map((part) => text.indexOf(part, text.indexOf('<body>')));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(modelIn(text).charts.map(({ id }) => id)).toEqual(['throughput', 'latency', 'slot-time']);
    expect(text).toContain('model time: 40 × real time');
  });

  it('allows its own script and style and nothing else, and names no address', () => {
    const text = page(fiveLevels());
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1]?.replaceAll('&#39;', "'");
    const script = /<script>(.*?)<\/script>/s.exec(text)?.[1];
    const style = /<style>(.*?)<\/style>/s.exec(text)?.[1];
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    const outside = text.replace(script ?? '', '').replaceAll('http://127.0.0.1:41234/v1', '');
    expect(outside).not.toMatch(/https?:\/\/|src=|@import|url\(/);
    expect(outside.replace(style ?? '', '')).not.toMatch(/ style="| on[a-z]+="/);
  });

  it('shows foreign text as text, wherever it stands', () => {
    const report = fiveLevels({
      meta: { scenario: EVIL, target: EVIL, model: EVIL, command: EVIL, startedAt: EVIL },
    });
    const warned = { ...report, warnings: [{ code: EVIL, message: EVIL, hint: EVIL }] };
    const text = page(warned, { environment: { [EVIL]: EVIL } });
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<img');
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(modelIn(text).charts.length).toBeGreaterThan(0);
  });

  it('shows the course over time and requests where the records are there', () => {
    const accumulator = new RunViewAccumulator();
    const rateLimit = { requests: { limit: 10, remaining: 4 } };
    accumulator.record(
      request([attempt(0, 5, 'rate-limited'), { ...attempt(1000, 4000), rateLimit }], { level: 30 }),
    );
    accumulator.record(request([attempt(0, 900, 'server')], { level: 30, index: 1 }));
    const { charts, waterfall } = modelIn(page(fiveLevels(), { view: accumulator.view() }));
    expect(charts.map(({ id }) => id)).toEqual([
      'throughput',
      'latency',
      'slot-time',
      'attempts',
      'in-flight',
    ]);
    const attempts = charts.find(({ id }) => id === 'attempts');
    expect(attempts?.series.map(({ label }) => label)).toEqual([
      'requests left',
      'ok',
      '429',
      'other failures',
    ]);
    expect(Math.min(...(attempts?.series[0]?.values.filter((value) => value !== null) ?? []))).toBe(0.4);
    expect(waterfall?.levels).toEqual([
      {
        level: 30,
        requests: [
          [
            0,
            1,
            0,
            4000,
            [
              [0, 5, -1, 1],
              [1000, 3000, -1, 0],
            ],
          ],
          [1, 2, 0, 900, [[0, 900, -1, 4]]],
        ],
      },
    ]);
    expect(waterfall?.endings[1]?.label).toBe('rate limit (429)');
  });

  it('draws intervals, the ceiling and the scaling law where a report has them', () => {
    const { sweetSpot, levels, ...rest } = fiveLevels();
    const interval = { low: 1, high: 2, confidence: 0.95 };
    const grown = {
      ...rest,
      levels: levels.map((level) => ({ ...level, steady: level.steady && { ...level.steady, interval } })),
      sweetSpot: sweetSpot && {
        ...sweetSpot,
        interval: {
          low: 18,
          high: 22,
          confidence: 0.9,
          levels: [18, 20, 22],
          share: 0.8,
          redraws: 400,
          noise: { source: 'cycles' as const, relative: 0.02, blocks: 1 },
        },
        ceiling: { level: 23.04, perSecond: 6, from: 'limit' as const, cycleMs: 3840 },
        fits: {
          usl: { gamma: 0.26, sigma: 0.01, kappa: 0.0001, peak: 99.5, error: 0.01, misspecified: null },
          hinge: null,
        },
      },
    };
    const throughput = modelIn(page(grown)).charts[0];
    expect(throughput?.marks.map(({ label, at, to }) => [label, at, to])).toEqual([
      ['', 18, 22],
      ['★ sweet spot 20', 20, undefined],
      ['ceiling 23', 23.04, undefined],
    ]);
    expect(throughput?.series.map(({ label }) => label)).toEqual([
      'perfect scaling',
      'scaling law (USL), fitted',
      'steady throughput',
      'throughput',
    ]);
    const fitted = throughput?.series[1]?.values ?? [];
    expect(fitted[throughput?.values.indexOf(1) ?? -1]).toBeCloseTo(0.26);
    expect(throughput?.series[2]?.band?.low[throughput.values.indexOf(20)]).toBe(1);
  });

  it.each(Object.entries(REPORTS))('holds only figures that JSON can hold: %s', (_, build) => {
    const { charts } = modelIn(page(build()));
    for (const { values, series } of charts) {
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      for (const each of series) expect(each.values).toHaveLength(values.length);
    }
  });

  it('says so where there is nothing to draw', () => {
    expect(page(nullsEverywhere())).toContain('No sweet spot.');
    expect(page(REPORTS['all failed']?.() ?? nullsEverywhere())).toContain(
      'No request succeeded, so there is no curve to show.',
    );
  });
});
