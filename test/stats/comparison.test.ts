import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/stats/comparison.ts';
import { rankSum } from '../../src/stats/rank-sum.ts';
import { signedRank } from '../../src/stats/signed-rank.ts';

const PAIRED = [0.12, 0.05, -0.02, 0.31, 0.08, 0.14, -0.07, 0.22, 0.19, 0.03, 0.11, 0.27];
const TIED = [15, -7, 5, 20, -1, -9, 17, -12, 5, -10.5];
const A = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const B = [1.15, 0.88, 0.9, 0.74, 1.21];

describe('signedRank', () => {
  it('agrees with scipy and with the exact interval by way of Walsh averages', () => {
    const shift = signedRank(PAIRED);
    expect(shift?.estimate).toBeCloseTo(0.12, 12);
    expect(shift?.low).toBeCloseTo(0.04, 12);
    expect(shift?.high).toBeCloseTo(0.195, 12);
    expect(shift?.confidence).toBeCloseTo(0.95751953125, 12);
    expect(shift?.p).toBeCloseTo(0.0048828125, 12);
    const surer = signedRank(PAIRED, 0.985);
    expect([surer?.low, surer?.high].map((end) => end?.toFixed(6))).toEqual(['0.020000', '0.220000']);
    expect(surer?.confidence).toBeCloseTo(0.98779296875, 12);
  });

  it('counts the distribution out where there are ties', () => {
    expect(signedRank(TIED)).toMatchObject({ estimate: 2.5, low: -8, high: 11 });
    expect(signedRank(TIED)?.confidence).toBeCloseTo(0.951171875, 12);
    expect(signedRank([1, 1, 2, -1, 3, 3, -2, 4])?.p).toBeCloseTo(0.140625, 12);
  });

  it('approximates where counting would take long', () => {
    const many = Array.from({ length: 80 }, (_, i) => ((i * 7919) % 101) / 100 - 0.3).filter((x) => x !== 0);
    expect((signedRank(many)?.p ?? 0) / 2.2917561e-6).toBeCloseTo(1, 2);
  });

  it('says how sure it can be with few pairs', () => {
    expect(signedRank([1, 2, 3, 4, 5])).toMatchObject({ low: 1, high: 5, confidence: 0.9375, p: 0.0625 });
    expect(signedRank([3])).toMatchObject({ estimate: 3, low: 3, high: 3, confidence: 0 });
    expect(signedRank([0, 0, 0])).toMatchObject({ estimate: 0, p: 1 });
    expect(signedRank([])).toBeUndefined();
  });

  it('turns with the sign of the differences and moves with them', () => {
    const differences = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(differences, fc.integer({ min: -20, max: 20 }), (values, by) => {
        const shift = signedRank(values);
        const turned = signedRank(values.map((value) => -value));
        const moved = signedRank(values.map((value) => value + by));
        expect(turned?.estimate).toBeCloseTo(-(shift?.estimate ?? 0), 9);
        expect(turned?.low).toBeCloseTo(-(shift?.high ?? 0), 9);
        expect(turned?.p).toBeCloseTo(shift?.p ?? 0, 9);
        expect(moved?.low).toBeCloseTo((shift?.low ?? 0) + by, 9);
        expect(shift?.low).toBeLessThanOrEqual(shift?.estimate ?? 0);
        expect(shift?.high).toBeGreaterThanOrEqual(shift?.estimate ?? 0);
      }),
    );
  });
});

describe('rankSum', () => {
  it('agrees with scipy and with the exact interval by way of pairwise differences', () => {
    const shift = rankSum(A, B);
    expect(shift?.estimate).toBeCloseTo(0.305, 12);
    expect(shift?.low).toBeCloseTo(-0.15, 12);
    expect(shift?.high).toBeCloseTo(0.76, 12);
    expect(shift?.confidence).toBeCloseTo(0.9600399600399601, 12);
    expect(shift?.p).toBeCloseTo(0.2544122544122544, 12);
  });

  it('counts the distribution out where there are ties', () => {
    expect(rankSum([1, 2, 2, 3, 5, 7], [2, 3, 4, 4, 6, 8, 9])?.p).toBeCloseTo(0.1853146853146853, 12);
    expect(rankSum([1, 1, 1], [1, 1])?.p).toBe(1);
  });

  it('approximates where counting would take long', () => {
    const a = Array.from({ length: 40 }, (_, i) => ((i * 37) % 53) / 10);
    const b = Array.from({ length: 45 }, (_, i) => ((i * 41) % 59) / 9 + 0.4);
    expect(rankSum(a, b)?.p).toBeCloseTo(0.014732665738814063, 9);
  });

  it('is empty-handed without a sample', () => {
    expect(rankSum([], B)).toBeUndefined();
    expect(rankSum(A, [])).toBeUndefined();
  });

  it('turns with the samples and moves with one of them', () => {
    const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -20, max: 20 }), (a, b, by) => {
        const shift = rankSum(a, b);
        const turned = rankSum(b, a);
        const moved = rankSum(
          a.map((value) => value + by),
          b,
        );
        expect(turned?.estimate).toBeCloseTo(-(shift?.estimate ?? 0), 9);
        expect(turned?.low).toBeCloseTo(-(shift?.high ?? 0), 9);
        expect(turned?.p).toBeCloseTo(shift?.p ?? 0, 9);
        expect(moved?.high).toBeCloseTo((shift?.high ?? 0) + by, 9);
        expect(shift?.p).toBeGreaterThan(0);
        expect(shift?.p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('holm', () => {
  it('adjusts in order of size, never downwards', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => p.toFixed(3))).toEqual([
      '0.030',
      '0.060',
      '0.060',
      '0.020',
    ]);
    expect(holm([])).toEqual([]);
    expect(holm([0.7, 0.9])).toEqual([1, 1]);
  });

  it('keeps the order and lies between the value and Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (values) => {
        const adjusted = holm(values);
        for (const [i, value] of values.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, value * values.length) + 1e-12);
          for (const [j, other] of values.entries())
            if (value < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
        }
      }),
    );
  });
});
