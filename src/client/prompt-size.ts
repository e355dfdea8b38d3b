import type { Call } from '../core/call.ts';

/** What a token is taken for where nobody counts: the usual rule of thumb for English text. */
const CHARACTERS_PER_TOKEN = 4;

/** Tokens of that many characters, estimated; at least one. */
export const estimatedTokens = (characters: number): number =>
  Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));

/** All that a call sends as prompt: its messages, and the definitions of its tools and its format. */
export const promptText = ({ messages, tools, responseFormat }: Call): string => {
  const said = messages.map((message) => {
    if (message.role !== 'assistant') return message.content;
    if (message.blocks) return JSON.stringify(message.blocks);
    return message.toolCalls ? message.content + JSON.stringify(message.toolCalls) : message.content;
  });
  const defined =
    tools || typeof responseFormat === 'object' ? JSON.stringify([tools ?? [], responseFormat ?? '']) : '';
  return said.join('') + defined;
};
