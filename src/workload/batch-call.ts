import type { Call } from '../core/call.ts';
import type { Item } from './items.ts';
import { filled } from './template.ts';

/** What a batch asks of every item: `{item}`, `{column}` and `{i}` in the texts are replaced. */
export interface BatchPrompt {
  readonly system: string | undefined;
  readonly prompt: string;
  readonly maxTokens: number;
}

/** The call of an item. */
export const batchCall = ({ system, prompt, maxTokens }: BatchPrompt, item: Item): Call => ({
  messages: [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: filled(system, item.index, item) }]),
    { role: 'user', content: filled(prompt, item.index, item) },
  ],
  maxTokens,
  stream: false,
});
