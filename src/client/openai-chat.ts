import type { Call, Message } from '../core/call.ts';
import { type Api, refuse } from './api.ts';
import { choiceAnswers } from './choice-answers.ts';
import type { ClientEvent } from './client.ts';

interface ToolCallPart {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

interface Said {
  readonly content?: string | null;
  readonly tool_calls?: readonly ToolCallPart[] | null;
}

interface Choice {
  readonly message?: Said;
  readonly delta?: Said;
  readonly finish_reason?: string | null;
}

/** Not of OpenAI's API: what vLLM, DeepSeek and gateways call the thinking they stream before the answer. */
const reasoningOf = (said: object): string => {
  const text: unknown =
    ('reasoning_content' in said && said.reasoning_content) || ('reasoning' in said && said.reasoning);
  return typeof text === 'string' ? text : '';
};

const messageOf = (message: Message): object => {
  const { role, content } = message;
  if (role === 'tool') return { role, tool_call_id: message.toolCallId, content };
  if (role !== 'assistant' || !message.toolCalls?.length) return { role, content };
  const calls = message.toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  }));
  return { role, content: content === '' ? null : content, tool_calls: calls };
};

const formatOf = (format: NonNullable<Call['responseFormat']>): object =>
  format === 'json' ? { type: 'json_object' } : { type: 'json_schema', json_schema: format };

const choiceOf = (choice: NonNullable<Call['toolChoice']>): unknown =>
  typeof choice === 'string' ? choice : { type: 'function', function: choice };

/** Chat completions: `POST /chat/completions`. */
export const openaiChat: Api = {
  name: 'chat completions',
  path: '/chat/completions',
  body(call, { model, isOpenAi }) {
    const { maxTokens, tools, toolChoice, reasoning, responseFormat } = call;
    if (reasoning && !('effort' in reasoning)) refuse('chat completions (in tokens)', call, ['reasoning']);
    return {
      model: call.model ?? model,
      messages: call.messages.map(messageOf),
      ...(isOpenAi ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(call.topP === undefined ? {} : { top_p: call.topP }),
      ...(call.stop === undefined ? {} : { stop: call.stop }),
      ...(call.seed === undefined ? {} : { seed: call.seed }),
      ...(tools ? { tools: tools.map((each) => ({ type: 'function', function: each })) } : {}),
      ...(toolChoice ? { tool_choice: choiceOf(toolChoice) } : {}),
      ...(reasoning && 'effort' in reasoning ? { reasoning_effort: reasoning.effort } : {}),
      ...(responseFormat ? { response_format: formatOf(responseFormat) } : {}),
      ...(call.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    };
  },
  ...choiceAnswers<Choice>({
    whole({ message }) {
      const toolCalls = message?.tool_calls?.flatMap(({ id = '', function: called }) =>
        called ? [{ id, name: called.name ?? '', arguments: called.arguments ?? '' }] : [],
      );
      return { text: message?.content ?? '', ...(toolCalls?.length ? { toolCalls } : {}) };
    },
    piece({ delta }, out) {
      if (delta) deltas(delta, out);
    },
  }),
};

const deltas = (delta: Said, out: ClientEvent[]): void => {
  const reasoning = reasoningOf(delta);
  if (reasoning) out.push({ type: 'delta', channel: 'reasoning', text: reasoning });
  if (delta.content) out.push({ type: 'delta', channel: 'content', text: delta.content });
  for (const { index = 0, id, function: called } of delta.tool_calls ?? []) {
    out.push({
      type: 'delta',
      channel: 'tool',
      text: called?.arguments ?? '',
      index,
      ...(id ? { id } : {}),
      ...(called?.name ? { name: called.name } : {}),
    });
  }
};
