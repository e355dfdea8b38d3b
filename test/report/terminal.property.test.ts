import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LevelReport, SweepReport } from '../../src/analyze/report.ts';
import { REPORTERS } from '../../src/report/reporters.ts';
import { terminal } from '../../src/report/terminal.ts';
import { visibleWidth, wrap } from '../../src/report/wrap.ts';
import { levelReport, metric, sweepReport, verdict } from '../support/report-fixtures.ts';

const amount = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.nat(),
);
const maybe = fc.option(amount, { nil: null });

const anyLevel = fc
  .record({
    level: fc.integer({ min: 1, max: 10_000 }),
    a: amount,
    b: amount,
    c: maybe,
    d: maybe,
    count: fc.nat(300),
  })
  .chain((seed) => fc.tuple(fc.constant(seed), fc.boolean(), fc.boolean(), fc.string({ unit: 'grapheme' })))
  .map(([{ level, a, b, c, d, count }, admissible, complete, because]): LevelReport => {
    const base = levelReport({ level });
    return {
      ...base,
      wallClockMs: a,
      counts: { ...base.counts, ok: count, failed: b, rateLimited: a },
      failures: { reset: b },
      rates: { ...base.rates, achievedPerSecond: b, outputTokensPerSecond: a },
      attemptsPerSuccess: c,
      retryOverhead: d,
      speedUp: c,
      efficiency: d,
      inFlight: { mean: a, max: level },
      metrics: count > 250 ? {} : { serviceTime: metric(a, b, a, count) },
      cooldown: { waitedMs: a, because },
      admissible,
      complete,
      ...(admissible ? {} : { inadmissibleBecause: because }),
    };
  });

const anyReport: fc.Arbitrary<SweepReport> = fc
  .record({
    levels: fc.uniqueArray(anyLevel, { maxLength: 12, selector: ({ level }) => level }),
    best: fc.nat(11),
    text: fc.string({ unit: 'grapheme', maxLength: 200 }),
    speed: amount,
    status: fc.constantFrom('complete', 'interrupted', 'failed', ''),
  })
  .map(({ levels, best, text, speed, status }) => {
    const level = levels[best]?.level;
    return sweepReport({
      meta: { scenario: text, target: text, speed, status },
      levels,
      warnings: [{ code: 'x', message: text, hint: text }],
      sweetSpot:
        level === undefined
          ? null
          : verdict({ level, reason: 'plateau', because: text, nextLevel: level + 7 }),
    });
  });

const anyOptions = fc.record({
  color: fc.boolean(),
  width: fc.integer({ min: 32, max: 200 }),
  unicode: fc.boolean(),
});

const reporters = await Promise.all(Object.values(REPORTERS).map((load) => load()));

test('whatever the figures, every format renders and no line on the screen is too wide', () => {
  fc.assert(
    fc.property(anyReport, anyOptions, (report, options) => {
      for (const reporter of reporters) expect(reporter.render(report, options)).not.toBe('');
      const text = terminal.render(report, options);
      for (const line of text.split('\n')) expect(visibleWidth(line)).toBeLessThanOrEqual(options.width);
      expect(text).not.toMatch(/\bNaN\b|\bInfinity\b/);
    }),
    { numRuns: 150 },
  );
});

test('wrapping keeps every sign in its order and every line in its width', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 12, max: 60 }),
      fc.nat(8),
      (text, width, indent) => {
        const lines = wrap(text, width, indent);
        expect(Math.max(...lines.map(visibleWidth))).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      },
    ),
  );
});
