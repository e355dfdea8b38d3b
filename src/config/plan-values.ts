import type { Millis } from '../core/clock.ts';
import { UsageError } from '../core/errors.ts';
import { parseCount, parsePerSecond } from '../core/quantity.ts';
import { parseDuration } from '../core/units.ts';
import type { Read } from './values.ts';

/** Work as it was asked for: so many requests a day, or a batch of so many. */
export type Work = { readonly perDay: number } | { readonly batch: number };

/** `100k/day`, `500/min`: work that keeps coming; `20k`: a batch. */
export const work: Read<Work> = (text, name) => {
  const perSecond = parsePerSecond(text, 'request');
  if (perSecond !== undefined && perSecond > 0) return { perDay: perSecond * 86_400 };
  const batch = parseCount(text, 'request');
  if (batch !== undefined && batch >= 1) return { batch: Math.round(batch) };
  throw new UsageError(
    `${name}: "${text}" is no amount of requests`,
    'For example 100k/day, 500/min or 10 rps for work that keeps coming, 20k for a batch.',
  );
};

/** An amount of tokens above zero: `300`, `1.2k tokens`. */
export const tokens: Read<number> = (text, name) => {
  const value = parseCount(text, 'token');
  if (value === undefined || value <= 0)
    throw new UsageError(`${name}: "${text}" is no amount of tokens`, 'For example 300 or 1.2k tokens.');
  return value;
};

/** A share up to `most`: `20%` or `0.2`. */
export const share =
  (most: number, example: string): Read<number> =>
  (text, name) => {
    const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)(?:\s*\/\s*month)?$/.exec(text.trim());
    const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
    if (!(value >= 0 && value <= most)) {
      throw new UsageError(
        `${name}: "${text}" is not a share from 0 to ${most * 100} %`,
        `For example ${example}; without the sign it is a fraction.`,
      );
    }
    if (!match?.[2] && value > 1) {
      throw new UsageError(
        `${name}: "${text}" without a sign is a fraction, ${value * 100} %`,
        `Write ${text.trim().replace(/\s*\/.*$/, '')}% if that is meant.`,
      );
    }
    return value;
  };

/** A number from `least` to `most`. */
export const number =
  (least: number, most: number, example: string): Read<number> =>
  (text, name) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new UsageError(
        `${name}: "${text}" is not a number from ${least} to ${most}`,
        `For example ${example}.`,
      );
    }
    return value;
  };

/** 24 weights, one per hour from midnight on. */
export const hourlyWeights: Read<readonly number[]> = (text, name) => {
  const weights = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (
    weights.length !== 24 ||
    weights.some((weight) => !(weight >= 0)) ||
    !weights.some((weight) => weight > 0)
  ) {
    throw new UsageError(
      `${name} must be 24 numbers from 0 up, one per hour from midnight, not all 0`,
      'Their scale does not matter: requests counted per hour will do.',
    );
  }
  return weights;
};

/** `p95<10s`, or just the time. */
export const p95: Read<Millis> = (text, name) => {
  const value = parseDuration(text.replace(/^p95\s*<=?\s*/, ''));
  if (value === undefined || value <= 0)
    throw new UsageError(`${name}: "${text}" is no time for the 95th percentile`, 'For example p95<10s.');
  return value;
};

/** US dollars per million tokens: input, output and, where the provider has one, cached input. */
export const tokenPrice: Read<{ inputUsd: number; outputUsd: number; cachedInputUsd: number }> = (
  text,
  name,
) => {
  const parts = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part.replace('$', ''))));
  const [inputUsd = Number.NaN, outputUsd = Number.NaN, cachedInputUsd = inputUsd] = parts;
  if (parts.length > 3 || parts.length < 2 || parts.some((part) => !(part >= 0))) {
    throw new UsageError(
      `${name}: "${text}" is no price`,
      'Give US dollars per million tokens, input then output (then cached input), for example 3,15 or 3,15,0.30.',
    );
  }
  return { inputUsd, outputUsd, cachedInputUsd };
};
