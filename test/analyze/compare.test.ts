import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../src/analyze/compare.ts';
import { conditionDifferences } from '../../src/analyze/compare-conditions.ts';
import { comparedRun, joinRuns } from '../../src/analyze/compare-run.ts';
import { comparisonHint, comparisonSentence } from '../../src/report/comparison/words.ts';
import { around, runOf } from '../support/compared-runs.ts';
import { levelReport, sweepReport } from '../support/report-fixtures.ts';

const blocks = (centre: number, cv: number, count: number, seed: number) =>
  around(centre, cv, count, seed).map((wallClock) => ({ wallClock, p95: wallClock / 10, failures: 0 }));

const verdictsOf = (comparison: ReturnType<typeof compareRuns>) =>
  Object.fromEntries(comparison.findings.map(({ metric, verdict }) => [metric, verdict]));

describe('repeats in real time', () => {
  it('tells a change from noise by pairs of the same seed, and by ranks where the seeds differ', () => {
    const base = runOf(blocks(400_000, 0.017, 10, 1));
    const slower = blocks(440_000, 0.017, 10, 2);
    expect(compareRuns(base, runOf(slower))).toMatchObject({ method: 'paired', verdict: 'regressed' });
    expect(compareRuns(base, runOf(slower, { seed: 2 }))).toMatchObject({
      method: 'unpaired',
      verdict: 'regressed',
    });
    expect(compareRuns(runOf(slower), base).verdict).toBe('improved');
  });

  it('calls the same the same, and says what is ruled out', () => {
    const comparison = compareRuns(
      runOf(blocks(400_000, 0.017, 10, 1)),
      runOf(blocks(400_000, 0.017, 10, 2)),
    );
    expect(comparisonSentence(comparison)).toMatchInlineSnapshot(
      `"NO CHANGE: any change above 5 % is ruled out; 10 pairs."`,
    );
  });

  it('leaves open what the noise hides, with the smallest change that it could have seen', () => {
    const comparison = compareRuns(runOf(blocks(400_000, 0.18, 10, 1)), runOf(blocks(440_000, 0.18, 10, 2)));
    expect(comparison.verdict).toBe('inconclusive');
    expect(comparisonSentence(comparison)).toMatchInlineSnapshot(
      `"INCONCLUSIVE: wall-clock at 20 +7.4 % (95 % CI −4.4 … +25.5 %) may be more than 5 % or nothing; this data can only see changes above 27.6 %; 10 pairs."`,
    );
  });

  it('never judges one run each, nor fewer repeats than so many figures need', () => {
    const one = compareRuns(runOf(blocks(400_000, 0, 1, 1)), runOf(blocks(800_000, 0, 1, 1)));
    expect(one).toMatchObject({ method: 'single', verdict: 'inconclusive' });
    expect(comparisonHint(one)).toMatchInlineSnapshot(
      `"Measure both with bench sweep --repeat 8, or interleave them with bench ab."`,
    );
    const few = compareRuns(runOf(blocks(400_000, 0.001, 4, 1)), runOf(blocks(800_000, 0.001, 4, 2)));
    expect(few).toMatchObject({ verdict: 'inconclusive', repeatsNeeded: 5 });
    expect(comparisonSentence(few)).toMatchInlineSnapshot(
      `"INCONCLUSIVE: 4 and 4 repeats cannot show a change of any size among so many figures, it takes 5; 4 and 4 repeats."`,
    );
  });

  it('ignores what is below the floor, however large its share', () => {
    const tiny = (centre: number, seed: number) =>
      runOf(around(centre, 0.01, 10, seed).map((p95) => ({ p95 })));
    expect(compareRuns(tiny(20, 1), tiny(25, 2)).verdict).toBe('no-change');
    expect(compareRuns(tiny(200, 1), tiny(250, 2)).verdict).toBe('regressed');
  });

  it('adjusts for how much is looked at', () => {
    const [a, b] = [around(100, 0.05, 8, 1), around(108, 0.05, 8, 2)];
    const run = (values: readonly number[]) => runOf(values.map((value) => ({ wallClock: value * 1000 })));
    const alone = compareRuns(run(a), run(b));
    const beside = (values: readonly number[], seed: number) =>
      runOf(
        values.map((value, i) => ({
          wallClock: value * 1000,
          ...Object.fromEntries(
            ['p50', 'p95', 'p99', 'ttftP50', 'ttftP95', 'steady', 'throughput', 'cost'].map((name, place) => [
              name,
              around(1000, 0.02, 8, 100 * seed + place)[i] ?? 1,
            ]),
          ),
        })),
      );
    const among = compareRuns(beside(a, 1), beside(b, 2));
    expect(verdictsOf(alone)['wallClock']).toBe('regressed');
    expect(verdictsOf(among)['wallClock']).toBe('inconclusive');
  });
});

describe('simulated runs', () => {
  const exact = (wallClock: number, more: Readonly<Record<string, number>> = {}) =>
    runOf([{ wallClock, p95: 6000, failures: 0, attempts: 500, rateLimited: 0, ...more }], { exact: true });

  it('takes every difference for real: small ones are another behaviour, larger ones better or worse', () => {
    expect(compareRuns(exact(100_000), exact(100_000)).verdict).toBe('no-change');
    expect(compareRuns(exact(100_000), exact(100_001)).verdict).toBe('changed');
    expect(compareRuns(exact(100_000), exact(106_000)).verdict).toBe('regressed');
    expect(compareRuns(exact(100_000), exact(90_000)).verdict).toBe('improved');
    expect(compareRuns(exact(100_000), exact(100_000, { rateLimited: 7 })).verdict).toBe('changed');
    expect(compareRuns(exact(100_000), exact(100_000, { failures: 0.01 })).verdict).toBe('regressed');
  });

  it('takes runs of two seeds for what they are, two draws', () => {
    const other = (wallClock: number) => runOf([{ wallClock }], { exact: true, seed: 2 });
    expect(compareRuns(exact(100_000), other(120_000))).toMatchObject({
      method: 'single',
      verdict: 'inconclusive',
    });
  });

  it('does not mind the last digits of another processor', () => {
    expect(compareRuns(exact(100_000), exact(100_000 * (1 + 1e-9))).verdict).toBe('no-change');
  });
});

describe('what must be alike', () => {
  const report = (meta: Readonly<Record<string, string | number>>, levels = [5, 20]) => {
    const plain = sweepReport({ levels: levels.map((level) => levelReport({ level })) });
    return comparedRun({ ...plain, meta: { ...plain.meta, ...meta } });
  };
  const names = (a: ReturnType<typeof report>, b: typeof a) =>
    conditionDifferences(a, b).map(({ condition }) => condition);

  it('names each difference, and lets pass what is incidental', () => {
    expect(names(report({}), report({ version: '9.9.9', startedAt: 'later', command: 'bench' }))).toEqual([]);
    expect(names(report({}), report({ node: 'v24.0.0' }))).toEqual([]);
    expect(names(report({}), report({ node: 'v26.1.0', seed: 2, scenario: 'other' }))).toEqual([
      'node',
      'scenario',
      'seed',
    ]);
    expect(names(report({}), report({}, [5, 10]))).toEqual(['levels']);
  });

  it('asks for one Node of simulated runs too, and for one machine of runs in real time only', () => {
    const on = (node: string, cpu: string, simulated: boolean) => {
      const plain = sweepReport({ levels: [levelReport({ level: 5 })] });
      const meta = { ...plain.meta, node, ...(simulated ? { simulated: 'direct' } : {}) };
      return comparedRun({ ...plain, meta }, { 'host cpu': cpu });
    };
    expect(names(on('24.1.0', 'a', true), on('26.0.0', 'b', true))).toEqual(['node']);
    expect(names(on('24.1.0', 'a', false), on('26.0.0', 'b', false))).toEqual(['host cpu', 'node']);
  });

  it('holds no wall-clock of a level at which everything failed, since how fast it failed is no speed', () => {
    const all = { ...levelReport({ level: 5 }).counts, ok: 0 };
    const failed = comparedRun(sweepReport({ levels: [levelReport({ level: 5, counts: all })] }));
    expect(failed.scopes.find(({ level }) => level === 5)?.values).not.toHaveProperty('wallClock');
    expect(report({}).scopes.find(({ level }) => level === 5)?.values).toHaveProperty('wallClock');
  });

  it('leaves out levels that were cut short', () => {
    const cut = sweepReport({
      levels: [levelReport({ level: 5 }), levelReport({ level: 20, complete: false })],
    });
    expect(names(report({}), comparedRun(cut))).toEqual(['levels']);
  });

  it('makes runs of several seeds the repeats of one', () => {
    const joined = joinRuns([report({ seed: 1 }), report({ seed: 2 })]);
    expect(joined.scopes.map(({ blocks: repeats }) => repeats.length)).toEqual([2, 2, 2]);
    expect(joined.conditions).not.toHaveProperty('seed');
  });
});
