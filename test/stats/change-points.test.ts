import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../src/core/rng.ts';
import { changePoints } from '../../src/stats/change-points.ts';

const OPTIONS = { maxP: 0.001, minChange: 0.05 };

const series = (seed: number, parts: readonly (readonly [count: number, centre: number])[], cv: number) => {
  const rng = createRng(seed);
  return parts.flatMap(([count, centre]) =>
    Array.from({ length: count }, () => centre * Math.exp(cv * normal(rng))),
  );
};

const seeds = Array.from({ length: 50 }, (_, seed) => seed);

describe('change points', () => {
  it('finds a tenth two runs after it began, at the run where it began', () => {
    const found = seeds.map((seed) =>
      changePoints(
        series(
          seed,
          [
            [20, 100],
            [2, 110],
          ],
          0.01,
        ),
        OPTIONS,
      ).map(({ at }) => at),
    );
    expect(found.filter((at) => at.length === 1 && at[0] === 20).length).toBeGreaterThanOrEqual(45);
  });

  it('says nothing of noise', () => {
    const alarms = seeds.filter((seed) => changePoints(series(seed, [[30, 100]], 0.017), OPTIONS).length > 0);
    expect(alarms).toEqual([]);
  });

  it('finds several, each with the levels beside it', () => {
    const found = changePoints(
      series(
        1,
        [
          [10, 100],
          [10, 130],
          [10, 90],
        ],
        0.01,
      ),
      OPTIONS,
    );
    expect(found.map(({ at }) => at)).toEqual([10, 20]);
    expect(found.map(({ before, after }) => [before, after].map(Math.round))).toEqual([
      [100, 130],
      [130, 90],
    ]);
  });

  it('takes any difference of exact figures for real, and needs two on each side', () => {
    expect(changePoints([5, 5, 5, 6, 6], OPTIONS)).toEqual([{ at: 3, before: 5, after: 6, p: 0 }]);
    expect(changePoints([5, 5, 5, 6], OPTIONS)).toEqual([]);
    expect(changePoints([5, 5, 5.1, 5.1], OPTIONS)).toEqual([]);
    expect(changePoints([], OPTIONS)).toEqual([]);
    expect(changePoints([1], OPTIONS)).toEqual([]);
  });
});
