import { describe, expect, it } from 'vitest';
import { checkAssertedLevels, parseAssertion } from '../../src/analyze/assertion.ts';
import { checkAssertions, lostAssertions } from '../../src/analyze/assertion-check.ts';
import { AssertionWatch } from '../../src/analyze/assertion-watch.ts';
import type { SweepReport } from '../../src/analyze/report.ts';
import { resultText } from '../../src/report/assertion-words.ts';
import { fiveLevels, oneLevel } from '../report/canonical-reports.ts';
import { attempt, request } from '../support/record-fixtures.ts';
import { levelReport, sweepReport } from '../support/report-fixtures.ts';

const parse = (text: string) => parseAssertion(text, '--assert');

const check = (text: string, report: SweepReport = fiveLevels()) =>
  checkAssertions(report, [parse(text)]).map(
    (result) => `${result.passed ? 'kept' : 'missed'}: ${resultText(result)}`,
  );

describe('a threshold', () => {
  it.each([
    [
      'goodput{level:20} >= 18/s',
      { metric: 'goodput', level: 20, operator: '>=', bound: 18, severity: 'fail' },
    ],
    ['warn: throughput > 500/min', { severity: 'warn', bound: 500 / 60 }],
    ['abort:p95{ level : all }<6s', { severity: 'abort', level: 'all', bound: 6000 }],
    ['retry_overhead < 10%', { bound: 0.1 }],
    ['failure_rate <= 0.02', { bound: 0.02 }],
    ['sweet_spot >= 10', { bound: 10 }],
    ['cost < 1usd', { bound: 1 }],
    ['cost <= $0.50', { bound: 0.5 }],
  ])('is read: %s', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });

  it.each([
    ['goodputt > 1', /no metric "goodputt"/],
    ['toString > 1', /is not a condition/],
    ['constructor > 1', /no metric/],
    ['goodput', /is not a condition/],
    ['p95 < 6', /not a bound for p95/],
    ['retry_overhead < 5s', /not a bound/],
    ['retry_overhead < 10', /not a bound for retry_overhead/],
    ['p95{level:x} < 6s', /not a level/],
    ['sweet_spot{level:20} > 1', /whole run/],
  ])('is refused: %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('may only be about levels that are measured', () => {
    expect(() => checkAssertedLevels([parse('p95{level:7} < 1s')], [1, 5], '--assert')).toThrow(
      /not measured/,
    );
    expect(checkAssertedLevels([parse('p95{level:5} < 1s')], [1, 5], '--assert')).toBeUndefined();
  });

  it('is held against its level, the recommended one, all of them, or the run', () => {
    expect(check('throughput{level:20} >= 4.9/s')).toMatchInlineSnapshot(`
      [
        "kept: throughput at 20 is 5/s (≥ 4.9/s)",
      ]
    `);
    expect(check('retry_overhead < 10%')).toMatchInlineSnapshot(`
      [
        "kept: retry overhead at 20 is 0 % (< 10 %)",
      ]
    `);
    expect(check('retry_overhead{level:all} < 10%')).toMatchInlineSnapshot(`
      [
        "kept: retry overhead at 1 is 0 % (< 10 %)",
        "kept: retry overhead at 5 is 0 % (< 10 %)",
        "kept: retry overhead at 10 is 0 % (< 10 %)",
        "kept: retry overhead at 20 is 0 % (< 10 %)",
        "missed: retry overhead at 30 is 11 % (< 10 %)",
      ]
    `);
    expect(check('sweet_spot >= 30')).toMatchInlineSnapshot(`
      [
        "missed: sweet spot is 20 (≥ 30)",
      ]
    `);
    expect(check('p50 < 4s', oneLevel())).toMatchInlineSnapshot(`
      [
        "kept: p50 at 20 is 3.84 s (< 4 s)",
      ]
    `);
  });

  it('never passes without a value', () => {
    expect(check('cost < 1usd')).toMatchInlineSnapshot(`
      [
        "missed: cost is not known (< $1): no price is known (--price)",
      ]
    `);
    expect(check('ttft_p95{level:20} < 9s')).toMatchInlineSnapshot(`
      [
        "missed: ttft p95 at 20 is not known (< 9 s): too few samples, or this run does not have it",
      ]
    `);
    expect(check('p95 < 9s', sweepReport())).toMatchInlineSnapshot(`
      [
        "missed: p95 is not known (< 9 s): no level can be recommended, and none is named: add {level:…}",
      ]
    `);
    const cut = sweepReport({ levels: [levelReport({ level: 5, complete: false })] });
    expect(check('p50{level:5} < 9s', cut)).toMatchInlineSnapshot(`
      [
        "missed: p50 at 5 is 3.84 s (< 9 s): the level was cut short",
      ]
    `);
  });
});

describe('ending a run early', () => {
  it('happens when a level that is complete misses an abort: threshold, not before', () => {
    const asserted = [parse('abort: p50{level:20} < 1s'), parse('p50{level:1} < 1s')];
    expect(lostAssertions(fiveLevels(), asserted).map(({ level }) => level)).toEqual([20]);
    const cut = sweepReport({ levels: [levelReport({ level: 20, complete: false })] });
    expect(lostAssertions(cut, asserted)).toEqual([]);
  });

  it('happens with the request that makes a count too large', () => {
    const watch = new AssertionWatch([
      parse('abort: failures{level:5} <= 2'),
      parse('failures{level:5} < 1'),
    ]);
    const failed = (level: number) => watch.look(request([attempt(0, 1, 'server')], { level }));
    expect([failed(5), failed(1), failed(5), failed(5)?.metric, failed(5)]).toEqual([
      undefined,
      undefined,
      undefined,
      'failures',
      undefined,
    ]);
  });
});
