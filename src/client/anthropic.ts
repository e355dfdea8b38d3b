import Anthropic from '@anthropic-ai/sdk';
import type { Answer, Call, Usage } from '../core/call.ts';
import { RequestError } from '../core/errors.ts';
import { type Progress, truncated } from './classify.ts';
import type { Client, ClientEvent, ClientOptions } from './client.ts';
import { sdkAttempt } from './sdk-attempt.ts';

/** Far above any attempt timeout of ours; also keeps the SDK from refusing long non-streaming calls on its own estimate. */
const NO_SDK_TIMEOUT = 2 ** 31 - 1;

/** Messages through the official Anthropic SDK, at any base URL that speaks them. */
export const anthropicClient = ({ baseUrl, model, apiKey, fetch }: ClientOptions): Client => {
  const sdk = new Anthropic({
    baseURL: baseUrl,
    apiKey,
    authToken: null,
    maxRetries: 0,
    timeout: NO_SDK_TIMEOUT,
    logLevel: 'off',
    ...(fetch ? { fetch } : {}),
  });
  return {
    name: 'anthropic',
    send(call, options) {
      const params = parameters(call, model);
      return sdkAttempt(
        (request): ReturnType<typeof sdk.messages.create> =>
          call.stream
            ? sdk.messages.create({ ...params, stream: true }, request)
            : sdk.messages.create({ ...params, stream: false }, request),
        (answer, progress) =>
          Symbol.asyncIterator in answer ? streamed(answer, progress) : whole(answer, progress()),
        options,
        apiKey,
      );
    },
  };
};

const parameters = (call: Call, model: string) => {
  const system = call.messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  return {
    model,
    max_tokens: call.maxTokens,
    ...(system.length > 0 ? { system: system.join('\n\n') } : {}),
    messages: call.messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, content }])),
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
  };
};

/** Cached input counts as input here, so that a request's size does not depend on what the provider had in its cache. */
const usageOf = (usage: Anthropic.Usage): Usage => {
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    inputTokens: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
    outputTokens: usage.output_tokens,
    ...(cached > 0 ? { cachedTokens: cached } : {}),
  };
};

function* whole(message: Anthropic.Message, { status }: Progress): Generator<ClientEvent> {
  // The SDK hands a body of another content type through as text: the static type is a promise, not a fact.
  const reason: unknown = typeof message === 'object' ? message?.stop_reason : undefined;
  if (typeof reason !== 'string') {
    throw new RequestError({
      kind: 'protocol',
      message: 'the answer is not a message: it has no stop_reason',
      ...(status === undefined ? {} : { status }),
    });
  }
  yield { type: 'answer', ...answerOf(message) };
  if (message.usage) yield { type: 'usage', usage: usageOf(message.usage) };
  yield { type: 'finish', reason };
}

const answerOf = ({ content }: Anthropic.Message): Answer => {
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const toolCalls = content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ id: block.id, name: block.name, arguments: JSON.stringify(block.input) }]
      : [],
  );
  return { text, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
};

const deltaOf = ({ delta, index }: Anthropic.RawContentBlockDeltaEvent): ClientEvent | undefined => {
  if (delta.type === 'text_delta')
    return delta.text ? { type: 'delta', channel: 'content', text: delta.text } : undefined;
  if (delta.type === 'thinking_delta')
    return delta.thinking ? { type: 'delta', channel: 'reasoning', text: delta.thinking } : undefined;
  return delta.type === 'input_json_delta' && delta.partial_json
    ? { type: 'delta', channel: 'tool', text: delta.partial_json, index }
    : undefined;
};

async function* streamed(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  progress: () => Progress,
): AsyncGenerator<ClientEvent> {
  let reason = 'end_turn';
  let stopped = false;
  let usage: Anthropic.Usage | undefined;
  for await (const event of events) {
    if (event.type === 'message_start') usage = event.message.usage;
    else if (event.type === 'content_block_delta') {
      const delta = deltaOf(event);
      if (delta) yield delta;
    } else if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
      const { id, name } = event.content_block;
      yield { type: 'delta', channel: 'tool', text: '', index: event.index, id, name };
    } else if (event.type === 'message_delta') {
      reason = event.delta.stop_reason ?? reason;
      // Cumulative, not to be added; fields it leaves out keep what message_start said.
      if (usage) usage = { ...usage, output_tokens: event.usage.output_tokens };
    } else if (event.type === 'message_stop') stopped = true;
  }
  // An aborted or cut stream ends the loop without an error: only message_stop makes it an answer.
  if (!stopped || progress().signal.aborted) throw truncated(progress());
  if (usage) yield { type: 'usage', usage: usageOf(usage) };
  yield { type: 'finish', reason };
}
