import { describe, expect, test } from 'vitest';
import { FORMAT_NAMES, FORMATS, formatOf } from '../../src/report/formats.ts';
import { REPORTERS, REQUEST_REPORTERS } from '../../src/report/reporters.ts';
import { terminal } from '../../src/report/terminal.ts';
import { visibleWidth } from '../../src/report/wrap.ts';
import { REPORTS } from './canonical-reports.ts';

const ESCAPE = '\u001b';
const reporters = await Promise.all(Object.values(REPORTERS).map((load) => load()));
const cases = reporters.flatMap((reporter) =>
  Object.entries(REPORTS).map(([name, build]) => ({ format: reporter.format, name, reporter, build })),
);

describe.each(cases)('$format of $name', ({ reporter, build }) => {
  const plain = { color: false, width: 80, unicode: true };

  test('is text that ends in one line break', () => {
    expect(reporter.render(build(), plain)).toMatch(/[^\n]\n$/);
  });

  test('is the same each time, and leaves the report alone', () => {
    const report = build();
    const before = JSON.stringify(report);
    expect(reporter.render(report, plain)).toBe(reporter.render(build(), plain));
    expect(JSON.stringify(report)).toBe(before);
  });

  test('has no escape code without colour, and never says NaN, undefined or [object', () => {
    const text = reporter.render(build(), plain);
    expect(text).not.toContain(ESCAPE);
    expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\[object/);
  });

  test('has no trailing blanks', () => {
    expect(reporter.render(build(), plain)).not.toMatch(/ $/m);
  });
});

describe.each(Object.entries(REPORTS))('on a screen, %s', (_, build) => {
  test.each([40, 80, 120])('fits %i columns, painted or not', (width) => {
    for (const color of [false, true]) {
      for (const unicode of [false, true]) {
        const text = terminal.render(build(), { color, width, unicode });
        expect(Math.max(...text.split('\n').map(visibleWidth))).toBeLessThanOrEqual(width);
      }
    }
  });

  test('is ASCII where nothing else can be shown', () => {
    const text = terminal.render(build(), { color: false, width: 80, unicode: false });
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('says the same with colour as without', () => {
    const painted = terminal.render(build(), { color: true, width: 80, unicode: true });
    const bare = terminal.render(build(), { color: false, width: 80, unicode: true });
    expect(painted).toContain(ESCAPE);
    expect(painted.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '').replaceAll(/ +$/gm, '')).toBe(bare);
  });
});

test('every format is found by its name, markdown by md too, and nothing else is', async () => {
  expect(FORMAT_NAMES).toEqual([...FORMATS, 'md']);
  expect([...Object.keys(REPORTERS), ...Object.keys(REQUEST_REPORTERS)]).toEqual(FORMATS);
  const listers = await Promise.all(Object.values(REQUEST_REPORTERS).map((load) => load()));
  expect([...reporters, ...listers].map(({ format }) => format)).toEqual(FORMATS);
  const files = [...reporters, ...listers].map(({ file }) => file);
  expect(new Set(files).size).toBe(files.length);
  expect(formatOf('md')).toBe('markdown');
});
