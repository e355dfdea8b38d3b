import { FAILURES } from '../core/failure.ts';
import type { RequestRecord } from '../core/record.ts';
import type { Waste } from './level-summary.ts';

/** What attempts that failed cost, folded from requests. */
export class WasteAccumulator {
  #attempts = 0;
  #input = 0;
  #output = 0;
  /** Attempts that were paid for without telling their prompt, in requests that never succeeded. */
  #untold = 0;

  add({ attempts, usage }: RequestRecord): void {
    for (const { failure, lost } of attempts) {
      if (!failure || failure.kind === 'cancelled') continue;
      this.#attempts++;
      if (!FAILURES[failure.kind].charged) continue;
      this.#output += lost?.usage?.outputTokens ?? lost?.chunks ?? 0;
      // A request sends the same prompt each time.
      const prompt = lost?.usage?.inputTokens ?? usage?.inputTokens;
      if (prompt === undefined) this.#untold++;
      else this.#input += prompt;
    }
  }

  /** The sum; a prompt that nobody told counts as the mean of the level's successful requests. */
  finish(tokens: { readonly input: number }, ok: number): Waste {
    const mean = ok > 0 ? tokens.input / ok : 0;
    return {
      attempts: this.#attempts,
      inputTokens: Math.round(this.#input + this.#untold * mean),
      outputTokens: this.#output,
    };
  }
}
