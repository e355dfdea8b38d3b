import { describe, expect, it } from 'vitest';
import { figure, tick } from '../../src/report/html/figures.ts';

describe('a figure on an axis', () => {
  it.each([
    [0, 1000, '0'],
    [250, 50, '250 ms'],
    [2500, 500, '2.5 s'],
    [15_000, 5000, '15 s'],
    [120_000, 30_000, '2:00'],
    [3_725_000, 5000, '62:05'],
    [121_500, 500, '2:01.5'],
    [179_960, 500, '3:00.0'],
    [50_400_000, 7_200_000, '14 h'],
    [5_400_000, 1_800_000, '1.5 h'],
    [432_000_000, 172_800_000, '5 d'],
  ])('of %i ms at steps of %i ms is %s', (value, step, text) => {
    expect(tick(value, 'ms', step)).toBe(text);
  });

  it('has its unit, and as many digits as its step needs', () => {
    expect(tick(0.25, 'share', 0.25)).toBe('25 %');
    expect(tick(0.5, 'per-second', 0.5)).toBe('0.5');
    expect(tick(12_000, 'number', 1000)).toBe('12,000');
    expect(tick(20, 'calls', 5)).toBe('20');
  });
});

it('a figure that is none is a dash, whatever its unit', () => {
  for (const unit of ['number', 'ms', 'share', 'per-second', 'calls'] as const)
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY])
      expect(figure(value, unit)).toBe('–');
  expect(figure(5.25, 'per-second')).toBe('5.25/s');
});
