import type { ClientEvent } from '../client/client.ts';
import type { Answer, ProviderBlock, ToolCall } from '../core/call.ts';

/** Puts an answer together from the events of one attempt, streamed or whole; reasoning is left out but for what the next turn must pass back. */
export class AnswerBuilder {
  #text = '';
  #blocks: readonly ProviderBlock[] | undefined;
  readonly #tools = new Map<number, ToolCall>();

  /** Takes the next event. */
  add(event: ClientEvent): void {
    if (event.type === 'answer') {
      this.#text += event.text;
      for (const call of event.toolCalls ?? []) this.#tools.set(this.#tools.size, call);
      this.#blocks = event.blocks;
    } else if (event.type === 'blocks') this.#blocks = event.blocks;
    else if (event.type === 'delta' && event.channel === 'content') this.#text += event.text;
    else if (event.type === 'delta' && event.channel === 'tool') {
      const known = this.#tools.get(event.index);
      this.#tools.set(event.index, {
        id: event.id ?? known?.id ?? '',
        name: event.name ?? known?.name ?? '',
        arguments: (known?.arguments ?? '') + event.text,
      });
    }
  }

  /** What has been said so far. */
  answer(): Answer {
    return {
      text: this.#text,
      ...(this.#tools.size > 0 ? { toolCalls: [...this.#tools.values()] } : {}),
      ...(this.#blocks ? { blocks: this.#blocks } : {}),
    };
  }
}
