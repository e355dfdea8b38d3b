import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { z } from 'zod';
import { type Comparison, compareRuns } from '../../src/analyze/compare.ts';
import type { COMPARISON_FORMATS } from '../../src/report/comparison/comparison-reporter.ts';
import { COMPARISON_REPORTERS } from '../../src/report/comparison/comparison-reporters.ts';
import { ComparisonSchema, comparisonJsonSchema } from '../../src/report/comparison/comparison-schema.ts';
import { around, runOf } from '../support/compared-runs.ts';

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

const NAMES = { base: 'baseline main', next: 'results/latest' };

const regressed = (): Comparison => {
  const run = (centre: number, seed: number) =>
    runOf(
      around(centre, 0.01, 10, seed).map((wallClock) => ({
        wallClock,
        p95: wallClock / 10,
        retryOverhead: 0,
      })),
    );
  return compareRuns(run(100_000, 1), run(110_000, 2));
};

const changed = (): Comparison =>
  compareRuns(
    runOf([{ wallClock: 100_000, rateLimited: 0 }], { exact: true }),
    runOf([{ wallClock: 100_100, rateLimited: 9 }], { exact: true }),
  );

const forced = (): Comparison => {
  const run = (seed: string) => ({ ...runOf([{ wallClock: 1000 }]), conditions: { seed, note: '<b>|`' } });
  return compareRuns(run('1'), { ...run('2'), conditions: { seed: '2' } });
};

const COMPARISONS = { regressed, changed, forced } as const;

const render = async (format: (typeof COMPARISON_FORMATS)[number], comparison: Comparison): Promise<string> =>
  (await COMPARISON_REPORTERS[format]()).render(comparison, NAMES, {
    color: false,
    width: 80,
    unicode: true,
  });

describe('a comparison', () => {
  it('fits 80 columns', async () => {
    expect(await render('terminal', regressed())).toMatchInlineSnapshot(`
      "base baseline main
      new results/latest

      figure                  base     new  change        interval
      ───────────────────────────────────────────────────────────────────────
      wall-clock at 20      99.9 s  1m 50s  +9.9 %  +9.1 … +10.8 %  regressed
      latency p95 at 20     9.99 s  11.0 s  +9.9 %  +9.1 … +10.8 %  regressed
      retry overhead at 20     0 %     0 %       0    0 … 0 points  no change

      REGRESSED: latency p95 at 20 +9.9 % (95 % CI +9.1 … +10.8 %); wall-clock at 20
      +9.9 % (95 % CI +9.1 … +10.8 %); 10 pairs.
      "
    `);
    expect(await render('terminal', changed())).toMatchInlineSnapshot(`
      "base baseline main
      new results/latest

      figure              base     new        change
      ─────────────────────────────────────────────────────────────────
      wall-clock at 20  1m 40s  1m 40s        +0.1 %  behaviour changed
      429s at 20             0       9  from nothing  behaviour changed

      BEHAVIOUR CHANGED: 429s at 20 from nothing; wall-clock at 20 +0.1 %, below the
      threshold of 5 % or neither better nor worse; simulated runs of one seed,
      compared exactly.
      If this is meant, save the new run as the baseline: bench baseline save NAME
      RUN.
      "
    `);
    for (const build of Object.values(COMPARISONS)) {
      const lines = (await render('terminal', build())).split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it('says of a change that is too small for anyone that it is, and not that there is none', async () => {
    const run = (centre: number, seed: number) =>
      runOf(around(centre, 0.01, 10, seed).map((p95) => ({ p95 })));
    const comparison = compareRuns(run(40, 1), run(44, 2));
    expect(comparison.verdict).toBe('no-change');
    expect(await render('terminal', comparison)).toMatchInlineSnapshot(`
      "base baseline main
      new results/latest

      figure              base    new  change        interval
      ────────────────────────────────────────────────────────────────────
      latency p95 at 20  40 ms  44 ms  +9.9 %  +9.1 … +10.8 %  below 10 ms

      NO CHANGE: any change above 5 % is ruled out that is large enough to matter
      (latency p95 at 20 +9.9 % is below 10 ms); 10 pairs.
      "
    `);
    expect(await render('markdown', comparison)).toContain('| below 10 ms |');
  });

  it('opens with the answer in Markdown, and in an annotation', async () => {
    expect((await render('markdown', regressed())).split('\n')[0]).toMatchInlineSnapshot(
      `"**REGRESSED: latency p95 at 20 +9.9 % (95 % CI +9.1 … +10.8 %); wall-clock at 20 +9.9 % (95 % CI +9.1 … +10.8 %); 10 pairs.**"`,
    );
    expect(await render('github', changed())).toMatchInlineSnapshot(`
      "::warning title=bench compare::BEHAVIOUR CHANGED: 429s at 20 from nothing; wall-clock at 20 +0.1 %25, below the threshold of 5 %25 or neither better nor worse; simulated runs of one seed, compared exactly. If this is meant, save the new run as the baseline: bench baseline save NAME RUN.
      "
    `);
    expect(await render('markdown', forced())).not.toContain('<b>');
  });

  it('is JUnit that test pages read', async () => {
    const schema = readFileSync(new URL('../fixtures/junit.xsd', import.meta.url), 'utf8');
    for (const build of Object.values(COMPARISONS)) {
      const contents = await render('junit', build());
      const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents }], schema: [schema] });
      expect(errors).toEqual([]);
    }
    expect(await render('junit', regressed())).toContain('failures="2"');
  });

  it('has a published schema, which is its type', async () => {
    expectTypeOf<z.infer<typeof ComparisonSchema>>().toEqualTypeOf<Mutable<Comparison>>();
    for (const build of Object.values(COMPARISONS)) {
      const read: unknown = JSON.parse(await render('json', build()));
      expect(ComparisonSchema.parse(read)).toEqual(read);
    }
    const published = `${JSON.stringify(comparisonJsonSchema(), null, 2)}\n`;
    await expect(published).toMatchFileSnapshot('../../docs/schema/compare-1.schema.json');
  });
});
