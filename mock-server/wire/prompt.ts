import { isObject } from './wire.ts';

/** Characters of text in a prompt, wherever it nests: strings, parts with `text` or `content`, lists of those. */
export const textLength = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + textLength(each), 0);
  if (!isObject(value)) return 0;
  return textLength(
    value['text'] ?? value['content'] ?? value['input'] ?? value['output'] ?? value['arguments'],
  );
};

/** Characters of tool definitions, which providers bill as prompt. */
const definitionLength = (tools: unknown): number => (tools === undefined ? 0 : JSON.stringify(tools).length);

/** Prompt tokens by the usual estimate of four characters each. */
export const promptTokens = (parts: readonly unknown[], tools?: unknown): number => {
  const characters = parts.reduce((sum: number, part) => sum + textLength(part), 0) + definitionLength(tools);
  return Math.max(1, Math.ceil(characters / 4));
};
