import type { Call, Usage } from '../core/call.ts';
import type { ClientEvent } from './client.ts';

/** What a token is taken for where nobody counts: the usual rule of thumb for English text. */
const CHARACTERS_PER_TOKEN = 4;

/** Tokens of that many characters, estimated; at least one. */
const estimatedTokens = (characters: number): number =>
  Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));

/** Characters of all that a call sends as prompt: its messages, and the definitions of its tools. */
const promptCharacters = ({ messages, tools, responseFormat }: Call): number => {
  let characters =
    tools || typeof responseFormat === 'object' ? JSON.stringify([tools, responseFormat]).length : 0;
  for (const message of messages) {
    characters += message.content.length;
    if (message.role !== 'assistant') continue;
    for (const { name, arguments: text } of message.toolCalls ?? []) characters += name.length + text.length;
  }
  return characters;
};

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
    if (this.#told) return undefined;
    return {
      inputTokens: estimatedTokens(promptCharacters(this.#call)),
      outputTokens: estimatedTokens(this.#characters),
      ...(this.#reasoning > 0 ? { reasoningTokens: estimatedTokens(this.#reasoning) } : {}),
      estimated: true,
    };
  }
}
