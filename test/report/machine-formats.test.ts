import { describe, expect, it } from 'vitest';
import { csvRequests } from '../../src/report/csv-requests.ts';
import { github } from '../../src/report/github.ts';
import { openmetrics } from '../../src/report/openmetrics.ts';
import { attempt, request } from '../support/record-fixtures.ts';
import { allFailed, fiveLevels, REPORTS } from './canonical-reports.ts';

const OPTIONS = { color: false, width: 80, unicode: true };

describe('OpenMetrics', () => {
  const METADATA = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/;
  const SAMPLE =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

  /** Reads an exposition as strictly as the specification is; throws at the first line that it does not allow. */
  const parse = (text: string) => {
    const lines = text.split('\n');
    expect(lines.splice(-2)).toEqual(['# EOF', '']);
    const families = new Map<
      string,
      { type?: string; unit?: string; samples: [labels: string, value: number][] }
    >();
    let current = '';
    for (const line of lines) {
      const meta = METADATA.exec(line);
      if (meta) {
        const [, kind = '', name = '', value = ''] = meta;
        // A family's lines stand together: its name never comes back.
        if (name !== current && families.has(name)) throw new Error(`${name} is interleaved`);
        current = name;
        const family = families.get(name) ?? { samples: [] };
        if (kind === 'TYPE') family.type = value;
        if (kind === 'UNIT') family.unit = value;
        families.set(name, family);
        continue;
      }
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      const family = families.get(current);
      const expected = family?.type === 'info' ? `${current}_info` : current;
      if (!family || name !== expected) throw new Error(`no sample of ${current}: ${line}`);
      family.samples.push([labels, Number(value)]);
    }
    return families;
  };

  it.each(Object.entries(REPORTS))('is a valid exposition: %s', (_, build) => {
    const families = parse(openmetrics.render(build(), OPTIONS));
    for (const [name, { type, unit, samples }] of families) {
      expect(type).toMatch(/^(gauge|info)$/);
      if (unit !== undefined) expect(name.endsWith(`_${unit}`)).toBe(true);
      expect(new Set(samples.map(([labels]) => labels)).size).toBe(samples.length);
    }
  });

  it('has base units, a sample per level, and the sweet spot', () => {
    const families = parse(openmetrics.render(fiveLevels(), OPTIONS));
    const labels = 'scenario="classify-500",target="mock",model="mock-small",profile="hosted-tier"';
    expect(families.get('bench_sweet_spot_calls')?.samples).toEqual([[labels, 20]]);
    expect(families.get('bench_wall_clock_seconds')?.samples.at(-1)).toEqual([`${labels},level="30"`, 88]);
    expect(families.get('bench_throughput_requests_per_second')?.samples).toHaveLength(5);
    expect(families.get('bench_run')?.samples[0]?.[0]).toContain('attempt_timeout_ms="60000"');
  });
});

describe('GitHub annotations', () => {
  it('name the verdict and every caveat, one command each', () => {
    expect(github.render(fiveLevels(), OPTIONS)).toMatchInlineSnapshot(`
      "::notice title=Sweet spot%3A 20 at once::30 is 13 %25 faster in throughput but spends 11 %25 of its slot time on retries (1.23 attempts per success, 113 answers with 429). Nothing between 20 and 30 was tested. To narrow it down: --levels 20,23,27,30
      ::warning title=bench sweep::At 30 at once 12 %25 of the slots’ time was idle, mostly while the last of 500 requests ran out: a longer batch would show more throughput. Use --requests 1000.
      "
    `);
    expect(github.render(allFailed(), OPTIONS)).toMatch(/^::error title=No sweet spot::/);
  });

  it('cannot be broken out of, and are no more than GitHub shows', () => {
    const warnings = Array.from({ length: 30 }, (_, index) => ({
      code: `code-${index}`,
      message: `100 % of it\n::error::gone`,
      hint: '',
    }));
    const lines = github.render(fiveLevels({ warnings }), OPTIONS).trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[1]).toBe('::warning title=bench sweep::100 %25 of it ::error::gone.');
    expect(lines.at(-1)).toBe('::warning title=bench sweep::21 more warnings: see the step summary.');
  });
});

describe('CSV of requests', () => {
  const row = (...args: Parameters<typeof request>) => {
    const values = csvRequests
      .line(request(...args))
      .trimEnd()
      .split(',');
    return Object.fromEntries(
      csvRequests.head
        .trimEnd()
        .split(',')
        .map((name, index) => [name, values[index]]),
    );
  };

  it('has the course of a request that succeeded', () => {
    const usage = { inputTokens: 20, outputTokens: 8 };
    const attempts = [attempt(100, 110, 'rate-limited'), { ...attempt(510, 910), firstTokenAt: 610 }];
    expect(
      row(attempts, { level: 5, index: 7, usage, firstTokenAt: 610, lastTokenAt: 890 }),
    ).toMatchInlineSnapshot(`
      {
        "added_latency_ms": "410",
        "attempt_time_ms": "400",
        "attempts": "2",
        "backoff_ms": "400",
        "ended_at_ms": "910",
        "failure": "",
        "index": "7",
        "input_tokens": "20",
        "itl_ms": "",
        "level_calls": "5",
        "longest_gap_ms": "",
        "outcome": "ok",
        "output_rate": "20",
        "output_tokens": "8",
        "phase": "measure",
        "rate_limited_attempts": "1",
        "response_time_ms": "810",
        "scheduled_at_ms": "100",
        "service_time_ms": "810",
        "started_at_ms": "100",
        "status": "200",
        "tpot_ms": "40",
        "ttfr_ms": "",
        "ttft_ms": "100",
      }
    `);
  });

  it('has no latency for one that failed, and its kind of failure', () => {
    expect(row([attempt(0, 30, 'timeout')])).toMatchObject({
      outcome: 'failed',
      failure: 'timeout',
      attempts: '1',
      backoff_ms: '0',
      service_time_ms: '',
      status: '',
    });
  });
});
