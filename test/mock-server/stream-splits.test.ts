import Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { chat, EXACT, lab, message } from './lab.ts';

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

const record = async (send: typeof chat | typeof message): Promise<Uint8Array> => {
  const { clock, fetch } = lab(EXACT);
  const response = await clock.run(async () => (await send(fetch, { stream: true })).arrayBuffer());
  return new Uint8Array(response);
};

const cuts = fc.array(fc.nat(20_000), { maxLength: 40 });
const USER = [{ role: 'user' as const, content: 'hi' }];

describe('every split of a stream reads the same', () => {
  test('OpenAI chat', async () => {
    const bytes = await record(chat);
    const read = async (send: typeof fetch) => {
      const openai = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: send });
      let text = '';
      for await (const chunk of await openai.chat.completions.create({
        model: 'm',
        messages: USER,
        stream: true,
      }))
        text += `${chunk.choices[0]?.delta.content ?? ''}${chunk.choices[0]?.finish_reason ?? ''}`;
      return text;
    };
    const whole = await read(cutting(bytes, []));
    expect(whole).toMatch(/stop$/);
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(await read(cutting(bytes, places))).toBe(whole);
      }),
      { numRuns: 50 },
    );
  });

  test('Anthropic messages', async () => {
    const bytes = await record(message);
    const read = async (send: typeof fetch) => {
      const anthropic = new Anthropic({ apiKey: 'k', maxRetries: 0, fetch: send });
      return anthropic.messages.stream({ model: 'm', max_tokens: 100, messages: USER }).finalText();
    };
    const whole = await read(cutting(bytes, []));
    expect(whole.split(' ')).toHaveLength(10);
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(await read(cutting(bytes, places))).toBe(whole);
      }),
      { numRuns: 30 },
    );
  });
});
