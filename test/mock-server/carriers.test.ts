import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../mock-server/app.ts';
import { askEngine } from '../../mock-server/carriers/direct.ts';
import { mockFetch } from '../../mock-server/carriers/fetch.ts';
import { mswHandlers } from '../../mock-server/carriers/msw.ts';
import { startMockServer } from '../../mock-server/carriers/tcp.ts';
import type { Engine } from '../../mock-server/engine/engine.ts';
import { type Override, parseOverride } from '../../mock-server/engine/override.ts';
import { parseProfile } from '../../mock-server/engine/profile.ts';
import { SystemClock } from '../../src/core/clock.ts';
import { chat, mockOn } from './lab.ts';

const PROFILE = {
  latency: { ttft: '4ms', tokensPerSecond: 1000 },
  output: { tokens: 8 },
  rejectLatency: '1ms',
  keys: { limited: 'quota' },
} as const;

/** What a caller can see of an answer, whatever carried it. */
interface Seen {
  readonly text: string;
  readonly pieces: number;
  readonly end: 'complete' | 'refused' | 'broken';
  readonly outputTokens?: number;
}

interface CallSpec {
  readonly index: number;
  readonly stream: boolean;
  readonly key?: string;
  readonly override?: object;
  /** Leaves after this many pieces. */
  readonly leaveAfter?: number;
}

interface Carrier {
  readonly name: string;
  readonly engine: Engine;
  call(spec: CallSpec): Promise<Seen>;
  close(): Promise<void> | void;
}

/** Reads an OpenAI answer through any `fetch`. */
const overHttp =
  (send: typeof fetch, origin = 'http://mock') =>
  async ({
    index,
    stream,
    key = 'k',
    override,
    leaveAfter = Number.POSITIVE_INFINITY,
  }: CallSpec): Promise<Seen> => {
    const controller = new AbortController();
    const elsewhere: typeof fetch = (input, init) => send(String(input).replace('http://mock', origin), init);
    const options = {
      stream,
      key,
      label: `t/${index}/0`,
      ...(override && { override }),
      body: { stream_options: null },
    };
    let text = '';
    let raw = '';
    let pieces = 0;
    try {
      const response = await chat(elsewhere, options, controller.signal);
      if (response.status !== 200) {
        await response.text();
        return { text, pieces, end: 'refused' };
      }
      if (!stream) {
        const json = JSON.parse(await response.text());
        const { content } = json.choices[0].message;
        return { text: content, pieces: 1, end: 'complete', outputTokens: json.usage.completion_tokens };
      }
      const decoder = new TextDecoder();
      for await (const bytes of response.body ?? []) {
        raw += decoder.decode(bytes, { stream: true });
        const deltas = [...raw.matchAll(/"delta":\{"content":("(?:[^"\\]|\\.)*")\}/g)];
        pieces = deltas.length;
        text = deltas.map((match) => JSON.parse(match[1] ?? '""')).join('');
        if (pieces >= leaveAfter) controller.abort();
      }
    } catch {
      return { text, pieces, end: 'broken' };
    }
    return { text, pieces, end: raw.endsWith('data: [DONE]\n\n') ? 'complete' : 'broken' };
  };

const fetchCarrier = async (): Promise<Carrier> => {
  const { engine, app } = mockOn(new SystemClock(), PROFILE);
  return { name: 'fetch', engine, call: overHttp(mockFetch(app)), close: () => {} };
};

const mswCarrier = async (): Promise<Carrier> => {
  const { engine, app }: { engine: Engine; app: App } = mockOn(new SystemClock(), PROFILE);
  const server = setupServer(...mswHandlers(app, 'http://api.mock.test'));
  server.listen({ onUnhandledFrame: 'bypass' });
  return { name: 'msw', engine, call: overHttp(fetch, 'http://api.mock.test'), close: () => server.close() };
};

const tcpCarrier = async (): Promise<Carrier> => {
  const server = await startMockServer({ profile: parseProfile(PROFILE, 'of a test'), seed: 1 });
  return {
    name: 'tcp',
    engine: server.engine,
    call: overHttp(fetch, server.url),
    close: () => server.close(),
  };
};

const directCarrier = async (): Promise<Carrier> => {
  const { engine } = mockOn(new SystemClock(), PROFILE);
  const call = ({ index, stream, key = 'k', override = {}, leaveAfter }: CallSpec): Promise<Seen> =>
    new Promise((resolve) => {
      let text = '';
      let pieces = 0;
      const reading = { model: 'gpt-4o', stream, inputTokens: 1, maxTokens: undefined, thinkingShown: false };
      const wish = parseOverride(JSON.stringify(override)) as Override;
      const place = { tag: 't', index, attempt: 0, endpoint: 'chat', key, override: wish, requestId: '' };
      const leave = askEngine(engine, { reading, ...place }, (event) => {
        if (event.type === 'refused') resolve({ text, pieces, end: 'refused' });
        if (event.type === 'broken') resolve({ text, pieces, end: 'broken' });
        if (event.type === 'finished')
          resolve({ text, pieces, end: 'complete', outputTokens: event.usage.outputTokens });
        if (event.type !== 'tokens') return;
        text += event.text;
        pieces += event.tokens;
        if (leaveAfter === undefined || pieces < leaveAfter) return;
        leave();
        resolve({ text, pieces, end: 'broken' });
      });
    });
  return { name: 'direct', engine, call, close: () => {} };
};

/**
 * One suite for every carrier. Deviations: `direct` has no connection, so nothing can hang up on it; `fetch` and `msw` show a
 * reset as a failed fetch; msw and TCP may join pieces, so only their order and content are compared, not their number.
 */
describe.each([
  ['fetch', fetchCarrier],
  ['msw', mswCarrier],
  ['tcp', tcpCarrier],
  ['direct', directCarrier],
])('%s', (_, open) => {
  let carrier: Carrier;
  let expected = '';
  beforeAll(async () => {
    carrier = await open();
    const { engine } = mockOn(new SystemClock(), PROFILE);
    const reference = await new Promise<string>((resolve) => {
      let text = '';
      const reading = {
        model: 'gpt-4o',
        stream: false,
        inputTokens: 1,
        maxTokens: undefined,
        thinkingShown: false,
      };
      const place = {
        tag: '',
        index: 5,
        attempt: 0,
        endpoint: 'chat',
        key: 'k',
        override: {},
        requestId: '',
      };
      askEngine(engine, { reading, ...place }, (event) => {
        if (event.type === 'tokens') text += event.text;
        if (event.type === 'finished') resolve(text);
      });
    });
    expected = reference;
  });
  afterAll(() => carrier.close());

  test('delivers the same text, whole or streamed', async () => {
    expect(await carrier.call({ index: 5, stream: false })).toMatchObject({
      text: expected,
      end: 'complete',
      outputTokens: 8,
    });
    expect(await carrier.call({ index: 5, stream: true })).toMatchObject({ text: expected, end: 'complete' });
  });

  test('refuses', async () => {
    expect(await carrier.call({ index: 5, stream: true, key: 'limited' })).toMatchObject({
      end: 'refused',
      pieces: 0,
    });
  });

  test.each(['reset', 'truncate'])('breaks by %s', async (fault) => {
    const seen = await carrier.call({ index: 5, stream: true, override: { fault, faultAt: 0.5 } });
    expect(seen.end).toBe('broken');
    expect(expected.startsWith(seen.text)).toBe(true);
    expect(seen.text.length).toBeLessThan(expected.length);
  });

  test('learns that a client has left', async () => {
    carrier.engine.reset();
    const override = { tokensPerSecond: 20 };
    expect(await carrier.call({ index: 5, stream: true, override, leaveAfter: 1 })).toMatchObject({
      end: 'broken',
    });
    // One more call after it: the server has surely seen the end of the first.
    await carrier.call({ index: 6, stream: false, override: { ledger: false, latencyMs: 40 } });
    expect(carrier.engine.ledger.totals()).toMatchObject({ attempts: 1, closedEarly: 1 });
    expect(carrier.engine.state().active).toBe(0);
  });

  test('serves many at once, each its own', async () => {
    const indices = Array.from({ length: 20 }, (__, index) => index);
    const seen = await Promise.all(indices.map((index) => carrier.call({ index, stream: index % 2 === 0 })));
    expect(new Set(seen.map(({ text }) => text)).size).toBe(20);
    expect(seen.every(({ end }) => end === 'complete')).toBe(true);
  });
});
