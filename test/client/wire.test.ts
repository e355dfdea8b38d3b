import { describe, expect, it } from 'vitest';
import type { Client, ClientEvent } from '../../src/client/client.ts';
import { createClient } from '../../src/client/create-client.ts';
import type { Call } from '../../src/core/call.ts';
import { UsageError } from '../../src/core/errors.ts';
import { AnswerBuilder } from '../../src/run/answer-builder.ts';
import { CLIENT_WAYS } from '../support/client-ways.ts';
import { anthropicMessage, chatCompletion, hostileServer, streams } from '../support/hostile-server.ts';

type Protocol = 'openai' | 'anthropic';

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/chat/completions': chatCompletion,
  '/v1/completions': {
    object: 'text_completion',
    choices: [{ text: 'Hello', index: 0, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 2 },
  },
  '/v1/responses': {
    object: 'response',
    status: 'completed',
    output: [
      { type: 'reasoning', summary: [] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] },
      { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{"at":"map"}' },
    ],
    usage: { input_tokens: 5, output_tokens: 2, output_tokens_details: { reasoning_tokens: 1 } },
  },
  '/v1/messages': {
    ...anthropicMessage,
    content: [
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'map' } },
    ],
    usage: { input_tokens: 3, cache_read_input_tokens: 10, cache_creation_input_tokens: 4, output_tokens: 2 },
  },
};

const signal = () => new AbortController().signal;

const collect = async (client: Client, call: Call): Promise<readonly ClientEvent[]> => {
  const events: ClientEvent[] = [];
  for await (const event of client.send(call, { signal: signal() })) events.push(event);
  return events;
};

/** What each client sends for a call, and what it makes of the answer. */
const exchange = async (protocol: Protocol, call: Call) => {
  const seen: { path: string; body: unknown; agent: string; team: unknown }[] = [];
  const server = await hostileServer(({ url = '', headers }, response, body) => {
    seen.push({
      path: url,
      body: JSON.parse(body),
      agent: headers['user-agent'] ?? '',
      team: headers['x-team'],
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(ANSWERS[url]));
  });
  const answers = [];
  for (const way of CLIENT_WAYS) {
    const client = await createClient({
      ...way,
      protocol,
      baseUrl: server.url + (protocol === 'openai' ? '/v1' : ''),
      model: 'the-model',
      apiKey: 'k',
      headers: { 'x-team': 'search' },
    });
    answers.push(await collect(client, call));
  }
  await server.close();
  return { seen, answers };
};

const FULL: Call = {
  messages: [
    { role: 'system', content: 'Be brief.', cache: true },
    { role: 'user', content: 'Where?' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [
        { id: 'c1', name: 'look', arguments: '{"at":"map"}' },
        { id: 'c2', name: 'look', arguments: '{"at":"sky"}' },
      ],
    },
    { role: 'tool', toolCallId: 'c1', content: 'north' },
    { role: 'tool', toolCallId: 'c2', content: 'blue' },
  ],
  maxTokens: 2000,
  stream: false,
  model: 'another-model',
  temperature: 0.5,
  topP: 0.9,
  tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } }],
  toolChoice: { name: 'look' },
  responseFormat: { name: 'place', schema: { type: 'object' } },
};

describe.each([
  ['openai', 'chat', { seed: 7, stop: ['END'], reasoning: { effort: 'low' } }],
  ['openai', 'responses', { reasoning: { effort: 'low' } }],
  ['anthropic', 'chat', { stop: ['END'], reasoning: { effort: 'low' } }],
] as const)('%s %s', (protocol, endpoint, more) => {
  it('sends all that a call can ask for, alike through every client', async () => {
    const { seen, answers } = await exchange(protocol, { ...FULL, endpoint, ...more });
    expect(new Set(seen.map(({ path, body }) => JSON.stringify([path, body]))).size).toBe(1);
    expect(seen[0]?.body).toMatchSnapshot();
    expect(seen.map(({ team }) => team)).toEqual(['search', 'search', 'search']);
    expect(new Set(answers.map((events) => JSON.stringify(events))).size).toBe(1);
    expect(answers[0]?.slice(1)).toMatchSnapshot();
  });
});

describe('the raw client', () => {
  it('is no SDK', async () => {
    const { seen } = await exchange('openai', { messages: [], maxTokens: 1, stream: false });
    expect(seen.map(({ agent }) => agent.split('/')[0])).toEqual(['OpenAI', 'OpenAI', 'sweetspot']);
  });
});

describe('legacy completions', () => {
  it('take a conversation as one prompt, and refuse what they have no field for', async () => {
    const call: Call = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      maxTokens: 9,
      stream: false,
      endpoint: 'completions',
    };
    const { seen, answers } = await exchange('openai', call);
    expect(seen.map(({ body }) => body)).toEqual(
      CLIENT_WAYS.map(() => ({ model: 'the-model', prompt: 'Be brief.\n\nHi', max_tokens: 9 })),
    );
    expect(answers[0]?.[1]).toEqual({ type: 'answer', text: 'Hello' });
    await expect(exchange('openai', { ...FULL, endpoint: 'completions' })).rejects.toThrow(UsageError);
  });
});

describe('what an API has no field for', () => {
  it.each([
    ['openai', { reasoning: { budgetTokens: 100 } }, 'reasoning'],
    ['openai', { endpoint: 'responses', seed: 1 }, 'seed'],
    ['anthropic', { seed: 1 }, 'seed'],
    ['anthropic', { responseFormat: 'json' }, 'responseFormat'],
    ['anthropic', { endpoint: 'responses' }, 'endpoint responses'],
    [
      'anthropic',
      { reasoning: { budgetTokens: 2000 }, toolChoice: 'required', tools: [{ name: 'a', parameters: {} }] },
      'toolChoice',
    ],
  ] as const)('is refused by %s: %o', async (protocol, wish, named) => {
    const call: Call = { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 9, stream: false, ...wish };
    await expect(exchange(protocol, call)).rejects.toThrow(named);
  });
});

describe.each(CLIENT_WAYS)('through $kind over $transport', (way) => {
  const clientAt = (url: string) =>
    createClient({ ...way, protocol: 'openai', baseUrl: `${url}/v1`, model: 'm', apiKey: 'k' });

  it('keeps a thousand calls open at once, none of them in a queue', async () => {
    const LEVEL = 1000;
    const waiting: (() => void)[] = [];
    const server = await hostileServer((_request, response) => {
      waiting.push(() => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(chatCompletion));
      });
      // Nobody is answered before all have arrived: a hidden queue would never let this test end.
      if (waiting.length === LEVEL) for (const answer of waiting) answer();
    });
    const client = await clientAt(server.url);
    const call: Call = { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 9, stream: false };
    const answers = await Promise.all(Array.from({ length: LEVEL }, () => collect(client, call)));
    await server.close();
    expect(answers.every((events) => events.at(-1)?.type === 'finish')).toBe(true);
  });

  it('estimates the usage that an API does not tell, and says so', async () => {
    const server = await hostileServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(streams.openai.filter((frame) => !frame.includes('"usage"')).join(''));
    });
    const call: Call = {
      messages: [{ role: 'user', content: 'x'.repeat(40) }],
      maxTokens: 9,
      stream: true,
    };
    const events = await collect(await clientAt(server.url), call);
    await server.close();
    expect(events.at(-2)).toEqual({
      type: 'usage',
      usage: { inputTokens: 10, outputTokens: 2, estimated: true },
    });
  });

  it('puts tool calls together from a stream', async () => {
    const delta = (part: object, finish: string | null = null) =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: part, finish_reason: finish }] })}\n\n`;
    const server = await hostileServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(delta({ role: 'assistant', content: null, reasoning_content: 'Hm.' }));
      response.write(
        delta({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'look', arguments: '' } }] }),
      );
      response.write(delta({ tool_calls: [{ index: 0, function: { arguments: '{"at":' } }] }));
      response.write(delta({ tool_calls: [{ index: 0, function: { arguments: '"é"}' } }] }));
      response.end(`${delta({}, 'tool_calls')}data: [DONE]\n\n`);
    });
    const builder = new AnswerBuilder();
    const call: Call = { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 9, stream: true };
    for (const event of await collect(await clientAt(server.url), call)) builder.add(event);
    await server.close();
    expect(builder.answer()).toEqual({
      text: '',
      toolCalls: [{ id: 'c1', name: 'look', arguments: '{"at":"é"}' }],
    });
  });
});
