import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import { parsePerSecond } from '../core/quantity.ts';
import { parseDuration } from '../core/units.ts';
import type { Stage } from '../load/arrivals.ts';
import type { Read } from './values.ts';

/** More starts a second than one process can make. */
const MAX_RATE = 10_000;

const RATES_EXAMPLE = 'Rates are above 0 and at most 10000/s, for example 5, 5/s, 300/min or 2,4,6.';

const rate = (text: string): number | undefined => {
  const value = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : parsePerSecond(text);
  return value !== undefined && value > 0 && value <= MAX_RATE ? value : undefined;
};

/** Arrivals per second, in the order given, each once; a bare number is per second. */
export const rates: Read<readonly number[]> = (text, name) => {
  const values = text.split(',').map((part) => {
    const value = rate(part);
    if (value === undefined) throw new UsageError(`${name}: "${part.trim()}" is not a rate`, RATES_EXAMPLE);
    return value;
  });
  return [...new Set(values)];
};

/** `30s:5,1m:10`: the rate changes evenly over each time to what follows it, from 0. */
export const stages: Read<readonly Stage[]> = (text, name) =>
  text.split(',').map((part) => {
    const [time = '', target = '', ...rest] = part.split(':');
    const duration = parseDuration(time);
    const perSecond = target.trim() === '0' ? 0 : rate(target);
    if (!duration || perSecond === undefined || rest.length > 0)
      throw new UsageError(
        `${name}: "${part.trim()}" is not a stage`,
        'A stage is a time and the rate at its end, for example 30s:5,1m:10,30s:0.',
      );
    return { duration, perSecond };
  });

/** How precisely a level is to be known: a share above 0 and below 1, `5%` or `0.05`. */
export const precision: Read<number> = (text, name) => {
  const [, digits, percent] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = Number(digits) / (percent ? 100 : 1);
  if (!(value > 0 && value < 1))
    throw new UsageError(`${name}: "${text}" is not a share below 100 %`, 'For example 5% or 0.05.');
  return value;
};

/** How the slots of a level are let in. */
export type RampSetting = Millis | 'auto' | 'off';

/** `auto`, `off` or a time. */
export const ramp: Read<RampSetting> = (text, name) => {
  if (text === 'auto' || text === 'off') return text;
  const value = parseDuration(text);
  if (value === undefined)
    throw new UsageError(`${name}: "${text}" is no ramp`, 'Give auto, off or a time, for example 10s.');
  return value;
};

/** A number of requests, or `auto`: as many as the drain of the batch asks for. */
export const requests: Read<number | 'auto'> = (text, name) => {
  if (text === 'auto') return text;
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || value < 1 || !Number.isSafeInteger(value))
    throw new UsageError(
      `${name}: "${text}" is not a whole number of at least 1`,
      'For example 500, or auto.',
    );
  return value;
};
