import type { Usage } from './call.ts';

/** US dollars. */
export type Usd = number;

/** What a model's tokens cost, in USD per million. */
export interface TokenPrice {
  readonly input: Usd;
  readonly output: Usd;
  /** Input read from the provider's cache; as `input` unless given. */
  readonly cacheRead?: Usd;
  /** Input written to it; as `input` unless given. */
  readonly cacheWrite?: Usd;
}

const MILLION = 1e6;

/** What a usage costs: cached input is part of the input, reasoning part of the output. */
export const costOf = (usage: Usage, price: TokenPrice): Usd => {
  const { inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0 } = usage;
  const plain = Math.max(0, inputTokens - cachedTokens - cacheWriteTokens);
  const { input, output, cacheRead = input, cacheWrite = input } = price;
  return (
    (plain * input + cachedTokens * cacheRead + cacheWriteTokens * cacheWrite + outputTokens * output) /
    MILLION
  );
};
