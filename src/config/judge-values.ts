import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import type { Usd } from '../core/price.ts';
import { parseDuration } from '../core/units.ts';
import { parseSlo, type SloBound } from '../measure/slo.ts';
import type { Read } from './values.ts';

/** A share from 0 to below 1: `5%` or `0.05`. */
export const share: Read<number> = (text, name) => {
  const [, digits = '', percent] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = digits === '' ? Number.NaN : Number(digits) / (percent ? 100 : 1);
  if (!(value >= 0 && value < 1))
    throw new UsageError(
      `${name}: "${text}" is not a share from 0 to below 100 %`,
      'For example 5% or 0.05.',
    );
  return value;
};

/** A factor of at least 1. */
export const latencyFactor: Read<number> = (text, name) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 1 && value <= 1000))
    throw new UsageError(`${name}: "${text}" is not a factor from 1 to 1000`, 'For example 1.5 or 2.');
  return value;
};

/** Bounds on latency. */
export const slo: Read<readonly SloBound[]> = parseSlo;

/** What a search may cost at most. */
export type BudgetSetting =
  | { readonly requests: number }
  | { readonly duration: Millis }
  | { readonly usd: Usd };

const FEWEST = 100;

/** A number of requests, a time, or money. */
export const budget: Read<BudgetSetting> = (text, name) => {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) {
    if (Number(trimmed) < FEWEST)
      throw new UsageError(
        `${name}: ${trimmed} requests are too few to search with`,
        `Give at least ${FEWEST}; a first look alone takes 60.`,
      );
    return { requests: Number(trimmed) };
  }
  if (/usd$|^\$/i.test(trimmed)) {
    const usd = Number(trimmed.replace(/usd$|^\$/i, '').trim() || Number.NaN);
    if (!(usd > 0 && usd < Number.POSITIVE_INFINITY))
      throw new UsageError(`${name}: "${text}" is no amount of money`, 'For example 0.50usd.');
    return { usd };
  }
  const duration = parseDuration(trimmed);
  if (duration === undefined || duration <= 0)
    throw new UsageError(
      `${name}: "${text}" is neither a number of requests nor a time nor money`,
      'For example 2000, 10m or 0.50usd.',
    );
  return { duration };
};
