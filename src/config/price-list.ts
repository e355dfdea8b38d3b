import { calcPrice } from '@pydantic/genai-prices';
import type { TokenPrice, TokenRates } from '../core/price.ts';

/** Which list of prices is asked, and when it was made; it is part of the installation and asks no network. */
export const PRICE_LIST = { name: '@pydantic/genai-prices', version: '0.1.8', date: '2026-09-23' } as const;

/** Names of the list for ours. */
const KEYS = {
  input: 'input_mtok',
  output: 'output_mtok',
  cacheRead: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
} as const;

type Listed = NonNullable<ReturnType<typeof calcPrice>>['model_price'][string];

/** The rate above so many tokens of input; `undefined` if the list has none. */
const rateAbove = (listed: Listed, tokens: number): number | undefined => {
  if (listed === undefined || typeof listed === 'number') return listed;
  return listed.tiers.findLast(({ start }) => start <= tokens)?.price ?? listed.base;
};

const ratesAbove = (price: Readonly<Record<string, Listed>>, tokens: number): TokenRates | undefined => {
  const { input, output, cacheRead, cacheWrite } = Object.fromEntries(
    Object.entries(KEYS).map(([name, key]) => [name, rateAbove(price[key], tokens)]),
  );
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    output,
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
  };
};

/** Numbers of input tokens above which some rate changes, ascending. */
const thresholds = (price: Readonly<Record<string, Listed>>): readonly number[] => {
  const starts = Object.values(KEYS).flatMap((key) => {
    const listed = price[key];
    return typeof listed === 'object' ? listed.tiers.map(({ start }) => start) : [];
  });
  return [...new Set(starts)].toSorted((a, b) => a - b);
};

/** What a model costs at the provider behind an address; `undefined` if the list does not know the two together. */
export const listedPrice = (model: string, baseUrl: string): TokenPrice | undefined => {
  const found = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerApiUrl: baseUrl });
  const listed = found?.model_price;
  const rates = listed && ratesAbove(listed, -1);
  if (!rates) return undefined;
  const tiers = thresholds(listed).flatMap((above) => {
    const dearer = ratesAbove(listed, above);
    return dearer ? [{ above, ...dearer }] : [];
  });
  return { ...rates, ...(tiers.length > 0 ? { tiers } : {}) };
};
