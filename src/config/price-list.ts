import { calcPrice } from '@pydantic/genai-prices';
import type { TokenPrice } from '../core/price.ts';

/** Which list of prices is asked, and when it was made; it is part of the installation and asks no network. */
export const PRICE_LIST = { name: '@pydantic/genai-prices', version: '0.1.8', date: '2026-09-23' } as const;

/** A price may rise with the length of the prompt: what stands first holds for the shortest. */
const firstTier = (price: unknown): number | undefined => {
  const amount = typeof price === 'object' && price !== null && 'base' in price ? price.base : price;
  return typeof amount === 'number' ? amount : undefined;
};

/** What a model costs at the provider behind an address; `undefined` if the list does not know the two together. */
export const listedPrice = (model: string, baseUrl: string): TokenPrice | undefined => {
  const found = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerApiUrl: baseUrl });
  const listed = found?.model_price;
  const [input, output, cacheRead, cacheWrite] = [
    'input_mtok',
    'output_mtok',
    'cache_read_mtok',
    'cache_write_mtok',
  ].map((key) => firstTier(listed?.[key]));
  if (input === undefined || output === undefined) return undefined;
  return {
    input,
    output,
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
  };
};
