import { isLoopback } from '../client/loopback.ts';
import type { Call } from '../core/call.ts';
import { UsageError } from '../core/errors.ts';
import type { TokenPrice, Usd } from '../core/price.ts';
import { formatUsd } from '../core/units.ts';
import { type PriceOf, worstCase } from '../run/spending.ts';
import type { BudgetSetting } from './judge-values.ts';
import type { SweepOptions } from './options.ts';
import type { TargetSettings } from './target-settings.ts';

/** What a run may cost, and by which prices that is reckoned. */
export interface MoneySettings {
  readonly priceOf: PriceOf;
  /** Where the prices come from, in words; `undefined` where none is known. */
  readonly source: string | undefined;
  /** Infinite where there is no cap. */
  readonly cap: Usd;
  /** The most that one of the calls can cost; 0 where no cap asks for it. */
  readonly worst: Usd;
}

/** What a run may cost at a paid endpoint unless the user says otherwise. */
const DEFAULT_CAP: Usd = 1;

const inWords = ({ input, output, cacheRead, tiers = [] }: TokenPrice): string => {
  const cached = cacheRead === undefined || cacheRead === input ? '' : `, ${cacheRead} cached`;
  const more = tiers.map(
    (tier) =>
      `; ${tier.input} in, ${tier.output} out above ${tier.above.toLocaleString('en-US')} tokens of input`,
  );
  return `${input} in, ${output} out${cached} USD per million tokens${more.join('')}`;
};

const pricesOf = async (
  given: TokenPrice | undefined,
  target: TargetSettings,
): Promise<Pick<MoneySettings, 'priceOf' | 'source'>> => {
  if (given) return { priceOf: () => given, source: `${inWords(given)} (--price)` };
  if (target.kind === 'mock' || isLoopback(target.baseUrl))
    return { priceOf: () => undefined, source: undefined };
  const { listedPrice, PRICE_LIST } = await import('./price-list.ts');
  const known = new Map<string, TokenPrice | undefined>();
  const priceOf: PriceOf = (model = target.model) => {
    if (!known.has(model)) known.set(model, listedPrice(model, target.baseUrl));
    return known.get(model);
  };
  const price = priceOf(target.model);
  const { name, version, date } = PRICE_LIST;
  return { priceOf, source: price && `${inWords(price)} (${name} ${version} of ${date})` };
};

/** Settles prices and cap; `atOnce` calls may be under way together. Throws `UsageError` for a cap that cannot be kept: no price, or too much in flight at once. */
export const moneyOf = async (
  {
    price,
    maxCost,
    budget,
  }: Pick<SweepOptions, 'price' | 'maxCost'> & { budget?: BudgetSetting | undefined },
  atOnce: number,
  target: TargetSettings,
  calls: readonly Call[],
): Promise<MoneySettings> => {
  const prices = await pricesOf(price, target);
  const paid = target.kind !== 'mock' && !isLoopback(target.baseUrl);
  // A search's budget is a cap as well: what it plans by the mean cost of a call must not be overrun by a dear one.
  const most = budget && 'usd' in budget ? budget.usd : undefined;
  const cap = Math.min(
    most ?? Number.POSITIVE_INFINITY,
    maxCost ?? (paid && most === undefined ? DEFAULT_CAP : Number.POSITIVE_INFINITY),
  );
  const [flag, way] =
    cap === most ? ['--budget', 'a budget in requests or time'] : ['--max-cost', '--max-cost off for no cap'];
  if (cap === Number.POSITIVE_INFINITY) return { ...prices, cap, worst: 0 };
  const unpriced = calls.find(({ model }) => !prices.priceOf(model));
  if (unpriced) {
    throw new UsageError(
      `there is no price for ${unpriced.model ?? target.model}, so the spending cap of ${formatUsd(cap)} cannot be kept`,
      `Give --price in,out (USD per million tokens), or ${way}.`,
    );
  }
  const worst = Math.max(...calls.map((call) => worstCase(call, prices.priceOf(call.model) ?? NOTHING)));
  if (worst * atOnce > cap) {
    throw new UsageError(
      `${flag}: ${atOnce} at once could cost up to ${formatUsd(worst * atOnce)} before the first answer, above the cap of ${formatUsd(cap)}`,
      `Raise ${flag}, make fewer calls at once, or allow shorter answers (maxTokens).`,
    );
  }
  return { ...prices, cap, worst };
};

const NOTHING: TokenPrice = { input: 0, output: 0 };
