import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { SweepReport } from '../../src/analyze/report.ts';
import { junit } from '../../src/report/junit.ts';
import { allFailed, fiveLevels, interrupted, REPORTS } from './canonical-reports.ts';

const schema = readFileSync(new URL('../fixtures/junit.xsd', import.meta.url), 'utf8');

const render = (report: SweepReport): string =>
  junit.render(report, { color: false, width: 80, unicode: true });

const cases = (report: SweepReport): readonly string[] =>
  [
    ...render(report).matchAll(
      /<testcase [^>]*?name="([^"]*)" time="([^"]*)"(?:\/>|>\s*<(\w+) type="([^"]*)" message="([^"]*)")/g,
    ),
  ].map(([, name, time, ...result]) => [name, time, ...result.filter(Boolean)].join(' | '));

describe('JUnit', () => {
  it.each(Object.entries(REPORTS))('is what test pages read: %s', async (_, build) => {
    const { errors } = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: render(build()) }],
      schema: [schema],
    });
    expect(errors).toEqual([]);
  });

  it('is refused by the same schema if it were wrong', async () => {
    const wrong = render(fiveLevels()).replace(/ tests="\d+"/, ' tests="many"');
    expect(
      (await validateXML({ xml: [{ fileName: 'junit.xml', contents: wrong }], schema: [schema] })).valid,
    ).toBe(false);
  });

  it('passes what was measured, and skips what lies beyond the sweet spot', () => {
    expect(cases(fiveLevels())).toMatchInlineSnapshot(`
      [
        "the run is complete | 0.000",
        "a sweet spot is found | 0.000",
        "1 at once | 1925.000",
        "5 at once | 386.000",
        "10 at once | 194.000",
        "20 at once | 100.000",
        "30 at once | 88.000 | skipped | not-recommended | Not recommended: 11 % of its slot time goes into retries (1.23 attempts per success).",
      ]
    `);
  });

  it('fails without a sweet spot, and where nothing succeeded', () => {
    expect(cases(allFailed())).toMatchInlineSnapshot(`
      [
        "the run is complete | 0.000",
        "a sweet spot is found | 0.000 | failure | no-sweet-spot | No sweet spot. No level can be recommended: already at 1 at once no request succeeded.",
        "1 at once | 0.900 | failure | nothing-succeeded | no request succeeded",
        "5 at once | 0.900 | failure | nothing-succeeded | no request succeeded",
      ]
    `);
  });

  it('errs where a level or the run was cut short', () => {
    expect(cases(interrupted())).toMatchInlineSnapshot(`
      [
        "the run is complete | 0.000 | error | incomplete | This run was interrupted before its end: 2 levels are complete, 10 was cut short.",
        "a sweet spot is found | 0.000",
        "1 at once | 1925.000",
        "5 at once | 386.000",
        "10 at once | 194.000 | error | incomplete | cut short after 500 requests",
      ]
    `);
  });

  it('counts each result once, and shows the whole report as output', () => {
    const text = render(allFailed());
    expect(text).toContain('<testsuites name="sweetspot" tests="4" failures="3" errors="0" time="1.800">');
    expect(text).toMatch(/<system-out>.*No sweet spot\..*<\/system-out>/s);
  });

  it('survives any text', async () => {
    const evil = ']]></failure>\u0000\u001b[31m<&"\u{1f600}\ufffe';
    const text = render(fiveLevels({ meta: { scenario: evil, [evil]: evil }, sweetSpot: null }));
    const { errors } = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: text }],
      schema: [schema],
    });
    expect(errors).toEqual([]);
  });
});
