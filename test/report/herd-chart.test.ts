import { expect, it } from 'vitest';
import type { PolicyRow } from '../../src/analyze/policies.ts';
import { herdChart } from '../../src/report/herd-chart.ts';
import { styleOf } from '../../src/report/style.ts';

const style = styleOf({ color: false, unicode: true, width: 80 });

/** Only what the chart looks at. */
const row = (name: string, starts: readonly number[]) => ({ name, starts }) as PolicyRow;

it.each([1, 2, 5, 47])('labels each row of the chart with a number of its own, up to %i at once', (most) => {
  const chart = herdChart([row('exponential', [50, 0, most, 0, 1])], style, 80);
  const labels = chart.match(/^ *\d+(?=┤)/gm)?.map(Number) ?? [];
  expect(labels.length).toBeGreaterThan(1);
  expect(new Set(labels).size).toBe(labels.length);
  expect(Math.max(...labels)).toBeGreaterThanOrEqual(most);
});
