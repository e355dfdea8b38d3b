import { describe, expect, it } from 'vitest';
import { spotInterval } from '../../src/analyze/confidence.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { goodputOf } from '../../src/analyze/noise.ts';
import { createRng } from '../../src/core/rng.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { measured } from '../support/report-fixtures.ts';
import { level } from './levels.ts';

/** A level that was repeated, with these throughputs. */
const repeated = (number: number, paces: readonly number[], extra: readonly number[] = []): LevelSummary => {
  const one = level(number, { perSecond: paces[0] ?? 1 });
  const [block] = one.blocks;
  return {
    ...one,
    blocks: paces.map((perSecond, index) => ({
      ...(block as LevelSummary['blocks'][number]),
      block: index,
      perSecond,
      attemptsPerSuccess: 1 + (extra[index] ?? 0),
    })),
  };
};

const once = (number: number, perSecond: number): LevelSummary => ({
  ...level(number, { perSecond }),
  steady: measured(number, { perSecond, wallClockMs: 60_000 }).steady,
});

const intervalOf = (levels: readonly LevelSummary[]) => spotInterval(levels, CRITERIA, createRng(1));

describe('the interval of the answer', () => {
  it('is the answer alone where repeats leave no doubt', () => {
    const found = intervalOf([
      repeated(1, [0.26, 0.261, 0.259]),
      repeated(10, [2.6, 2.61, 2.59]),
      repeated(20, [5.1, 5.12, 5.09]),
    ]);
    expect(found).toMatchObject({
      low: 20,
      high: 20,
      levels: [20],
      share: 1,
      noise: { source: 'blocks', blocks: 3 },
    });
  });

  it('takes levels in that noise might have made the answer', () => {
    // 10 has 94 % of 20's throughput: with noise of some per cent it is within the 5 % as often as not.
    const found = intervalOf([
      repeated(1, [0.26, 0.25, 0.27]),
      repeated(10, [4.7, 4.9, 4.5]),
      repeated(20, [4.9, 5.1, 5.0]),
    ]);
    expect(found?.levels).toEqual([10, 20]);
    expect(found?.share).toBeLessThan(0.9);
  });

  it('does not take two repeats of one level, as a search has them, for the noise of all', () => {
    const found = intervalOf([
      once(4, 1.04),
      once(8, 2.05),
      once(16, 4.1),
      { ...repeated(20, [5.1, 5.101]), steady: once(20, 5.1).steady },
      once(24, 5.2),
    ]);
    expect(found?.noise.source).toBe('cycles');
    expect(found?.noise.relative).toBeGreaterThan(0.01);
  });

  it('does not take a slow repeat, which slows all levels alike, for noise between them', () => {
    const slow = [1, 1, 0.6] as const;
    const found = intervalOf(
      [1, 10, 20].map((number) =>
        repeated(
          number,
          slow.map((factor) => 0.26 * number * factor),
        ),
      ),
    );
    expect(found?.noise.relative).toBeLessThan(1e-9);
    expect(found?.levels).toEqual([20]);
  });

  it('lets the median of the repeats speak about retries', () => {
    const paces = [5, 5.05, 4.95];
    const oneBadRepeat = repeated(20, paces, [0.02, 0.9, 0.03]);
    expect(intervalOf([repeated(1, [0.26, 0.26, 0.26]), oneBadRepeat])?.levels).toContain(20);
  });

  it('takes the noise from the repeats where the sequential level ran only once', () => {
    const found = intervalOf([
      once(1, 0.26),
      repeated(10, [2.6, 2.61, 2.59]),
      repeated(20, [5.1, 5.12, 5.09]),
    ]);
    expect(found).toMatchObject({ levels: [20], noise: { source: 'blocks', blocks: 3 } });
  });

  it('borrows the spread of the cycles from a single run, and says so', () => {
    expect(intervalOf([once(1, 0.26), once(10, 2.6)])?.noise).toMatchObject({ source: 'cycles', blocks: 1 });
    expect(intervalOf([once(1, 0.26), once(10, 2.6)])?.noise.relative).toBeCloseTo(0.0102, 3);
  });

  it('assumes 5 % where nothing better is known, and says so', () => {
    const found = intervalOf([level(1, { perSecond: 0.26 }), level(10, { perSecond: 2.6 })]);
    expect(found?.noise).toEqual({ source: 'assumed', relative: 0.05, blocks: 1 });
  });

  it('is the same twice, in any order of the levels, and nothing where there is no answer', () => {
    const levels = [once(1, 0.26), once(10, 2.6), once(20, 2.65)];
    expect(intervalOf(levels)).toEqual(intervalOf(levels.toReversed()));
    expect(intervalOf([])).toBeNull();
    expect(intervalOf([level(1, { perSecond: 0, ok: 0, failed: 9 })])).toBeNull();
  });
});

describe('goodputOf', () => {
  it('gives the geometric mean of the repeats with Student’s t', () => {
    // logs 0, ln 1.21, ln 1.1: mean ln 1.1; t(0.975, 2) = 4.3027
    const { perSecond, low, high, from } = goodputOf(repeated(5, [1, 1.21, 1.1]));
    expect(perSecond).toBeCloseTo(1.1, 9);
    expect(high / perSecond).toBeCloseTo(perSecond / low, 9);
    expect(Math.log(high / perSecond)).toBeCloseTo((4.302653 * Math.log(1.1)) / Math.sqrt(3), 5);
    expect(from).toBe('blocks');
  });

  it('counts only what keeps the SLO', () => {
    const half = once(10, 2.6);
    const rates = { ...half.rates, goodputPerSecond: half.rates.achievedPerSecond / 2 };
    expect(goodputOf({ ...half, rates }).perSecond).toBeCloseTo(1.3, 9);
  });
});
