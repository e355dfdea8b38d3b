import { formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import type { Unit } from './page-model.ts';

/** A figure as people read it. */
export const figure = (value: number | null | undefined, unit: Unit): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'share':
      return formatPercent(value);
    case 'per-second':
      return `${formatNumber(value)}/s`;
    case 'number':
    case 'calls':
      return Number.isInteger(value) ? value.toLocaleString('en-US') : formatNumber(value);
  }
};

/** A figure on an axis: short, and no more exact than the step between two of them. */
export const tick = (value: number, unit: Unit, step: number): string => {
  switch (unit) {
    case 'ms':
      return value === 0 ? '0' : seconds(value, step);
    case 'share':
      return `${Math.round(value * 100)} %`;
    default:
      return value.toLocaleString('en-US', { maximumFractionDigits: step < 1 ? 3 : 1 });
  }
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const seconds = (millis: number, step: number): string => {
  if (step >= DAY) return `${Number((millis / DAY).toFixed(1))} d`;
  if (step >= HOUR / 2) return `${Number((millis / HOUR).toFixed(1))} h`;
  if (step < 100 && millis < 10_000) return `${Number(millis.toFixed(step < 1 ? 2 : 0))} ms`;
  if (millis >= 120_000) {
    const decimals = step < 1000 ? 1 : 0;
    const tenths = Math.round(millis / (step < 1000 ? 100 : 1000)) / 10 ** decimals;
    const rest = (tenths % 60).toFixed(decimals);
    return `${Math.floor(tenths / 60)}:${rest.padStart(decimals > 0 ? 4 : 2, '0')}`;
  }
  return `${Number((millis / 1000).toFixed(step < 1000 ? 1 : 0))} s`;
};

/** Steps between two figures of a time axis that people are used to, in milliseconds. */
export const TIME_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200].map((s) => s * 1000),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((days) => days * DAY),
];
