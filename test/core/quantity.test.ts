import { describe, expect, it } from 'vitest';
import { parseCount, parsePerSecond } from '../../src/core/quantity.ts';

describe('parseCount', () => {
  it.each([
    ['500', 500],
    ['1.2k', 1200],
    ['100 k', 100_000],
    ['1M', 1_000_000],
    ['2m', 2_000_000],
    ['1,000', 1000],
    ['10_000', 10_000],
    ['.5k', 500],
  ])('reads %s', (text, value) => {
    expect(parseCount(text)).toBe(value);
  });

  it('takes the unit along if it is told of one', () => {
    expect(parseCount('1.2k tokens', 'token')).toBe(1200);
    expect(parseCount('1 token', 'token')).toBe(1);
    expect(parseCount('1.2k tokens')).toBeUndefined();
  });

  it.each(['', 'k', '-1', '1e3', '1,00', '1.2.3', '5/min', '12 apples', 'NaN', 'Infinity'])(
    'refuses "%s"',
    (text) => {
      expect(parseCount(text)).toBeUndefined();
    },
  );
});

describe('parsePerSecond', () => {
  it.each([
    ['6/s', 6],
    ['360/min', 6],
    ['1M/day', 1_000_000 / 86_400],
    ['500 / hour', 500 / 3600],
  ])('reads %s', (text, value) => {
    expect(parsePerSecond(text)).toBe(value);
  });

  it('takes the unit along if it is told of one', () => {
    expect(parsePerSecond('30k tokens/min', 'token')).toBe(500);
  });

  it.each(['', '6', '6/', '/s', '6/fortnight', '6/s/s', '-6/s'])('refuses "%s"', (text) => {
    expect(parsePerSecond(text)).toBeUndefined();
  });
});
