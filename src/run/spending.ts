import { promptText } from '../client/prompt-size.ts';
import type { Call, Usage } from '../core/call.ts';
import { BenchError, EXIT } from '../core/errors.ts';
import { FAILURES, type Failure } from '../core/failure.ts';
import { costOf, mostCostOf, type TokenPrice, type Usd } from '../core/price.ts';
import { formatUsd } from '../core/units.ts';

/** What providers add to a prompt around each message, in tokens: more than any is known to. */
const PER_MESSAGE = 16;

/** What they add where there are tools or a format of the answer, beside the definitions themselves. */
const FOR_DEFINITIONS = 1024;

/** What a call may cost at most: each byte of its prompt a token, with what is put around it, and all the output it allows. */
export const worstCase = (call: Call, price: TokenPrice): Usd => {
  const { messages, tools, responseFormat, maxTokens } = call;
  const around = PER_MESSAGE * (messages.length + 1) + (tools || responseFormat ? FOR_DEFINITIONS : 0);
  return mostCostOf({ input: Buffer.byteLength(promptText(call)) + around, output: maxTokens }, price);
};

/** What is set aside for one attempt while it is under way. */
export interface Hold {
  /**
   * Ends the attempt, with what it used as far as that is known, and how it failed if it did. The result is what it has cost at
   * least, `undefined` where the price is not known. Where that is not certain (an answer that was given up or has no usage,
   * a request that was accepted and lost) it counts under the cap with all that was set aside.
   */
  settle(usage: Usage | undefined, failure: Failure | undefined): Usd | undefined;
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
  /** What attempts that have ended may have cost beside what is known. */
  #uncertain: Usd = 0;
  #held: Usd = 0;
  #attempts = 0;
  /** What runs before this one have spent of the same cap. */
  readonly #before: Usd;
  #refusal: (() => string) | undefined;

  /** `cap` is infinite where there is none; `before` of it is spent already. */
  constructor(priceOf: PriceOf, cap: Usd = Number.POSITIVE_INFINITY, before: Usd = 0) {
    this.#priceOf = priceOf;
    this.#cap = cap;
    this.#before = before;
  }

  /** What this run has spent so far, at most. */
  get spent(): Usd {
    return this.#spent + this.#uncertain;
  }

  /** Why no more attempts may leave; `undefined` while they may. */
  get exhausted(): BenchError | undefined {
    if (!this.#refusal) return undefined;
    return new BenchError(EXIT.cost, this.#refusal(), {
      hint: 'Everything so far is saved. Raise --max-cost; a sweep also gets by with fewer --requests or lower levels, a batch goes on with --resume and a higher one.',
    });
  }

  /** Sets aside what an attempt may cost; `undefined` if the cap does not allow it. */
  hold(call: Call): Hold | undefined {
    if (this.#refusal) return undefined;
    const isCapped = this.#cap !== Number.POSITIVE_INFINITY;
    const price = this.#priceOf(call.model);
    if (!price) {
      if (isCapped) this.#refusal = () => this.#unpriced(call);
      return isCapped ? undefined : NO_PRICE;
    }
    const worst = isCapped ? worstCase(call, price) : 0;
    if (this.#before + this.spent + this.#held + worst > this.#cap) {
      const underWay = this.#held;
      this.#refusal = () => this.#reached(worst, underWay);
      return undefined;
    }
    this.#held += worst;
    this.#attempts++;
    return {
      settle: (usage, failure) => {
        this.#held -= worst;
        const cost = usage ? costOf(usage, price) : 0;
        this.#spent += cost;
        if (!isCertain(usage, failure)) this.#uncertain += Math.max(0, worst - cost);
        return cost;
      },
    };
  }

  #unpriced({ model = 'the model' }: Call): string {
    return `the spending cap of ${formatUsd(this.#cap)} cannot be kept: a call asks for ${model}, which has no price`;
  }

  #reached(next: Usd, underWay: Usd): string {
    const unsure = this.#uncertain > 0 ? ` for certain, and up to ${formatUsd(this.spent)} in all` : '';
    const beside = underWay > 0 ? `, beside up to ${formatUsd(underWay)} for those under way` : '';
    const before = this.#before > 0 ? ` after ${formatUsd(this.#before)} in the runs before` : '';
    return `the spending cap of ${formatUsd(this.#cap)} is reached: ${this.#attempts} attempts have cost ${formatUsd(this.#spent)}${unsure}${before}; the next one could have cost up to ${formatUsd(next)}${beside}`;
  }
}

/** Whether nothing but what is known of an attempt can be charged. */
const isCertain = (usage: Usage | undefined, failure: Failure | undefined): boolean =>
  failure ? usage === undefined && !FAILURES[failure.kind].charged : usage !== undefined && !usage.estimated;
