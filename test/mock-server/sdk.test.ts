import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { mockFetch } from '../../mock-server/carriers/fetch.ts';
import { type MockServer, startMockServer } from '../../mock-server/carriers/tcp.ts';
import { parseProfile } from '../../mock-server/engine/profile.ts';
import { SystemClock } from '../../src/core/clock.ts';
import { mockOn } from './lab.ts';

const PROFILE = { latency: '5ms', output: { tokens: 12 } } as const;
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
} as const;
const USER = [{ role: 'user' as const, content: 'hello world' }];

interface Clients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

const overFetch = async (use: (clients: Clients) => Promise<void>) => {
  const { app } = mockOn(new SystemClock(), PROFILE);
  const fetch = mockFetch(app);
  const common = { apiKey: 'k', maxRetries: 0, fetch };
  await use({
    openai: new OpenAI({ ...common, baseURL: 'http://mock/v1' }),
    anthropic: new Anthropic({ ...common, baseURL: 'http://mock' }),
  });
};

const overTcp = async (use: (clients: Clients, server: MockServer) => Promise<void>) => {
  const server = await startMockServer({ profile: parseProfile(PROFILE, 'of a test') });
  try {
    const common = { apiKey: 'k', maxRetries: 0 };
    await use(
      {
        openai: new OpenAI({ ...common, baseURL: `${server.url}/v1` }),
        anthropic: new Anthropic({ ...common, baseURL: server.url }),
      },
      server,
    );
  } finally {
    await server.close();
  }
};

describe.each([
  ['fetch', overFetch],
  ['tcp', overTcp],
])('the SDKs over %s', (_, run) => {
  test('OpenAI chat', () =>
    run(async ({ openai }) => {
      const create = openai.chat.completions;
      const whole = await create.create({ model: 'gpt-4o', messages: USER });
      expect(whole.choices[0]?.message.content?.split(' ')).toHaveLength(12);
      expect(whole.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 12, total_tokens: 15 });
      const stream = create.stream({
        model: 'gpt-4o',
        messages: USER,
        stream_options: { include_usage: true },
      });
      const streamed = await stream.finalChatCompletion();
      expect(streamed.choices[0]).toMatchObject({ finish_reason: 'stop' });
      expect((await stream.totalUsage()).total_tokens).toBe(15);
      const called = create.stream({
        model: 'gpt-4o',
        messages: USER,
        tool_choice: 'required',
        tools: [{ type: 'function', function: { name: 'weather', parameters: SCHEMA } }],
      });
      const { message } = (await called.finalChatCompletion()).choices[0] ?? {};
      expect(message?.tool_calls?.[0]).toMatchObject({
        function: { name: 'weather', arguments: '{"city":"sample","days":1}' },
      });
    }));

  test('OpenAI responses, with the strict accumulator', () =>
    run(async ({ openai }) => {
      const plain = await openai.responses.stream({ model: 'gpt-5.5', input: 'hello' }).finalResponse();
      expect(plain).toMatchObject({ status: 'completed', usage: { output_tokens: 12 } });
      expect(plain.output_text.split(' ')).toHaveLength(12);
      const reasoned = await openai.responses
        .stream({ model: 'gpt-5.5', input: 'hello', reasoning: { effort: 'low', summary: 'auto' } })
        .finalResponse();
      expect(reasoned.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
      expect(reasoned.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(10);
      const cut = await openai.responses
        .stream({ model: 'gpt-5.5', input: 'hello', max_output_tokens: 4 })
        .finalResponse();
      expect(cut).toMatchObject({
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
      });
      const tools = [{ type: 'function' as const, name: 'weather', parameters: SCHEMA, strict: false }];
      const called = { model: 'gpt-5.5', input: 'hello', tools, tool_choice: 'required' as const };
      expect((await openai.responses.stream(called).finalResponse()).output).toMatchObject([
        { type: 'function_call' },
      ]);
      expect((await openai.responses.create(called)).output).toMatchObject([
        { arguments: '{"city":"sample","days":1}' },
      ]);
    }));

  test('OpenAI completions, embeddings, models', () =>
    run(async ({ openai }) => {
      const legacy = await openai.completions.create({
        model: 'gpt-3.5-turbo-instruct',
        prompt: 'hi',
        stream: true,
      });
      let text = '';
      for await (const chunk of legacy) text += chunk.choices[0]?.text ?? '';
      expect(text.split(' ')).toHaveLength(12);
      const { data, usage } = await openai.embeddings.create({
        model: 'text-embedding-3-small',
        input: ['a', 'b', 'a'],
      });
      expect(data[0]?.embedding).toHaveLength(1536);
      expect(data[2]?.embedding).toEqual(data[0]?.embedding);
      expect(data[1]?.embedding).not.toEqual(data[0]?.embedding);
      expect(Math.hypot(...(data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
      expect(usage.total_tokens).toBe(3);
      expect((await openai.models.list()).data.map(({ id }) => id)).toContain('gpt-4o');
    }));

  test('Anthropic messages', () =>
    run(async ({ anthropic }) => {
      const call = { model: 'claude-sonnet-4-6', max_tokens: 2000, messages: USER };
      const whole = await anthropic.messages.create(call);
      expect(whole).toMatchObject({ stop_reason: 'end_turn', usage: { input_tokens: 3, output_tokens: 12 } });
      expect(whole._request_id).toMatch(/^req_011C/);
      const streamed = await anthropic.messages.stream(call).finalMessage();
      expect(streamed.usage).toMatchObject({ input_tokens: 3, output_tokens: 12 });
      expect(streamed.content).toMatchObject([{ type: 'text' }]);
      const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
      const thought = await anthropic.messages.stream({ ...call, thinking }).finalMessage();
      expect(thought.content).toMatchObject([
        { type: 'thinking', signature: expect.stringMatching(/.{20}/) },
        { type: 'text' },
      ]);
      const tools = [{ name: 'weather', input_schema: SCHEMA }];
      const called = await anthropic.messages
        .stream({ ...call, tools, tool_choice: { type: 'any' } })
        .finalMessage();
      expect(called).toMatchObject({
        stop_reason: 'tool_use',
        content: [{ type: 'tool_use', input: { city: 'sample', days: 1 } }],
      });
      expect(await anthropic.messages.countTokens({ model: 'm', messages: USER })).toEqual({
        input_tokens: 3,
      });
      expect((await anthropic.models.list()).data.length).toBeGreaterThan(0);
    }));

  test('errors become the SDKs’ classes', () =>
    run(async ({ openai, anthropic }) => {
      const headers = (override: object) => ({ headers: { 'x-bench-override': JSON.stringify(override) } });
      const chat = (override: object, stream = false) =>
        openai.chat.completions.create({ model: 'm', messages: USER, stream }, headers(override));
      const message = (override: object) =>
        anthropic.messages.create({ model: 'm', max_tokens: 9, messages: USER }, headers(override));
      await expect(chat({ status: 429 })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
      await expect(chat({ status: 503 })).rejects.toMatchObject({
        code: 'server_is_overloaded',
        type: 'service_unavailable_error',
      });
      await expect(chat({ fault: 'reset' })).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
      await expect(message({ status: 529 })).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
      await expect(message({ status: 401 })).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
      const events = await anthropic.messages.create(
        { model: 'm', max_tokens: 9, messages: USER, stream: true },
        headers({ fault: 'error' }),
      );
      const drain = async () => {
        for await (const event of events) expect(event.type).not.toBe('message_stop');
      };
      await expect(drain()).rejects.toMatchObject({
        status: undefined,
        type: 'overloaded_error',
      });
    }));
});

test('on real sockets: bodies beyond the limit, and a hang-up after the answer', async () => {
  const server = await startMockServer({ profile: parseProfile(PROFILE, 'of a test'), maxBodyBytes: 1000 });
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body, headers });
  const body = JSON.stringify({ model: 'm', messages: USER });
  expect((await post('x'.repeat(5000))).status).toBe(413);
  // So much that a server which stopped reading would cut the client off before it has seen the answer.
  expect((await post('x'.repeat(20_000_000))).status).toBe(413);
  const hangUp = { 'x-bench-override': '{"fault":"close-early"}' };
  expect(await (await post(body, hangUp)).json()).toMatchObject({ object: 'chat.completion' });
  expect((await post(body)).status).toBe(200);
  const text = await (await fetch(`${server.url}/__bench/metrics`)).text();
  expect(text).toContain('bench_mock_attempts_total{tag="",outcome="ok"} 2');
  expect(text).toContain('bench_mock_lateness_seconds_count 2');
  await server.close();
});

test('on real sockets: names beyond ASCII arrive whole, and idle connections may be kept', async () => {
  const server = await startMockServer({ profile: parseProfile(PROFILE, 'of a test') });
  const ask = (stream: boolean) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'mödèl-中', stream, messages: USER }),
    });
  const whole = await ask(false);
  expect(whole.headers.get('keep-alive')).toBe('timeout=600');
  expect(Number(whole.headers.get('content-length'))).toBe(Buffer.byteLength(await whole.clone().text()));
  expect(await whole.json()).toMatchObject({ model: 'mödèl-中' });
  const frames = (await (await ask(true)).text()).split('\n\n').filter(Boolean);
  expect(frames.at(-1)).toBe('data: [DONE]');
  for (const frame of frames.slice(0, -1))
    expect(JSON.parse(frame.slice('data: '.length))).toMatchObject({ model: 'mödèl-中' });
  await server.close();
});
