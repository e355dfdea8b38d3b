import { describe, expect, it } from 'vitest';
import { createRng, lognormalMean } from '../../src/core/rng.ts';
import { distribution } from '../../src/stats/distribution.ts';
import { Sample } from '../../src/stats/sample.ts';

const rng = createRng(5);
const latencies = Array.from({ length: 250_000 }, () => lognormalMean(rng, 3840, 0.3));

const sampled = (values: readonly number[]) => {
  const sample = new Sample();
  for (const value of values) sample.add(value);
  return sample.distribution();
};

describe('Sample', () => {
  it('is nothing of nothing', () => expect(sampled([])).toBeUndefined());

  it('is exact up to 100,000 values', () => {
    const values = latencies.slice(0, 100_000);
    expect(sampled(values)).toEqual(distribution(values));
  });

  it('is within 0.1 % beyond', () => {
    const [found, exact] = [sampled(latencies), distribution(latencies)];
    expect(found).toMatchObject({ count: 250_000, min: exact?.min, max: exact?.max });
    for (const name of ['mean', 'stdev', 'p50', 'p90', 'p95', 'p99'] as const) {
      expect((found?.[name] ?? 0) / (exact?.[name] ?? 1), name).toBeGreaterThan(0.999);
      expect((found?.[name] ?? 0) / (exact?.[name] ?? 1), name).toBeLessThan(1.001);
    }
  });

  it('does not depend on the order', () => {
    expect(sampled(latencies.toReversed())).toEqual(sampled(latencies));
  });

  it('holds what does not vary at all', () => {
    expect(sampled(Array(150_000).fill(30))).toMatchObject({ mean: 30, stdev: 0, p50: 30, p99: 30, max: 30 });
  });
});
