import Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { EXACT, lab } from './lab.ts';

/** A `fetch` that answers with the given bytes, cut at the given places. */
const cutting =
  (bytes: Uint8Array, cuts: readonly number[]): typeof fetch =>
  async () => {
    const places = [...new Set(cuts.map((cut) => cut % bytes.length)), bytes.length].sort((a, b) => a - b);
    let from = 0;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const to of places) {
          if (to > from) controller.enqueue(bytes.slice(from, to));
          from = to;
        }
        controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };

/** A name that takes several bytes a letter, so that some cuts fall into letters. */
const MODEL = 'mödel-✓';
const USER = [{ role: 'user' as const, content: 'hi' }];

/** Reads one stream to its end through an SDK: everything in it that a caller can see. */
type Reader = (send: typeof fetch) => Promise<string>;

const READERS: readonly (readonly [name: string, path: string, body: object, read: Reader])[] = [
  [
    'OpenAI chat',
    '/v1/chat/completions',
    { messages: USER, stream_options: { include_usage: true } },
    async (send) => {
      const openai = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: send });
      const seen: unknown[] = [];
      const asked = { model: MODEL, messages: USER, stream: true } as const;
      for await (const chunk of await openai.chat.completions.create(asked)) seen.push(chunk);
      return JSON.stringify(seen);
    },
  ],
  [
    'OpenAI responses',
    '/v1/responses',
    { input: 'hi' },
    async (send) => {
      const openai = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: send });
      const seen: unknown[] = [];
      for await (const event of await openai.responses.create({ model: MODEL, input: 'hi', stream: true }))
        seen.push(event);
      return JSON.stringify(seen);
    },
  ],
  [
    'Anthropic messages',
    '/v1/messages',
    { messages: USER, max_tokens: 100 },
    async (send) => {
      const anthropic = new Anthropic({ apiKey: 'k', maxRetries: 0, fetch: send });
      const seen: unknown[] = [];
      const asked = { model: MODEL, max_tokens: 100, messages: USER, stream: true } as const;
      for await (const event of await anthropic.messages.create(asked)) seen.push(event);
      return JSON.stringify(seen);
    },
  ],
];

const record = async (path: string, body: object): Promise<Uint8Array> => {
  const { clock, fetch } = lab({ ...EXACT, output: { tokens: 2 } });
  const headers = path === '/v1/messages' ? { 'anthropic-version': '2023-06-01' } : {};
  const init = {
    method: 'POST',
    headers: { authorization: 'Bearer k', ...headers },
    body: JSON.stringify({ model: MODEL, stream: true, ...body }),
  };
  return new Uint8Array(await clock.run(async () => (await fetch(`http://mock${path}`, init)).arrayBuffer()));
};

describe.each(READERS)('%s', (_, path, body, read) => {
  test('reads the same byte by byte, cut in two, and in any number of pieces', async () => {
    const bytes = await record(path, body);
    const whole = await read(cutting(bytes, []));
    expect(whole).toContain(MODEL);
    expect(whole).toMatch(/"(?:finish_reason":"stop|status":"completed|stop_reason":"end_turn)"/);
    const everywhere = Array.from(bytes, (_byte, place) => place);
    expect(await read(cutting(bytes, everywhere)), 'byte by byte').toBe(whole);
    const inTwo = everywhere.filter((place) => place % Math.ceil(bytes.length / 400) === 0);
    for (const cut of inTwo) expect(await read(cutting(bytes, [cut])), `cut at ${cut}`).toBe(whole);
    const cuts = fc.array(fc.nat(bytes.length - 1), { minLength: 2, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(await read(cutting(bytes, places))).toBe(whole);
      }),
      { numRuns: 30 },
    );
  });
});
