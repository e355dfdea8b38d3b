import { describe, expect, it } from 'vitest';
import {
  createRng,
  exponential,
  inverseNormal,
  lognormal,
  lognormalMean,
  normal,
  type Rng,
} from '../../src/core/rng.ts';

const draws = (rng: Rng, count: number) => Array.from({ length: count }, () => rng.next());

const moments = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, stdev: Math.sqrt(variance) };
};

/** Pearson's statistic against the uniform distribution, in standard deviations from what chance would give. */
const misfit = (values: readonly number[], bins: number) => {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value * bins)] = (counts[Math.floor(value * bins)] ?? 0) + 1;
  const expected = values.length / bins;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chiSquare - (bins - 1)) / Math.sqrt(2 * (bins - 1));
};

const correlation = (pairs: readonly (readonly [number, number])[]) =>
  (12 * pairs.reduce((sum, [a, b]) => sum + (a - 0.5) * (b - 0.5), 0)) / pairs.length;

describe('a seeded stream', () => {
  it('draws the same on every machine and in every version', () => {
    expect(draws(createRng(0), 3)).toEqual([0.12416893271148988, 0.05261518920945263, 0.6753059476140927]);
    expect(draws(createRng(42), 2)).toEqual([0.6702211897197093, 0.5223433529634276]);
    expect(createRng(42).fork('a').next()).toBe(0.6570639613928414);
    expect(createRng(42).fork('a').fork(7).fork('ttft').next()).toBe(0.5095802260983091);
  });

  it('takes every seed as a seed, 0 and fractions and negative ones too', () => {
    const firsts = [0, 1, -1, 0.5, 2 ** 32, 2 ** 53 - 1].map((seed) => createRng(seed).next());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('is uniform in [0, 1)', () => {
    const values = draws(createRng(1), 100_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(misfit(values, 100))).toBeLessThan(4);
    expect(Math.abs(correlation(values.slice(1).map((value, i) => [values[i] ?? 0, value])))).toBeLessThan(
      0.015,
    );
  });
});

describe('a fork', () => {
  it('does not depend on what was drawn or forked before', () => {
    const busy = createRng(9);
    draws(busy, 17);
    busy.fork('other').next();
    expect(draws(busy.fork('x'), 3)).toEqual(draws(createRng(9).fork('x'), 3));
  });

  it('does not disturb the stream it comes from', () => {
    const forked = createRng(9);
    forked.next();
    forked.fork('x').next();
    const plain = createRng(9);
    plain.next();
    expect(forked.next()).toBe(plain.next());
  });

  it('is another stream for another label, and 1 is another label than "1"', () => {
    const root = createRng(9);
    const labels = [1, '1', '', 0, '0', 'a', 'b', 'ab', 'ba', 'a b', 'é', '一', -1, 1.5];
    const firsts = labels.map((label) => root.fork(label).next());
    expect(new Set(firsts).size).toBe(firsts.length);
    expect(root.fork('a').fork('b').next()).not.toBe(root.fork('b').fork('a').next());
  });

  it('by number gives independent, uniform first draws: a request draws one value or two', () => {
    const root = createRng(1);
    const numbers = Array.from({ length: 50_000 }, (_, i) => i);
    const firsts = numbers.map((i) => root.fork(i).next());
    const deeper = numbers.map((i) => root.fork(i).fork('latency').next());
    expect(new Set(firsts).size).toBe(firsts.length);
    expect(Math.abs(misfit(firsts, 100))).toBeLessThan(4);
    expect(Math.abs(misfit(deeper, 100))).toBeLessThan(4);
    expect(Math.abs(correlation(numbers.map((i) => [firsts[i] ?? 0, deeper[i] ?? 0])))).toBeLessThan(0.02);
    expect(
      Math.abs(correlation(numbers.slice(1).map((i) => [firsts[i - 1] ?? 0, firsts[i] ?? 0]))),
    ).toBeLessThan(0.02);
  });
});

describe('draws', () => {
  const sample = (draw: (rng: Rng) => number) => {
    const rng = createRng(5);
    return Array.from({ length: 200_000 }, () => draw(rng));
  };

  it('exponential: mean and deviation are the mean asked for', () => {
    const { mean, stdev } = moments(sample((rng) => exponential(rng, 250)));
    expect(Math.abs(mean / 250 - 1)).toBeLessThan(0.01);
    expect(Math.abs(stdev / 250 - 1)).toBeLessThan(0.01);
  });

  it('lognormalMean: mean and coefficient of variation are what was asked for', () => {
    for (const cv of [0.1, 0.5, 1]) {
      const { mean, stdev } = moments(sample((rng) => lognormalMean(rng, 3840, cv)));
      expect(Math.abs(mean / 3840 - 1)).toBeLessThan(0.01);
      expect(Math.abs(stdev / mean / cv - 1)).toBeLessThan(0.03);
    }
  });

  it('lognormalMean without variation is the mean', () => {
    expect(lognormalMean(createRng(1), 3840, 0)).toBe(3840);
  });

  it('lognormal: half lies below the median', () => {
    const below = sample((rng) => lognormal(rng, 40, 0.7)).filter((value) => value < 40).length;
    expect(Math.abs(below / 200_000 - 0.5)).toBeLessThan(0.005);
  });

  it('normal: mean 0, deviation 1, and finite whatever the uniform draw was', () => {
    const { mean, stdev } = moments(sample(normal));
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(stdev - 1)).toBeLessThan(0.01);
    const edge = (value: number): Rng => ({ next: () => value, fork: () => edge(value) });
    expect(Number.isFinite(normal(edge(0)))).toBe(true);
    expect(Number.isFinite(normal(edge(1 - Number.EPSILON / 2)))).toBe(true);
  });
});

describe('inverseNormal', () => {
  // NIST/SEMATECH e-Handbook, and R's qnorm to 15 digits.
  it.each([
    [0.5, 0],
    [0.75, 0.674489750196082],
    [0.9, 1.2815515655446],
    [0.95, 1.64485362695147],
    [0.975, 1.95996398454005],
    [0.99, 2.32634787404084],
    [0.999, 3.09023230616781],
    [0.000001, -4.7534243088229],
    [1e-10, -6.36134090240406],
  ])('of %d is %d', (p, z) => {
    expect(Math.abs(inverseNormal(p) - z)).toBeLessThanOrEqual(1.2e-9 * Math.max(1, Math.abs(z)));
    expect(Math.abs(inverseNormal(1 - p) + z)).toBeLessThanOrEqual(1e-6);
  });

  it('rises, across the joints of its three pieces too', () => {
    let previous = Number.NEGATIVE_INFINITY;
    for (let p = 0.0001; p < 1; p += 0.0001) {
      const z = inverseNormal(p);
      expect(z).toBeGreaterThan(previous);
      previous = z;
    }
  });
});
