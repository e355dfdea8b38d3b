import type { Call, Message, ToolCall, Usage } from '../core/call.ts';
import { UsageError } from '../core/errors.ts';
import { isThinking, TurnBlocks } from './anthropic-blocks.ts';
import { type Api, fieldsOf, refuse } from './api.ts';
import type { ClientEvent } from './client.ts';

interface MessageUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number } | null;
}

interface Block {
  readonly type?: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
}

interface WholeMessage {
  readonly content: readonly Block[];
  readonly stop_reason: string | null;
  readonly usage: MessageUsage;
}

interface Frame {
  readonly type: string;
  readonly index: number;
  readonly message: Partial<WholeMessage>;
  readonly content_block: Block;
  readonly delta: {
    readonly type?: string;
    readonly text?: string;
    readonly thinking?: string;
    readonly signature?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string | null;
  };
  readonly usage: Partial<MessageUsage>;
}

/** Cached input counts as input here, so that a request's size does not depend on what the provider had in its cache. */
const usageOf = (usage: MessageUsage): Usage => {
  const cached = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  const thinking = usage.output_tokens_details?.thinking_tokens ?? 0;
  return {
    inputTokens: usage.input_tokens + cached + written,
    outputTokens: usage.output_tokens,
    ...(cached > 0 ? { cachedTokens: cached } : {}),
    ...(written > 0 ? { cacheWriteTokens: written } : {}),
    ...(thinking > 0 ? { reasoningTokens: thinking } : {}),
  };
};

const cached = { cache_control: { type: 'ephemeral' } } as const;

const parsedArguments = ({ name, arguments: text }: ToolCall): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(
      `the arguments of the call of tool ${name} in a conversation are no JSON, which the API of messages wants`,
      'Check what the scenario passes back as toolCalls.',
    );
  }
};

const blocksOf = (message: Message): readonly object[] => {
  const { content, cache = false } = message;
  const mark = cache ? cached : {};
  if (message.role === 'assistant' && message.blocks) return message.blocks;
  if (message.role === 'tool')
    return [{ type: 'tool_result', tool_use_id: message.toolCallId, content, ...mark }];
  const text = content === '' ? [] : [{ type: 'text', text: content, ...mark }];
  if (message.role !== 'assistant') return text;
  const calls = (message.toolCalls ?? []).map((call) => ({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: parsedArguments(call),
  }));
  return [...text, ...calls];
};

/** Turns in the form of the API, where tool results are the user's and all results of one turn stand in one message. */
const turnsOf = (messages: readonly Message[]): readonly object[] => {
  const turns: { role: 'user' | 'assistant'; content: string | readonly object[]; results: boolean }[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const results = message.role === 'tool';
    const last = turns.at(-1);
    const structured =
      message.role === 'assistant' && (message.blocks !== undefined || (message.toolCalls?.length ?? 0) > 0);
    const plain = !message.cache && !results && !structured;
    const content = plain ? message.content : blocksOf(message);
    if (results && last?.results && Array.isArray(last.content)) {
      last.content = [...last.content, ...content];
    } else turns.push({ role: message.role === 'assistant' ? 'assistant' : 'user', content, results });
  }
  return turns.map(({ role, content }) => ({ role, content }));
};

const systemOf = (messages: readonly Message[]): object => {
  const system = messages.filter(({ role }) => role === 'system');
  if (system.length === 0) return {};
  if (system.some(({ cache }) => cache)) return { system: system.flatMap(blocksOf) };
  return { system: system.map(({ content }) => content).join('\n\n') };
};

const choiceOf = (choice: NonNullable<Call['toolChoice']>): object => {
  if (typeof choice !== 'string') return { type: 'tool', ...choice };
  return { type: choice === 'required' ? 'any' : choice };
};

/** Thinking in tokens is a switch of its own; effort stands beside the format in the output's settings. */
const outputOf = ({ reasoning, responseFormat }: Call): object => {
  const effort = reasoning && 'effort' in reasoning ? reasoning.effort : undefined;
  const format = typeof responseFormat === 'object' ? responseFormat : undefined;
  const config = {
    ...(effort && effort !== 'none' ? { effort } : {}),
    ...(format ? { format: { type: 'json_schema', schema: format.schema } } : {}),
  };
  return {
    ...(reasoning && 'budgetTokens' in reasoning
      ? { thinking: { type: 'enabled', budget_tokens: reasoning.budgetTokens } }
      : {}),
    ...(effort === 'none' ? { thinking: { type: 'disabled' } } : {}),
    ...(Object.keys(config).length > 0 ? { output_config: config } : {}),
  };
};

/** Messages: `POST /v1/messages`. */
export const anthropicMessages: Api = {
  name: 'messages',
  path: '/v1/messages',
  body(call, { model }) {
    const { tools, toolChoice, responseFormat, reasoning } = call;
    refuse('messages', call, ['seed']);
    if (
      reasoning &&
      'budgetTokens' in reasoning &&
      (toolChoice === 'required' || typeof toolChoice === 'object')
    )
      refuse('messages (a tool that must be called, while it thinks)', call, ['toolChoice']);
    if (responseFormat === 'json') refuse('messages (JSON without a schema)', call, ['responseFormat']);
    if (reasoning && 'effort' in reasoning && reasoning.effort === 'minimal')
      refuse('messages (effort minimal; low is its lowest)', call, ['reasoning']);
    return {
      model: call.model ?? model,
      max_tokens: call.maxTokens,
      ...systemOf(call.messages),
      messages: turnsOf(call.messages),
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(call.topP === undefined ? {} : { top_p: call.topP }),
      ...(call.stop === undefined ? {} : { stop_sequences: call.stop }),
      ...(tools
        ? { tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })) }
        : {}),
      ...(toolChoice ? { tool_choice: choiceOf(toolChoice) } : {}),
      ...outputOf(call),
      ...(call.stream ? { stream: true } : {}),
    };
  },
  whole(answer, out) {
    const { content, stop_reason: reason, usage } = fieldsOf<WholeMessage>(answer);
    const blocks = Array.isArray(content) ? (content as readonly Block[]) : [];
    const text = blocks.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
    const toolCalls = blocks.flatMap(({ type, id = '', name = '', input }) =>
      type === 'tool_use' ? [{ id, name, arguments: JSON.stringify(input ?? {}) }] : [],
    );
    out.push({
      type: 'answer',
      text,
      ...(toolCalls.length > 0 ? { toolCalls } : {}),
      ...(blocks.some(isThinking) ? { blocks: blocks.map((block) => ({ ...block })) } : {}),
    });
    if (usage) out.push({ type: 'usage', usage: usageOf(usage) });
    return reason ?? undefined;
  },
  reader() {
    let reason = 'end_turn';
    let stopped = false;
    let usage: MessageUsage | undefined;
    const turn = new TurnBlocks();
    return {
      get finishReason() {
        return stopped ? reason : undefined;
      },
      read(frame, out) {
        const event = fieldsOf<Frame>(frame);
        switch (event.type) {
          case 'message_start':
            usage = event.message?.usage;
            break;
          case 'content_block_start':
            turn.start(event.index ?? 0, { ...event.content_block });
            if (event.content_block?.type === 'tool_use') {
              const { id = '', name = '' } = event.content_block;
              out.push({ type: 'delta', channel: 'tool', text: '', index: event.index ?? 0, id, name });
            }
            break;
          case 'content_block_delta': {
            turn.add(event.index ?? 0, event.delta ?? {});
            const delta = deltaOf(event);
            if (delta) out.push(delta);
            break;
          }
          case 'message_delta':
            reason = event.delta?.stop_reason ?? reason;
            // Cumulative, not to be added; fields it leaves out keep what message_start said.
            if (usage) usage = { ...usage, ...given(event.usage) };
            break;
          case 'message_stop': {
            stopped = true;
            const blocks = turn.finish();
            if (blocks) out.push({ type: 'blocks', blocks });
            if (usage) out.push({ type: 'usage', usage: usageOf(usage) });
            break;
          }
          default: // pings, block ends
        }
      },
    };
  },
};

const given = (usage: Frame['usage'] | undefined): Partial<MessageUsage> =>
  Object.fromEntries(
    Object.entries(usage ?? {}).filter(([, value]) => value !== null && value !== undefined),
  );

const deltaOf = ({ delta, index = 0 }: Partial<Frame>): ClientEvent | undefined => {
  if (delta?.text) return { type: 'delta', channel: 'content', text: delta.text };
  if (delta?.thinking) return { type: 'delta', channel: 'reasoning', text: delta.thinking };
  return delta?.partial_json
    ? { type: 'delta', channel: 'tool', text: delta.partial_json, index }
    : undefined;
};
