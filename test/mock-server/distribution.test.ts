import { describe, expect, it } from 'vitest';
import { draw } from '../../mock-server/engine/distribution.ts';
import { type Distribution, momentsOf } from '../../src/core/distribution.ts';
import { createRng } from '../../src/core/rng.ts';
import { mean, variance } from '../../src/stats/moments.ts';

const DRAWS = 200_000;

describe('mean and spread of a distribution', () => {
  it.each<[string, Distribution, number]>([
    ['a constant', 7, 1e-9],
    ['a lognormal by mean', { mean: 300, cv: 0.4 }, 0.01],
    ['a lognormal by median', { median: 500, sigma: 0.5 }, 0.01],
    ['one with a slow mode', { median: 500, sigma: 0.3, slow: { share: 0.1, factor: 4, sigma: 0.4 } }, 0.02],
    ['quantiles of any shape', { quantiles: [1, 2, 3, 10, 50] }, 0.01],
    // Its tail is as long as p99 says, which the moments do not look at.
    ['three quantiles', { p50: 100, p95: 200, p99: 266 }, 0.02],
  ])('of %s are those of its draws', (_name, distribution, error) => {
    const rng = createRng(5).fork('draws');
    const draws = Float64Array.from({ length: DRAWS }, () => draw(distribution, () => rng));
    const { mean: expected, cv } = momentsOf(distribution);
    expect(Math.abs(expected / mean(draws) - 1)).toBeLessThan(error);
    expect(Math.abs(cv - Math.sqrt(variance(draws)) / mean(draws))).toBeLessThan(2 * error);
  });
});
