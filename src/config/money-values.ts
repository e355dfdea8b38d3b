import { UsageError } from '../core/errors.ts';
import type { TokenPrice, Usd } from '../core/price.ts';
import type { Read } from './values.ts';

const amountOf = (text: string): number =>
  /^\d+(\.\d+)?$|^\.\d+$/.test(text.trim()) ? Number(text) : Number.NaN;

/** `0.25,2`: USD per million tokens of input, output and, if given, cached input. */
export const price: Read<TokenPrice> = (text, name) => {
  const amounts = text.split(',').map(amountOf);
  const [input = Number.NaN, output = Number.NaN, cacheRead] = amounts;
  if (amounts.length > 3 || amounts.some(Number.isNaN) || Number.isNaN(output)) {
    throw new UsageError(
      `${name}: "${text}" is not a price`,
      'Give USD per million input and output tokens, for example 0.25,2; a third number is for cached input.',
    );
  }
  return { input, output, ...(cacheRead === undefined ? {} : { cacheRead }) };
};

/** An amount in USD above zero, or `off`: infinite. */
export const maxCost: Read<Usd> = (text, name) => {
  if (text.trim() === 'off') return Number.POSITIVE_INFINITY;
  const amount = amountOf(text.trim().replace(/^\$|\s*usd$/i, ''));
  if (!(amount > 0))
    throw new UsageError(
      `${name}: "${text}" is not an amount of money above zero`,
      'Give USD, for example 2.50, or off for no cap.',
    );
  return amount;
};
