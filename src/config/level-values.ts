import { UsageError } from '../core/errors.ts';
import type { Read } from './values.ts';

/** Highest concurrency level that is accepted: more sockets than that one process does not hold. */
const MAX_LEVEL = 10_000;

const LEVELS_EXAMPLE = 'Levels are whole numbers from 1 to 10000, for example 1,5,10,20,30.';

const RANGES_EXAMPLE =
  'A range is 1..50, every fifth 1..50:5, doubling geometric:1..64; ranges and levels may be mixed: 1,5,10..50:10.';

/** `geometric` alone. */
const DOUBLING = { from: 1, to: 64 };

const RANGE = /^(geometric:)?(\d+)\.\.(\d+)(?::(\d+))?$/;

/** Levels that are not given but searched for; no list that can be typed is empty. */
export const SEARCHED: readonly number[] = [];

/** Levels in the order given, each once: `auto`, numbers, `1..50`, `1..50:5`, `geometric`, `geometric:1..64`. */
export const levels: Read<readonly number[]> = (text, name) => {
  if (text.trim() === 'auto') return SEARCHED;
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part === '')) throw new UsageError(`${name} is empty`, LEVELS_EXAMPLE);
  return [...new Set(parts.flatMap((part) => expand(part, name)))];
};

const expand = (part: string, name: string): readonly number[] => {
  if (part === 'geometric') return doubling(DOUBLING.from, DOUBLING.to);
  const [, geometric, first, last, stride] = RANGE.exec(part) ?? [];
  if (first === undefined || last === undefined) {
    const looksLikeRange = part.includes('..') || part.startsWith('geometric');
    return [level(part, part, name, looksLikeRange ? RANGES_EXAMPLE : LEVELS_EXAMPLE)];
  }
  const from = level(first, part, name, RANGES_EXAMPLE);
  const to = level(last, part, name, RANGES_EXAMPLE);
  if (to < from) throw new UsageError(`${name}: "${part}" runs backwards`, RANGES_EXAMPLE);
  if (geometric !== undefined) {
    if (stride !== undefined)
      throw new UsageError(`${name}: "${part}" doubles and has no step`, RANGES_EXAMPLE);
    return doubling(from, to);
  }
  const step = Number(stride ?? 1);
  if (step < 1) throw new UsageError(`${name}: "${part}" has a step of 0`, RANGES_EXAMPLE);
  return range(from, to, (value) => value + step);
};

const level = (text: string, part: string, name: string, example: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MAX_LEVEL)
    throw new UsageError(`${name}: "${part}" is not a level`, example);
  return value;
};

const doubling = (from: number, to: number): readonly number[] => range(from, to, (value) => value * 2);

/** From `from` on by `next`, and `to` itself whether or not a step lands on it. */
const range = (from: number, to: number, next: (value: number) => number): readonly number[] => {
  const values: number[] = [];
  for (let value = from; value < to; value = next(value)) values.push(value);
  return [...values, to];
};
