import type { Opening } from '../engine/listener.ts';
import { type Output, visibleText } from '../engine/output.ts';
import type { ToolWish } from '../engine/request.ts';
import { fieldsOf, missingField, numberIn, objectIn, objectsIn, textIn, wrongField } from './parameters.ts';
import { promptTokens } from './prompt.ts';
import { sampleJson } from './sample.ts';
import { DONE_FRAME, dataFrame, flat, isAscii, quoted } from './sse.ts';
import type { Encoder, Endpoint, Identity, JsonObject } from './wire.ts';

const FIELDS = fieldsOf(
  'messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options',
  {
    model: 'string',
    messages: 'objects',
    stream: 'boolean',
    max_tokens: 'count',
    max_completion_tokens: 'count',
    n: 'count',
  },
);

const FINGERPRINT = 'fp_mock';
const FINISH = { stop: 'stop', length: 'length', tool: 'tool_calls' } as const;

/** Usage in the form of the chat and legacy completions APIs, as JSON. */
export const completionUsage = ({ output, cachedTokens }: Opening, inputTokens: number): string => {
  const completion = output.thinkingTokens + output.visibleTokens;
  return `{"prompt_tokens":${inputTokens},"completion_tokens":${completion},"total_tokens":${inputTokens + completion},"prompt_tokens_details":{"cached_tokens":${cachedTokens},"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":${output.thinkingTokens},"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}`;
};

const toolWish = (body: JsonObject): ToolWish | undefined => {
  if (body['tools'] === undefined) return undefined;
  const choice = body['tool_choice'];
  const wanted = textIn(objectIn(objectIn(body, 'tool_choice'), 'function'), 'name');
  const tools = objectsIn(body, 'tools').map((tool) => objectIn(tool, 'function'));
  const tool = tools.find((each) => wanted === '' || each['name'] === wanted);
  if (!tool || choice === 'none') return undefined;
  return {
    name: textIn(tool, 'name'),
    argumentsJson: sampleJson(tool['parameters']),
    required: choice === 'required' || wanted !== '',
  };
};

const structured = (body: JsonObject): string | undefined => {
  const format = objectIn(body, 'response_format');
  if (format['type'] === 'json_schema') return sampleJson(objectIn(format, 'json_schema')['schema']);
  return format['type'] === 'json_object' ? '{"answer":"sample"}' : undefined;
};

const toolCall = (name: string, id: string, text: string) => ({
  id: `call_${id.slice(0, 24)}`,
  type: 'function',
  function: { name, arguments: text },
});

const message = (output: Output, id: string): string => {
  const text = quoted(visibleText(output), output.plain);
  const content =
    output.tool === undefined
      ? `"content":${text}`
      : `"content":null,"tool_calls":[${JSON.stringify(toolCall(output.tool, id, visibleText(output)))}]`;
  return `{"role":"assistant",${content},"refusal":null,"annotations":[]}`;
};

/** A class, because six closures for each answer are what a busy server pays for. */
class ChatEncoder implements Encoder {
  readonly #model: string;
  readonly #inputTokens: number;
  readonly #includeUsage: boolean;
  readonly #identity: Identity;
  #opening: Opening | undefined;
  /** What every frame starts with, and what surrounds the delta of a chunk. */
  #start = '';
  #before = '';
  #after = '';

  constructor(model: string, inputTokens: number, includeUsage: boolean, identity: Identity) {
    this.#model = model;
    this.#inputTokens = inputTokens;
    this.#includeUsage = includeUsage;
    this.#identity = identity;
  }

  ascii({ output }: Opening): boolean {
    return output.plain && isAscii(this.#model);
  }

  // Written out: a non-streaming answer is mostly this, and a tree for JSON.stringify would cost twice as much.
  whole(opening: Opening): string {
    const { id, created } = this.#identity;
    const { output } = opening;
    return `{"id":"chatcmpl-${id}","object":"chat.completion","created":${created},"model":${JSON.stringify(this.#model)},"choices":[{"index":0,"message":${message(output, id)},"logprobs":null,"finish_reason":"${FINISH[output.reason]}"}],"usage":${completionUsage(opening, this.#inputTokens)},"service_tier":"default","system_fingerprint":"${FINGERPRINT}"}`;
  }

  open(opening: Opening): string {
    this.#opening = opening;
    const { id, created } = this.#identity;
    const { tool } = opening.output;
    this.#start = `data: {"id":"chatcmpl-${id}","object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(this.#model)},"service_tier":"default","system_fingerprint":"${FINGERPRINT}","choices":[`;
    const quote = opening.output.plain ? '"' : '';
    const [before, after] =
      tool === undefined
        ? [`{"content":${quote}`, `${quote}}`]
        : ['{"tool_calls":[{"index":0,"function":{"arguments":', '}}]}'];
    this.#before = flat(`${this.#start}{"index":0,"delta":${before}`);
    this.#after = flat(`${after}${this.#afterDelta('null')}`);
    if (tool === undefined) return this.#frame('{"role":"assistant","content":"","refusal":null}', 'null');
    const call = { index: 0, ...toolCall(tool, id, '') };
    const delta = { role: 'assistant', content: null, tool_calls: [call], refusal: null };
    return this.#frame(JSON.stringify(delta), 'null');
  }

  chunks(from: number, to: number): string {
    const output = this.#opening?.output;
    let frames = '';
    for (let chunk = from; output && chunk < to; chunk++) {
      const text = output.text(chunk, chunk + 1);
      frames += this.#before + (output.plain ? text : JSON.stringify(text)) + this.#after;
    }
    return frames;
  }

  close(): string {
    const opening = this.#opening;
    if (!opening) return '';
    const last = this.#frame('{}', `"${FINISH[opening.output.reason]}"`);
    if (!this.#includeUsage) return last;
    return `${last}${this.#start}],"usage":${completionUsage(opening, this.#inputTokens)}}\n\n`;
  }

  terminator(): string {
    return DONE_FRAME;
  }

  failure(): string {
    return FAILURE_FRAME;
  }

  #afterDelta(finish: string): string {
    return `,"logprobs":null,"finish_reason":${finish}}]${this.#includeUsage ? ',"usage":null' : ''}}\n\n`;
  }

  #frame(delta: string, finish: string): string {
    return `${this.#start}{"index":0,"delta":${delta}${this.#afterDelta(finish)}`;
  }
}

/** The frame by which OpenAI's older streams report an error under status 200. */
export const FAILURE_FRAME = dataFrame(
  '{"error":{"message":"The server had an error while processing your request. Sorry about that!","type":"server_error","param":null,"code":null}}',
);

/** `POST /v1/chat/completions`. Several choices (`n`) and stop sequences are accepted and ignored. */
export const openaiChat: Endpoint = {
  name: 'chat',
  parse(body) {
    const problem = missingField(body, ['model', 'messages']) ?? wrongField(body, FIELDS);
    if (problem) return problem;
    const model = textIn(body, 'model');
    const inputTokens = promptTokens([body['messages']], body['tools']);
    const includeUsage = objectIn(body, 'stream_options')['include_usage'] === true;
    const effort = body['reasoning_effort'];
    return {
      reading: {
        model,
        stream: body['stream'] === true,
        inputTokens,
        maxTokens: numberIn(body, 'max_completion_tokens') ?? numberIn(body, 'max_tokens'),
        thinkingBudget: typeof effort === 'string' && effort !== 'none' ? EFFORT[effort] : undefined,
        thinkingShown: false,
        tool: toolWish(body),
        json: structured(body),
      },
      encoder: (identity) => new ChatEncoder(model, inputTokens, includeUsage, identity),
    };
  },
};

/** Upper bounds of reasoning by effort; providers publish none, these are ours. */
export const EFFORT: Readonly<Record<string, number>> = {
  minimal: 64,
  low: 1000,
  medium: 8000,
  high: 32_000,
  xhigh: 64_000,
};
