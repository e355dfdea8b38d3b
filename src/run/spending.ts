import { promptText } from '../client/prompt-size.ts';
import type { Call, Usage } from '../core/call.ts';
import { BenchError, EXIT } from '../core/errors.ts';
import { costOf, type TokenPrice, type Usd } from '../core/price.ts';
import { formatUsd } from '../core/units.ts';

/** Bytes per token at worst; even text that tokenizers split finely takes about this many. */
const BYTES_PER_TOKEN = 2;

/** What a call may cost at most: its prompt taken for many small tokens, and all the output it allows. */
export const worstCase = (call: Call, price: TokenPrice): Usd => {
  const usage: Usage = {
    inputTokens: Math.ceil(Buffer.byteLength(promptText(call)) / BYTES_PER_TOKEN),
    outputTokens: call.maxTokens,
  };
  return costOf(usage, { ...price, cacheRead: price.input });
};

/** What is set aside for one attempt while it is under way. */
export interface Hold {
  /**
   * Ends the attempt, with what it used if it has cost anything; the result is what it has cost, `undefined` where the price
   * is not known. An answer that was given up may go on costing: under the cap it counts with all that was set aside.
   */
  settle(usage: Usage | undefined, complete: boolean): Usd | undefined;
}

/** A model's price, `undefined` if nobody knows it. */
export type PriceOf = (model: string | undefined) => TokenPrice | undefined;

const NO_PRICE: Hold = { settle: () => undefined };

/**
 * The money of a run. Every attempt asks before it leaves, retries too: what has been spent, what is set aside for the attempts
 * under way and what this one may cost at most must fit under the cap together. Once they do not, nothing more leaves.
 */
export class Spending {
  readonly #priceOf: PriceOf;
  readonly #cap: Usd;
  #spent: Usd = 0;
  #held: Usd = 0;
  #attempts = 0;
  #refused: Usd | undefined;

  /** `cap` is infinite where there is none. */
  constructor(priceOf: PriceOf, cap: Usd = Number.POSITIVE_INFINITY) {
    this.#priceOf = priceOf;
    this.#cap = cap;
  }

  /** What has been spent so far. */
  get spent(): Usd {
    return this.#spent;
  }

  /** Why no more attempts may leave; `undefined` while they may. */
  get exhausted(): BenchError | undefined {
    if (this.#refused === undefined) return undefined;
    return new BenchError(
      EXIT.cost,
      `the spending cap of ${formatUsd(this.#cap)} is reached: ${this.#attempts} attempts have cost ${formatUsd(this.#spent)}, and the next one could cost up to ${formatUsd(this.#refused)}`,
      { hint: 'Everything measured so far is saved. Raise --max-cost, or lower --requests or the levels.' },
    );
  }

  /** Sets aside what an attempt may cost; `undefined` if the cap does not allow it. */
  hold(call: Call): Hold | undefined {
    if (this.#refused !== undefined) return undefined;
    const price = this.#priceOf(call.model);
    if (!price) return NO_PRICE;
    const worst = this.#cap === Number.POSITIVE_INFINITY ? 0 : worstCase(call, price);
    if (this.#spent + this.#held + worst > this.#cap) {
      this.#refused = worst;
      return undefined;
    }
    this.#held += worst;
    this.#attempts++;
    return {
      settle: (usage, complete) => {
        this.#held -= worst;
        const cost = usage ? costOf(usage, price) : 0;
        this.#spent += complete || !usage ? cost : Math.max(cost, worst);
        return cost;
      },
    };
  }
}
