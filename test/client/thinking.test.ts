import { describe, expect, it } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import { createClient } from '../../src/client/create-client.ts';
import type { Answer, Call, ProviderBlock } from '../../src/core/call.ts';
import { AnswerBuilder } from '../../src/run/answer-builder.ts';
import { CLIENT_WAYS } from '../support/client-ways.ts';
import { anthropicMessage, hostileServer } from '../support/hostile-server.ts';

/** A turn with all that a provider signs: shown and sealed thinking, also between text and the call of a tool. */
const TURN: readonly ProviderBlock[] = [
  { type: 'thinking', thinking: 'The map\nsays "north" – hm.', signature: 'EqQB+/first==' },
  { type: 'redacted_thinking', data: 'c2VhbGVk' },
  { type: 'text', text: 'I will look.' },
  { type: 'thinking', thinking: '', signature: 'EqQB+/second==' },
  { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'map', deep: { n: [1, null] } } },
];

const halves = (text: unknown): readonly string[] => {
  const whole = String(text);
  return [whole.slice(0, 3), whole.slice(3)];
};

/** How a block is streamed: what it begins with, and its pieces. */
const streamed = (block: ProviderBlock): readonly [object, readonly object[]] => {
  const { type, text, thinking, signature, input } = block;
  if (type === 'text')
    return [{ type, text: '' }, halves(text).map((part) => ({ type: 'text_delta', text: part }))];
  if (type === 'thinking')
    return [
      { type, thinking: '', signature: '' },
      [
        ...halves(thinking).map((part) => ({ type: 'thinking_delta', thinking: part })),
        { type: 'signature_delta', signature },
      ],
    ];
  if (type === 'tool_use')
    return [
      { ...block, input: {} },
      halves(JSON.stringify(input)).map((part) => ({ type: 'input_json_delta', partial_json: part })),
    ];
  return [block, []];
};

const frames = (turn: readonly ProviderBlock[]): string => {
  const { content, ...message } = anthropicMessage;
  const events: { type: string }[] = [
    { type: 'message_start', ...{ message: { ...message, content: [] } } },
    ...turn.flatMap((block, index) => {
      const [begun, pieces] = streamed(block);
      return [
        { type: 'content_block_start', index, content_block: begun },
        ...pieces.map((delta) => ({ type: 'content_block_delta', index, delta })),
        { type: 'content_block_stop', index },
      ];
    }),
    { type: 'message_delta', ...{ delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } } },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
};

const ask = async (client: Client, call: Call): Promise<Answer> => {
  const builder = new AnswerBuilder();
  for await (const event of client.send(call, { signal: new AbortController().signal })) builder.add(event);
  return builder.answer();
};

/** Answers every call with `turn`; the bodies that came. */
const speaking = async (turn: readonly ProviderBlock[]) => {
  const bodies: { messages: { role: string; content: unknown }[]; stream?: boolean }[] = [];
  const server = await hostileServer((_request, response, body) => {
    const asked = JSON.parse(body);
    bodies.push(asked);
    response.writeHead(200, { 'content-type': asked.stream ? 'text/event-stream' : 'application/json' });
    response.end(
      asked.stream
        ? frames(turn)
        : JSON.stringify({ ...anthropicMessage, stop_reason: 'tool_use', content: turn }),
    );
  });
  return { server, bodies };
};

describe.each(CLIENT_WAYS)('thinking, through $kind over $transport', (way) => {
  it.each([true, false])('is passed back unmodified in the next turn (stream: %s)', async (stream) => {
    const { server, bodies } = await speaking(TURN);
    const client = await createClient({
      ...way,
      protocol: 'anthropic',
      baseUrl: server.url,
      model: 'm',
      apiKey: 'k',
    });
    const first: Call = {
      messages: [{ role: 'user', content: 'Where?' }],
      maxTokens: 4000,
      stream,
      reasoning: { budgetTokens: 2000 },
    };
    const { text, toolCalls = [], blocks } = await ask(client, first);
    expect({ text, toolCalls }).toEqual({
      text: 'I will look.',
      toolCalls: [{ id: 'toolu_1', name: 'look', arguments: '{"at":"map","deep":{"n":[1,null]}}' }],
    });
    await ask(client, {
      ...first,
      messages: [
        ...first.messages,
        { role: 'assistant', content: text, toolCalls, ...(blocks ? { blocks } : {}) },
        { role: 'tool', toolCallId: 'toolu_1', content: 'north' },
      ],
    });
    await server.close();
    expect(bodies[1]?.messages).toEqual([
      { role: 'user', content: 'Where?' },
      { role: 'assistant', content: TURN },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'north' }] },
    ]);
  });
});

describe('a turn without thinking', () => {
  it.each([true, false])('needs nothing passed back but what it said (stream: %s)', async (stream) => {
    const { server } = await speaking(TURN.filter(({ type }) => type === 'text' || type === 'tool_use'));
    const client = await createClient({
      kind: 'http',
      transport: 'default',
      protocol: 'anthropic',
      baseUrl: server.url,
      model: 'm',
      apiKey: 'k',
    });
    const answer = await ask(client, { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 9, stream });
    await server.close();
    expect(Object.keys(answer)).toEqual(['text', 'toolCalls']);
  });
});
