import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatNumber, formatPercent, parseDuration } from '../../src/core/units.ts';

describe('parseDuration', () => {
  test.each([
    ['0', 0],
    ['500ms', 500],
    ['30s', 30_000],
    [' 1.5 m ', 90_000],
    ['2min', 120_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1m30s', 90_000],
    ['1h 05m', 3_900_000],
  ])('%j is %d ms', (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  test.each([
    '',
    '30',
    's',
    '-5s',
    '1e3s',
    '.5s',
    '5 parsecs',
    '5s!',
    '1m30',
    '1..5s',
    'NaNms',
    'Infinity s',
    '5S',
  ])('%j is refused', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('a number beyond all bounds is refused', () => {
    expect(parseDuration(`${'9'.repeat(400)}s`)).toBeUndefined();
  });

  test('any whole number of any unit is read exactly', () => {
    const units = fc.constantFrom(['ms', 1], ['s', 1000], ['m', 60_000], ['h', 3_600_000]) as fc.Arbitrary<
      [string, number]
    >;
    fc.assert(
      fc.property(fc.nat(), units, (amount, [unit, millis]) => {
        expect(parseDuration(`${amount}${unit}`)).toBe(amount * millis);
      }),
    );
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0 ms'],
    [1.25, '1.3 ms'],
    [85.4, '85 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [3840, '3.84 s'],
    [9_994, '9.99 s'],
    [9_996, '10.0 s'],
    [88_000, '88.0 s'],
    [99_960, '1m 40s'],
    [1_925_000, '32m 05s'],
    [3_599_600, '1h 00m'],
    [7_620_000, '2h 07m'],
    [-3840, '-3.84 s'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d ms is %j', (millis, text) => {
    expect(formatDuration(millis)).toBe(text);
  });

  test('of any finite number it has a figure and no NaN', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (millis) => {
        expect(formatDuration(millis)).toMatch(/\d/);
        expect(formatDuration(millis)).not.toMatch(/NaN|Infinity/);
      }),
    );
  });

  test('what it writes can be read again, to the digits that it shows', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 1e10, noNaN: true }), (millis) => {
        const read = parseDuration(formatDuration(millis));
        const coarse = millis < 359_970_000 ? 60_000 : 3_600_000; // minutes up to 100 hours, then hours
        const precision = millis < 3_600_000 ? millis * 0.051 : coarse;
        expect(Math.abs((read ?? Number.NaN) - millis)).toBeLessThanOrEqual(precision);
      }),
    );
  });
});

test.each([
  [0, '0'],
  [0.0042, '0.0042'],
  [0.26, '0.26'],
  [5.208, '5.21'],
  [9.996, '10.0'],
  [18.43, '18.4'],
  [99.96, '100'],
  [1234.5, '1,235'],
  [-18.43, '-18.4'],
  [Number.NaN, '–'],
])('formatNumber(%d) is %j', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.004, '0.4 %'],
  [0.0994, '9.9 %'],
  [0.0996, '10 %'],
  [0.113, '11 %'],
  [1, '100 %'],
  [0.04, '4 %'],
  [0.041, '4.1 %'],
  [-0.04, '-4 %'],
  [-0, '0 %'],
  [-0.0004, '0 %'],
  [-0.0006, '-0.1 %'],
  [Number.POSITIVE_INFINITY, '–'],
])('formatPercent(%d) is %j', (share, text) => {
  expect(formatPercent(share)).toBe(text);
});
