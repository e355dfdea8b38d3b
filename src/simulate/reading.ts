import type { Reading, ToolWish } from '../../mock-server/engine/request.ts';
import { EFFORT } from '../../mock-server/wire/openai-chat.ts';
import { promptTokens } from '../../mock-server/wire/prompt.ts';
import { sampleJson } from '../../mock-server/wire/sample.ts';
import type { Call } from '../core/call.ts';

const wishOf = ({ tools = [], toolChoice }: Call): ToolWish | undefined => {
  const wanted = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  const tool = tools.find(({ name }) => wanted === undefined || name === wanted);
  if (!tool || toolChoice === 'none') return undefined;
  return {
    name: tool.name,
    argumentsJson: sampleJson(tool.parameters),
    required: toolChoice === 'required' || wanted !== undefined,
  };
};

const jsonOf = ({ responseFormat }: Call): string | undefined => {
  if (typeof responseFormat === 'object') return sampleJson(responseFormat.schema);
  return responseFormat === 'json' ? '{"answer":"sample"}' : undefined;
};

const budgetOf = ({ reasoning }: Call): number | undefined => {
  if (!reasoning) return undefined;
  return 'effort' in reasoning ? EFFORT[reasoning.effort] : reasoning.budgetTokens;
};

/** What the mock's engine reads in a call: the same that it would read in the chat request that the call becomes. */
export const readingOf = (call: Call, model: string): Reading => {
  const { messages, maxTokens, stream, tools, responseFormat, reasoning } = call;
  const definitions = tools?.map((each) => ({ type: 'function', function: each }));
  const plain = {
    model: call.model ?? model,
    stream,
    inputTokens: promptTokens(messages, definitions),
    maxTokens,
    thinkingShown: false,
  };
  if (!tools && !responseFormat && !reasoning) return plain;
  return { ...plain, thinkingBudget: budgetOf(call), tool: wishOf(call), json: jsonOf(call) };
};
