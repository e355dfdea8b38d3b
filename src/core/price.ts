import type { Usage } from './call.ts';

/** US dollars. */
export type Usd = number;

/** What tokens cost, in USD per million. */
export interface TokenRates {
  readonly input: Usd;
  readonly output: Usd;
  /** Input read from the provider's cache; as `input` unless given. */
  readonly cacheRead?: Usd;
  /** Input written to it; as `input` unless given. */
  readonly cacheWrite?: Usd;
}

/** Rates that hold for all tokens of a request whose input is longer than so many tokens. */
export interface PriceTier extends TokenRates {
  readonly above: number;
}

/** What a model's tokens cost; for long prompts it may cost more. */
export interface TokenPrice extends TokenRates {
  /** The shortest first. */
  readonly tiers?: readonly PriceTier[];
}

const MILLION = 1e6;

/** All rates that may hold for a request of up to so many input tokens. */
const ratesUpTo = (price: TokenPrice, inputTokens: number): readonly TokenRates[] => [
  price,
  ...(price.tiers ?? []).filter(({ above }) => inputTokens > above),
];

/** What a usage costs: cached input is part of the input, reasoning part of the output; all of it at the rates of the input's length. */
export const costOf = (usage: Usage, price: TokenPrice): Usd => {
  const { inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0 } = usage;
  const plain = Math.max(0, inputTokens - cachedTokens - cacheWriteTokens);
  const {
    input,
    output,
    cacheRead = input,
    cacheWrite = input,
  } = ratesUpTo(price, inputTokens).at(-1) ?? price;
  return (
    (plain * input + cachedTokens * cacheRead + cacheWriteTokens * cacheWrite + outputTokens * output) /
    MILLION
  );
};

/** The most that so many tokens can cost, whatever of the input the provider reads from its cache or writes to it. */
export const mostCostOf = (
  tokens: { readonly input: number; readonly output: number },
  price: TokenPrice,
): Usd => {
  const costs = ratesUpTo(price, tokens.input).map(
    ({ input, output, cacheRead = input, cacheWrite = input }) =>
      tokens.input * Math.max(input, cacheRead, cacheWrite) + tokens.output * output,
  );
  return Math.max(...costs) / MILLION;
};
