import type { Opening } from '../engine/listener.ts';
import { type Output, thinkingText, visibleText } from '../engine/output.ts';
import type { ToolWish } from '../engine/request.ts';
import { anthropicRequestId } from './anthropic-dialect.ts';
import { fieldsOf, missingField, numberIn, objectIn, objectsIn, textIn, wrongField } from './parameters.ts';
import { promptTokens } from './prompt.ts';
import { sampleJson } from './sample.ts';
import { eventFrame, flat, isAscii, quoted } from './sse.ts';
import type { Encoder, Endpoint, Identity, JsonObject, Problem } from './wire.ts';

const FIELDS = fieldsOf(
  'model messages max_tokens cache_control container context_management diagnostics inference_geo mcp_servers metadata output_config output_format service_tier speed stop_sequences stream system temperature thinking tool_choice tools top_k top_p user_profile_id workspace_id',
  { model: 'string', messages: 'objects', stream: 'boolean', max_tokens: 'count' },
);

const STOP = { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' } as const;

/** Stands for the signature of a thinking block. */
const SIGNATURE = 'EqQBCkYIBBgCKkBtb2NrIHNpZ25hdHVyZSBvZiBhIHRoaW5raW5nIGJsb2NrEgxtb2NrIHNlcnZlcg==';

const inputUsage = ({ cachedTokens }: Opening, inputTokens: number) => ({
  input_tokens: inputTokens - cachedTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cachedTokens,
});

const startUsage = (opening: Opening, inputTokens: number, outputTokens: number) => ({
  ...inputUsage(opening, inputTokens),
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: outputTokens,
  service_tier: 'standard',
});

const generated = ({ thinkingTokens, visibleTokens }: Output) => thinkingTokens + visibleTokens;

const parsedOrEmpty = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
};

const blocks = (output: Output, id: string): readonly unknown[] => {
  const visible = visibleText(output);
  const list: unknown[] = [];
  if (output.thinkingChunks > 0)
    list.push({ type: 'thinking', thinking: thinkingText(output), signature: SIGNATURE });
  if (output.tool !== undefined)
    list.push({ type: 'tool_use', id: toolId(id), name: output.tool, input: parsedOrEmpty(visible) });
  else if (output.visibleTokens > 0) list.push({ type: 'text', text: visible });
  return list;
};

const toolId = (id: string): string => `toolu_01${id.slice(0, 22)}`;

type Block = 'thinking' | 'text' | 'tool';

/** What is between the braces of a block's deltas, up to the text. */
const DELTA: Readonly<Record<Block, string>> = {
  thinking: '"type":"thinking_delta","thinking"',
  text: '"type":"text_delta","text"',
  tool: '"type":"input_json_delta","partial_json"',
};

const messageEncoder = (model: string, inputTokens: number, { id }: Identity): Encoder => {
  let opening: Opening | undefined;
  let index = -1;
  let block: Block | undefined;
  /** What every delta of the open block starts with. */
  let beforeDelta = '';
  const envelope = { id: `msg_01${id.slice(0, 22)}`, type: 'message', role: 'assistant', model };

  const start = (next: Block, tool: string | undefined): string => {
    block = next;
    index++;
    beforeDelta = flat(
      `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{${DELTA[next]}:`,
    );
    const content = {
      thinking: { type: 'thinking', thinking: '', signature: '' },
      text: { type: 'text', text: '' },
      tool: { type: 'tool_use', id: toolId(id), name: tool, input: {} },
    }[next];
    return eventFrame(
      'content_block_start',
      JSON.stringify({ type: 'content_block_start', index, content_block: content }),
    );
  };
  const stop = (): string => {
    if (block === undefined) return '';
    const signature =
      block === 'thinking'
        ? eventFrame(
            'content_block_delta',
            JSON.stringify({
              type: 'content_block_delta',
              index,
              delta: { type: 'signature_delta', signature: SIGNATURE },
            }),
          )
        : '';
    block = undefined;
    return signature + eventFrame('content_block_stop', `{"type":"content_block_stop","index":${index}}`);
  };
  const kindOf = (output: Output, chunk: number): Block => {
    if (chunk < output.thinkingChunks) return 'thinking';
    return output.tool === undefined ? 'text' : 'tool';
  };

  return {
    ascii: ({ output }) => output.plain && isAscii(model),
    whole: (whole) =>
      JSON.stringify({
        ...envelope,
        content: blocks(whole.output, id),
        stop_reason: STOP[whole.output.reason],
        stop_sequence: null,
        usage: startUsage(whole, inputTokens, generated(whole.output)),
      }),
    open(opened) {
      opening = opened;
      const usage = startUsage(opened, inputTokens, 1);
      const head = { ...envelope, content: [], stop_reason: null, stop_sequence: null, usage };
      const first = opened.output.chunks > 0 ? start(kindOf(opened.output, 0), opened.output.tool) : '';
      return (
        eventFrame('message_start', JSON.stringify({ type: 'message_start', message: head })) +
        first +
        eventFrame('ping', '{"type":"ping"}')
      );
    },
    chunks(from, to) {
      if (!opening) return '';
      const { output } = opening;
      let frames = '';
      for (let chunk = from; chunk < to; chunk++) {
        const kind = kindOf(output, chunk);
        if (kind !== block) frames += stop() + start(kind, output.tool);
        frames += `${beforeDelta}${quoted(output.text(chunk, chunk + 1), output.plain)}}}\n\n`;
      }
      return frames;
    },
    close() {
      if (!opening) return '';
      const { output } = opening;
      const usage = { ...inputUsage(opening, inputTokens), output_tokens: generated(output) };
      const change = { stop_reason: STOP[output.reason], stop_sequence: null };
      return (
        stop() + eventFrame('message_delta', JSON.stringify({ type: 'message_delta', delta: change, usage }))
      );
    },
    terminator: () => eventFrame('message_stop', '{"type":"message_stop"}'),
    failure: () =>
      eventFrame(
        'error',
        `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"${anthropicRequestId(id)}"}`,
      ),
  };
};

const toolWish = (body: JsonObject): ToolWish | undefined => {
  const choice = objectIn(body, 'tool_choice');
  const wanted = choice['type'] === 'tool' ? textIn(choice, 'name') : '';
  const tool = objectsIn(body, 'tools').find((each) => wanted === '' || each['name'] === wanted);
  if (!tool || choice['type'] === 'none') return undefined;
  const required = choice['type'] === 'any' || choice['type'] === 'tool';
  return { name: textIn(tool, 'name'), argumentsJson: sampleJson(tool['input_schema']), required };
};

const structured = (body: JsonObject): string | undefined => {
  const format = objectIn(body, 'output_format');
  const configured = objectIn(objectIn(body, 'output_config'), 'format');
  const schema = format['schema'] ?? configured['schema'];
  return schema === undefined ? undefined : sampleJson(schema);
};

/** Prompt tokens of a Messages request. */
export const messagesTokens = (body: JsonObject): number =>
  promptTokens([body['system'], body['messages']], body['tools']);

/** The first thing wrong with a request to Messages or, without `max_tokens`, to count_tokens. */
export const wrongMessages = (body: JsonObject, required: readonly string[]): Problem | undefined =>
  missingField(body, required) ?? wrongField(body, FIELDS);

/** `POST /v1/messages`. */
export const anthropicMessages: Endpoint = {
  name: 'messages',
  parse(body) {
    const problem = wrongMessages(body, ['model', 'max_tokens', 'messages']);
    if (problem) return problem;
    const model = textIn(body, 'model');
    const inputTokens = messagesTokens(body);
    const thinking = objectIn(body, 'thinking');
    const thinks = thinking['type'] === 'enabled' || thinking['type'] === 'adaptive';
    return {
      reading: {
        model,
        stream: body['stream'] === true,
        inputTokens,
        maxTokens: numberIn(body, 'max_tokens'),
        thinkingBudget: thinks
          ? (numberIn(thinking, 'budget_tokens') ?? Number.POSITIVE_INFINITY)
          : undefined,
        thinkingShown: true,
        tool: toolWish(body),
        json: structured(body),
      },
      encoder: (identity) => messageEncoder(model, inputTokens, identity),
    };
  },
};
