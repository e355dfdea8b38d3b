import type { Call, Message, ToolCall, Usage } from '../core/call.ts';
import { type Api, failureFrame, fieldsOf, refuse } from './api.ts';
import type { ClientEvent } from './client.ts';

interface Item {
  readonly type?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly content?: readonly { readonly type?: string; readonly text?: string }[];
}

interface ModelResponse {
  readonly status: string;
  readonly error: object | null;
  readonly incomplete_details: { readonly reason?: string } | null;
  readonly output: readonly Item[];
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly input_tokens_details?: {
      readonly cached_tokens?: number;
      readonly cache_write_tokens?: number;
    } | null;
    readonly output_tokens_details?: { readonly reasoning_tokens?: number } | null;
  } | null;
}

interface Frame {
  readonly type: string;
  readonly delta: string;
  readonly output_index: number;
  readonly item: Item;
  readonly response: Partial<ModelResponse>;
}

const usageOf = (usage: ModelResponse['usage'] | undefined): Usage | undefined => {
  if (!usage) return undefined;
  const { cached_tokens: cached, cache_write_tokens: written } = usage.input_tokens_details ?? {};
  const reasoning = usage.output_tokens_details?.reasoning_tokens;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    ...(cached ? { cachedTokens: cached } : {}),
    ...(written ? { cacheWriteTokens: written } : {}),
    ...(reasoning ? { reasoningTokens: reasoning } : {}),
  };
};

const itemsOf = (message: Message): readonly object[] => {
  const { role, content } = message;
  if (role === 'tool')
    return [{ type: 'function_call_output', call_id: message.toolCallId, output: content }];
  const said = content === '' ? [] : [{ role, content }];
  if (role !== 'assistant') return said;
  const calls = (message.toolCalls ?? []).map(({ id, name, arguments: text }) => ({
    type: 'function_call',
    call_id: id,
    name,
    arguments: text,
  }));
  return [...said, ...calls];
};

const formatOf = (format: NonNullable<Call['responseFormat']>): object =>
  format === 'json' ? { type: 'json_object' } : { type: 'json_schema', ...format };

/** Adds the usage of a response that has ended and returns why it did. Throws what a failed one reports. */
const ended = (response: Partial<ModelResponse>, out: ClientEvent[]): string | undefined => {
  const { status, error, incomplete_details: cut } = response;
  if (status === 'failed' || status === 'cancelled') throw failureFrame(error ?? { message: status });
  if (status !== 'completed' && status !== 'incomplete') return undefined;
  const usage = usageOf(response.usage);
  if (usage) out.push({ type: 'usage', usage });
  return status === 'completed' ? 'completed' : (cut?.reason ?? 'incomplete');
};

/** Responses: `POST /responses`. What they hold is not stored with the provider. */
export const openaiResponses: Api = {
  name: 'responses',
  path: '/responses',
  body(call, { model }) {
    const { tools, toolChoice, reasoning, responseFormat } = call;
    refuse('responses', call, ['seed', 'stop']);
    if (reasoning && !('effort' in reasoning)) refuse('responses (in tokens)', call, ['reasoning']);
    return {
      model: call.model ?? model,
      input: call.messages.flatMap(itemsOf),
      max_output_tokens: call.maxTokens,
      store: false,
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(call.topP === undefined ? {} : { top_p: call.topP }),
      ...(tools ? { tools: tools.map((each) => ({ type: 'function', strict: false, ...each })) } : {}),
      ...(toolChoice
        ? { tool_choice: typeof toolChoice === 'string' ? toolChoice : { type: 'function', ...toolChoice } }
        : {}),
      ...(reasoning && 'effort' in reasoning ? { reasoning: { effort: reasoning.effort } } : {}),
      ...(responseFormat ? { text: { format: formatOf(responseFormat) } } : {}),
      ...(call.stream ? { stream: true } : {}),
    };
  },
  whole(answer, out) {
    const response = fieldsOf<ModelResponse>(answer);
    const items = Array.isArray(response.output) ? (response.output as readonly Item[]) : [];
    const text = items
      .flatMap(({ type, content }) => (type === 'message' ? (content ?? []) : []))
      .map((part) => part.text ?? '')
      .join('');
    const toolCalls = items.flatMap(
      ({ type, call_id: id = '', name = '', arguments: args = '' }): ToolCall[] =>
        type === 'function_call' ? [{ id, name, arguments: args }] : [],
    );
    out.push({ type: 'answer', text, ...(toolCalls.length > 0 ? { toolCalls } : {}) });
    return ended(response, out);
  },
  reader() {
    let finishReason: string | undefined;
    return {
      get finishReason() {
        return finishReason;
      },
      read(frame, out) {
        const { type, delta, output_index: index = 0, item, response } = fieldsOf<Frame>(frame);
        switch (type) {
          case 'response.output_text.delta':
          case 'response.refusal.delta':
            if (delta) out.push({ type: 'delta', channel: 'content', text: delta });
            break;
          case 'response.reasoning_summary_text.delta':
          case 'response.reasoning_text.delta':
            if (delta) out.push({ type: 'delta', channel: 'reasoning', text: delta });
            break;
          case 'response.output_item.added':
            if (item?.type === 'function_call')
              out.push(toolPart('', index, { id: item.call_id ?? '', name: item.name ?? '' }));
            break;
          case 'response.function_call_arguments.delta':
            if (delta) out.push(toolPart(delta, index));
            break;
          case 'response.completed':
          case 'response.incomplete':
          case 'response.failed':
            finishReason = ended(response ?? {}, out);
            break;
          case 'error':
            throw failureFrame(frame);
          default: // what announces or repeats
        }
      },
    };
  },
};

const toolPart = (
  text: string,
  index: number,
  name: { readonly id?: string; readonly name?: string } = {},
): ClientEvent => ({ type: 'delta', channel: 'tool', text, index, ...name });
