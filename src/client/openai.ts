import OpenAI from 'openai';
import type { Answer, Call, Usage } from '../core/call.ts';
import { RequestError } from '../core/errors.ts';
import { type Progress, truncated } from './classify.ts';
import type { Client, ClientEvent, ClientOptions } from './client.ts';
import { sdkAttempt } from './sdk-attempt.ts';

/** Far above any attempt timeout of ours: the SDK's own must never fire first. */
const NO_SDK_TIMEOUT = 2 ** 31 - 1;

const usageOf = (usage: OpenAI.CompletionUsage): Usage => ({
  inputTokens: usage.prompt_tokens,
  outputTokens: usage.completion_tokens,
  ...(usage.prompt_tokens_details?.cached_tokens
    ? { cachedTokens: usage.prompt_tokens_details.cached_tokens }
    : {}),
  ...(usage.completion_tokens_details?.reasoning_tokens
    ? { reasoningTokens: usage.completion_tokens_details.reasoning_tokens }
    : {}),
});

/** Chat completions through the official OpenAI SDK, at any base URL that speaks them. */
export const openaiClient = ({ baseUrl, model, apiKey, fetch }: ClientOptions): Client => {
  const sdk = new OpenAI({
    baseURL: baseUrl,
    apiKey,
    maxRetries: 0,
    timeout: NO_SDK_TIMEOUT,
    logLevel: 'off',
    ...(fetch ? { fetch } : {}),
  });
  const isOpenAi = new URL(baseUrl).hostname === 'api.openai.com';
  return {
    name: 'openai',
    send(call, options) {
      const params = parameters(call, model, isOpenAi);
      return sdkAttempt(
        (request): ReturnType<typeof sdk.chat.completions.create> =>
          call.stream
            ? sdk.chat.completions.create(
                { ...params, stream: true, stream_options: { include_usage: true } },
                request,
              )
            : sdk.chat.completions.create({ ...params, stream: false }, request),
        (answer, progress) =>
          Symbol.asyncIterator in answer ? streamed(answer, progress) : whole(answer, progress()),
        options,
        apiKey,
      );
    },
  };
};

/** OpenAI itself has deprecated `max_tokens`; many compatible servers know no other name. */
const parameters = (call: Call, model: string, isOpenAi: boolean) => ({
  model,
  messages: call.messages.map(({ role, content }) => ({ role, content })),
  ...(isOpenAi ? { max_completion_tokens: call.maxTokens } : { max_tokens: call.maxTokens }),
  ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
});

function* whole(completion: OpenAI.ChatCompletion, { status }: Progress): Generator<ClientEvent> {
  // The SDK hands a body of another content type through as text: the static type is a promise, not a fact.
  const reason: unknown =
    typeof completion === 'object' ? completion?.choices?.[0]?.finish_reason : undefined;
  if (typeof reason !== 'string') {
    throw new RequestError({
      kind: 'protocol',
      message: 'the answer is not a chat completion: it has no choices with a finish_reason',
      ...(status === undefined ? {} : { status }),
    });
  }
  yield { type: 'answer', ...answerOf(completion) };
  if (completion.usage) yield { type: 'usage', usage: usageOf(completion.usage) };
  yield { type: 'finish', reason };
}

const answerOf = ({ choices }: OpenAI.ChatCompletion): Answer => {
  const message = choices[0]?.message;
  const toolCalls = message?.tool_calls?.flatMap((call) =>
    call.type === 'function'
      ? [{ id: call.id, name: call.function.name, arguments: call.function.arguments }]
      : [],
  );
  return { text: message?.content ?? '', ...(toolCalls?.length ? { toolCalls } : {}) };
};

async function* streamed(
  chunks: AsyncIterable<OpenAI.ChatCompletionChunk>,
  progress: () => Progress,
): AsyncGenerator<ClientEvent> {
  let reason: string | undefined;
  for await (const chunk of chunks) {
    const choice = chunk.choices?.[0];
    if (choice?.delta) yield* deltas(choice.delta);
    if (choice?.finish_reason) reason = choice.finish_reason;
    if (chunk.usage) yield { type: 'usage', usage: usageOf(chunk.usage) };
  }
  // An aborted or cut stream ends the loop without an error: only a finish_reason makes it an answer.
  if (reason === undefined || progress().signal.aborted) throw truncated(progress());
  yield { type: 'finish', reason };
}

function* deltas(delta: OpenAI.ChatCompletionChunk.Choice.Delta): Generator<ClientEvent> {
  const reasoning = reasoningOf(delta);
  if (reasoning) yield { type: 'delta', channel: 'reasoning', text: reasoning };
  if (delta.content) yield { type: 'delta', channel: 'content', text: delta.content };
  for (const { index, id, function: called } of delta.tool_calls ?? []) {
    const name = called?.name;
    yield {
      type: 'delta',
      channel: 'tool',
      text: called?.arguments ?? '',
      index,
      ...(id ? { id } : {}),
      ...(name ? { name } : {}),
    };
  }
}

/** Not of OpenAI's API: what vLLM, DeepSeek and gateways call the thinking they stream before the answer. */
const reasoningOf = (delta: object): string => {
  const text: unknown =
    ('reasoning_content' in delta && delta.reasoning_content) || ('reasoning' in delta && delta.reasoning);
  return typeof text === 'string' ? text : '';
};
