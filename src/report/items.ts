import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { formatDuration, formatNumber } from '../core/units.ts';
import type { ItemsSummary } from '../measure/items.ts';
import type { Distribution } from '../stats/distribution.ts';

/** One figure of a workflow's items. */
interface ItemRow {
  readonly label: string;
  of(items: ItemsSummary): string;
}

const some = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value);

/** `5`, or `2 to 5` where items differ. */
const range = (distribution: Distribution | null): string => {
  if (!distribution) return '–';
  const { min, max } = distribution;
  return min === max ? String(min) : `${min}–${max}`;
};

const ROWS: readonly ItemRow[] = [
  { label: 'items', of: ({ counts }) => counts.items.toLocaleString('en-US') },
  { label: 'failed items', of: ({ counts }) => counts.failed.toLocaleString('en-US') },
  { label: 'items/s', of: ({ perSecond }) => formatNumber(perSecond) },
  { label: 'makespan p50', of: ({ makespanMs }) => some(makespanMs?.p50, formatDuration) },
  { label: 'makespan p95', of: ({ makespanMs }) => some(makespanMs?.p95, formatDuration) },
  { label: 'calls per item', of: ({ calls }) => range(calls) },
  { label: 'round trips per item', of: ({ roundTrips }) => range(roundTrips) },
  { label: 'critical path p50', of: ({ criticalPathMs }) => some(criticalPathMs?.p50, formatDuration) },
  { label: 'speed-up within the item', of: ({ speedUp }) => some(speedUp, formatNumber) },
];

/** The items of a workflow level by level, one figure per row, the levels first; `undefined` where there are no items. */
export const itemTable = (
  { levels }: SweepReport,
  nameOf: (level: LevelReport) => string,
): readonly (readonly string[])[] | undefined => {
  const those = levels.flatMap((level) => (level.items ? [{ level, items: level.items }] : []));
  if (those.length === 0) return undefined;
  return [
    ['per item, at once', ...those.map(({ level }) => nameOf(level))],
    ...ROWS.map(({ label, of }) => [label, ...those.map(({ items }) => of(items))]),
  ];
};
