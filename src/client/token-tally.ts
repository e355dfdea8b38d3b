import type { Call, Usage } from '../core/call.ts';
import type { ClientEvent } from './client.ts';
import { estimatedTokens, promptText } from './prompt-size.ts';

/** Counts what an answer says, for the case that its API does not tell the usage. */
export class TokenTally {
  readonly #call: Call;
  #told = false;
  #characters = 0;
  #reasoning = 0;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Takes note of an event. */
  add(event: ClientEvent): void {
    if (event.type === 'usage') this.#told = true;
    else if (event.type === 'delta') {
      this.#characters += event.text.length;
      if (event.channel === 'reasoning') this.#reasoning += event.text.length;
    } else if (event.type === 'answer') {
      this.#characters += event.text.length;
      for (const { name, arguments: text } of event.toolCalls ?? [])
        this.#characters += name.length + text.length;
    }
  }

  /** The usage as estimated, marked as such; `undefined` where the API has told it. */
  estimate(): Usage | undefined {
    return this.#told ? undefined : this.partial();
  }

  /** What an answer that did not arrive whole has cost at least: the prompt, and what was received; an estimate. */
  partial(): Usage {
    return {
      inputTokens: estimatedTokens(promptText(this.#call).length),
      outputTokens: this.#characters === 0 ? 0 : estimatedTokens(this.#characters),
      ...(this.#reasoning > 0 ? { reasoningTokens: estimatedTokens(this.#reasoning) } : {}),
      estimated: true,
    };
  }
}
