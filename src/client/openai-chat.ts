import type { Call, Message, Usage } from '../core/call.ts';
import { type Api, fieldsOf, refuse } from './api.ts';
import type { ClientEvent } from './client.ts';

/** Usage as the chat and the legacy API tell it. */
export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | undefined } | null | undefined;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | undefined } | null | undefined;
}

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

interface Completion {
  readonly choices: readonly Choice[];
  readonly usage: CompletionUsage | null;
}

/** Usage in our form; `undefined` where the API tells none. */
export const usageOf = (usage: CompletionUsage | null | undefined): Usage | undefined =>
  usage
    ? {
        inputTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        ...(usage.prompt_tokens_details?.cached_tokens
          ? { cachedTokens: usage.prompt_tokens_details.cached_tokens }
          : {}),
        ...(usage.completion_tokens_details?.reasoning_tokens
          ? { reasoningTokens: usage.completion_tokens_details.reasoning_tokens }
          : {}),
      }
    : undefined;

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
  whole(answer, out) {
    const { choices, usage } = fieldsOf<Completion>(answer);
    const choice = choices?.[0];
    const toolCalls = choice?.message?.tool_calls?.flatMap(({ id = '', function: called }) =>
      called ? [{ id, name: called.name ?? '', arguments: called.arguments ?? '' }] : [],
    );
    const text = choice?.message?.content ?? '';
    out.push({ type: 'answer', text, ...(toolCalls?.length ? { toolCalls } : {}) });
    const told = usageOf(usage);
    if (told) out.push({ type: 'usage', usage: told });
    return choice?.finish_reason ?? undefined;
  },
  reader() {
    let finishReason: string | undefined;
    return {
      get finishReason() {
        return finishReason;
      },
      read(frame, out) {
        const { choices, usage } = fieldsOf<Completion>(frame);
        const choice = choices?.[0];
        if (choice?.delta) deltas(choice.delta, out);
        finishReason = choice?.finish_reason ?? finishReason;
        const told = usageOf(usage);
        if (told) out.push({ type: 'usage', usage: told });
      },
    };
  },
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
