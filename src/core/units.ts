import type { Millis } from './clock.ts';

const UNIT_MILLIS: Readonly<Record<string, Millis>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `500ms`, `30s`, `1.5m`, `2h`, `1d` or a sum such as `1m30s`; `undefined` if it is anything else. A bare `0` needs no unit. */
export const parseDuration = (text: string): Millis | undefined => {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  if (!/^(\d+(\.\d+)?\s*(ms|s|min|m|h|d)\s*)+$/.test(trimmed)) return undefined;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/g)) {
    total += Number(amount) * (UNIT_MILLIS[unit ?? ''] ?? Number.NaN);
  }
  return Number.isFinite(total) ? total : undefined;
};

/** From so many hours on nobody counts in hours. */
const HOURS_IN_DAYS = 100;

/** A duration for people: `85 ms`, `3.84 s`, `32m 05s`, `2h 07m`, `12d 04h`. */
export const formatDuration = (millis: Millis): string => {
  if (!Number.isFinite(millis)) return '–';
  if (millis < 0) return `-${formatDuration(-millis)}`;
  if (millis < 999.5)
    return millis < 9.95 && millis > 0 ? `${millis.toFixed(1)} ms` : `${Math.round(millis)} ms`;
  if (millis < 9_995) return `${(millis / 1000).toFixed(2)} s`;
  if (millis < 99_950) return `${(millis / 1000).toFixed(1)} s`;
  const seconds = Math.round(millis / 1000);
  const pad = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  const hours = Math.floor(seconds / 3600);
  if (hours >= HOURS_IN_DAYS) return `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`;
  return `${hours}h ${pad(Math.floor((seconds % 3600) / 60))}m`;
};

/** A number with about three significant digits: `0.26`, `5.21`, `18.4`, `1,234`. */
export const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.01) return value.toPrecision(2);
  if (size < 9.995) return value.toFixed(2);
  if (size < 99.95) return value.toFixed(1);
  return Math.round(value).toLocaleString('en-US');
};

/** A number of things: `3`, `1,234`, and with a fraction only where it has one. */
export const formatCount = (count: number): string =>
  Number.isInteger(count) ? count.toLocaleString('en-US') : formatNumber(count);

/** An amount of money, two digits at least and as many as tell it apart from nothing: `1.00 USD`, `0.0042 USD`. */
export const formatUsd = (usd: number): string => {
  if (!Number.isFinite(usd)) return '–';
  const digits =
    usd === 0 || Math.abs(usd) >= 0.995 ? 2 : Math.min(8, 1 - Math.floor(Math.log10(Math.abs(usd))));
  return `${usd.toFixed(Math.max(2, digits))} USD`;
};

/** A share as a percentage: `0 %`, `0.4 %`, `11 %`. */
export const formatPercent = (share: number): string => {
  if (!Number.isFinite(share)) return '–';
  const percent = share * 100;
  const digits =
    Math.abs(percent) < 9.95 ? percent.toFixed(1).replace(/\.0$/, '') : String(Math.round(percent));
  return `${digits === '-0' ? '0' : digits} %`;
};
