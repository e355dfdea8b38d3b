import type { Usage } from '../core/call.ts';
import type { Demand, KnownLimit } from '../core/known-limit.ts';

/** What calls count towards one limit: a guess before they leave, the fact once they have answered. */
export class Toll {
  readonly #limit: Pick<KnownLimit, 'name' | 'perCall' | 'counts'>;
  #answers = 0;
  #meanOutput = 0;

  constructor(limit: Pick<KnownLimit, 'name' | 'perCall' | 'counts'>) {
    this.#limit = limit;
  }

  /** The guess: of output, the mean of the answers so far, and all that is allowed before the first. */
  expected(demand: Demand): number {
    const least = this.#limit.name === 'tokens' ? (demand.leastTokens ?? 0) : 0;
    return Math.max(this.#guess(demand), least);
  }

  #guess({ inputTokens, maxTokens }: Demand): number {
    const { name, perCall, counts } = this.#limit;
    if (perCall !== undefined) return perCall;
    const output = this.#answers > 0 ? Math.min(maxTokens, this.#meanOutput) : maxTokens;
    switch (name) {
      case 'tokens':
        return counts === 'reserved' ? Math.max(inputTokens, maxTokens) : inputTokens + output;
      case 'input-tokens':
        return inputTokens;
      case 'output-tokens':
        return output;
      case 'requests':
        return 1;
    }
  }

  /** What an answer counted in the end; `undefined` where the guess stands. */
  actual(usage: Usage | undefined): number | undefined {
    const { name, perCall, counts } = this.#limit;
    if (!usage || name === 'requests' || perCall !== undefined || counts === 'reserved') return undefined;
    this.#answers++;
    this.#meanOutput += (usage.outputTokens - this.#meanOutput) / this.#answers;
    const input = usage.inputTokens - (usage.cachedTokens ?? 0);
    if (name === 'tokens') return usage.inputTokens + usage.outputTokens;
    return name === 'input-tokens' ? input : usage.outputTokens;
  }
}
