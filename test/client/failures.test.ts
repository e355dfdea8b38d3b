import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Client, ClientEvent } from '../../src/client/client.ts';
import { createClient } from '../../src/client/create-client.ts';
import { deadline } from '../../src/core/abort.ts';
import { SystemClock } from '../../src/core/clock.ts';
import { RequestError } from '../../src/core/errors.ts';
import type { Failure, FailureKind } from '../../src/core/failure.ts';
import { CLIENT_WAYS } from '../support/client-ways.ts';
import { anthropicMessage, chatCompletion, hostileServer, streams } from '../support/hostile-server.ts';

type Protocol = 'openai' | 'anthropic';

const SECRET = 'sk-test-0123456789abcdef';
const HEADER_SECRET = 'gateway-token-42';

const TABLE = (['openai', 'anthropic'] as const).flatMap((protocol) =>
  CLIENT_WAYS.map((way) => ({ protocol, ...way })),
);

type Row = (typeof TABLE)[number];

const clientOf = (row: Row, url: string): Promise<Client> =>
  createClient({
    ...row,
    baseUrl: row.protocol === 'openai' ? `${url}/v1` : url,
    model: 'm',
    apiKey: SECRET,
    headers: { 'x-team': HEADER_SECRET },
  });

const send = async (
  client: Client,
  stream: boolean,
  patience = 5_000,
): Promise<readonly ClientEvent[] | Failure> => {
  const limit = deadline(new SystemClock(), patience, new AbortController().signal);
  const call = { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 8, stream } as const;
  try {
    const events: ClientEvent[] = [];
    for await (const event of client.send(call, { signal: limit.signal })) events.push(event);
    return events;
  } catch (error) {
    if (error instanceof RequestError) return error.failure;
    throw error;
  } finally {
    limit.cancel();
  }
};

const json = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
};

const startStream = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
};

const whole = { openai: chatCompletion, anthropic: anthropicMessage };

interface Case {
  readonly name: string;
  readonly stream?: boolean;
  readonly patience?: number;
  readonly kind: FailureKind;
  answer(response: ServerResponse, protocol: Protocol): void;
}

const errorBody = (type: string, message: string, code: string | null = null) => ({
  type: 'error',
  error: { type, message, code, param: null },
});

const CASES: readonly Case[] = [
  {
    name: 'a body cut off by the end of the connection',
    kind: 'truncated',
    answer(response, protocol) {
      const body = JSON.stringify(whole[protocol]);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.write(body.slice(0, 40), () => response.socket?.end());
    },
  },
  {
    name: 'a body that ends early but properly framed',
    kind: 'truncated',
    answer(response, protocol) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(whole[protocol]).slice(0, 40));
    },
  },
  {
    name: 'a body that is no JSON',
    kind: 'protocol',
    answer(response) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('<html>It works!</html>');
    },
  },
  {
    name: 'a page instead of an answer',
    kind: 'protocol',
    answer(response) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>It works!</html>');
    },
  },
  {
    name: 'JSON of another kind',
    kind: 'protocol',
    answer: (response) => json(response, 200, { status: 'ok' }),
  },
  {
    name: 'a socket reset before any answer',
    kind: 'reset',
    answer: (response) => response.socket?.resetAndDestroy(),
  },
  {
    name: 'a socket closed before any answer',
    kind: 'reset',
    answer: (response) => response.socket?.destroy(),
  },
  { name: 'no answer in time', kind: 'timeout', patience: 150, answer() {} },
  {
    name: 'a stream that stalls',
    stream: true,
    patience: 250,
    kind: 'stalled',
    answer(response, protocol) {
      startStream(response);
      response.write(streams[protocol].slice(0, 3).join(''));
    },
  },
  {
    name: 'a stream that ends without its terminal event',
    stream: true,
    kind: 'truncated',
    answer(response, protocol) {
      startStream(response);
      response.end(streams[protocol].slice(0, 2).join(''));
    },
  },
  {
    name: 'a stream whose connection closes',
    stream: true,
    kind: 'truncated',
    answer(response, protocol) {
      startStream(response);
      response.write(streams[protocol].slice(0, 2).join(''), () => response.socket?.end());
    },
  },
  {
    name: 'a stream whose connection is reset',
    stream: true,
    kind: 'reset',
    answer(response, protocol) {
      startStream(response);
      response.write(streams[protocol].slice(0, 2).join(''), () => {
        setImmediate(() => response.socket?.resetAndDestroy());
      });
    },
  },
  {
    name: 'garbage in a stream',
    stream: true,
    kind: 'protocol',
    answer(response, protocol) {
      startStream(response);
      response.end(`${streams[protocol][0]}event: content_block_delta\ndata: {"choices": [} nonsense\n\n`);
    },
  },
  {
    name: '401',
    kind: 'unauthorized',
    answer: (response) =>
      json(
        response,
        401,
        errorBody(
          'authentication_error',
          `Incorrect API key provided: ${SECRET} of ${HEADER_SECRET}`,
          'invalid_api_key',
        ),
      ),
  },
  {
    name: '403',
    kind: 'rejected',
    answer: (response) => json(response, 403, errorBody('permission_error', 'no')),
  },
  {
    name: '404',
    kind: 'rejected',
    answer: (response) => json(response, 404, errorBody('not_found_error', 'no such model')),
  },
  {
    name: '400',
    kind: 'rejected',
    answer: (response) => json(response, 400, errorBody('invalid_request_error', 'bad')),
  },
  {
    name: '429',
    kind: 'rate-limited',
    answer: (response) => json(response, 429, errorBody('rate_limit_error', 'slow', 'rate_limit_exceeded')),
  },
  {
    name: '429 for want of credit',
    kind: 'quota',
    answer: (response) =>
      json(
        response,
        429,
        errorBody('insufficient_quota', 'You exceeded your current quota', 'insufficient_quota'),
      ),
  },
  { name: '500', kind: 'server', answer: (response) => json(response, 500, errorBody('api_error', 'oops')) },
  {
    name: '503',
    kind: 'overloaded',
    answer: (response) => json(response, 503, errorBody('service_unavailable_error', 'busy')),
  },
  {
    name: '529',
    kind: 'overloaded',
    answer: (response) => json(response, 529, errorBody('overloaded_error', 'Overloaded')),
  },
  {
    name: '502 with a page',
    kind: 'server',
    answer: (response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
  },
];

describe.each(TABLE)('$protocol through $kind over $transport', (row) => {
  const { protocol } = row;

  it.each(CASES)('$name is $kind', async ({ answer, stream = false, patience, kind }) => {
    const server = await hostileServer((_request, response) => answer(response, protocol));
    try {
      const outcome = await send(await clientOf(row, server.url), stream, patience);
      expect(outcome).toMatchObject({ kind });
      expect(server.requests(), 'one attempt is one HTTP exchange').toBe(1);
      expect(JSON.stringify(outcome)).not.toContain(SECRET);
      expect(JSON.stringify(outcome)).not.toContain(HEADER_SECRET);
    } finally {
      await server.close();
    }
  });

  it('names an error event in mid-stream by its type', async () => {
    const event =
      protocol === 'openai'
        ? 'data: {"error":{"message":"busy","type":"service_unavailable_error","param":null,"code":null}}\n\n'
        : 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
    const server = await hostileServer((_request, response) => {
      startStream(response);
      response.end(streams[protocol][0] + event);
    });
    try {
      expect(await send(await clientOf(row, server.url), true)).toMatchObject({
        kind: 'overloaded',
        status: 200,
      });
    } finally {
      await server.close();
    }
  });

  it('says that nobody listens', async () => {
    const server = await hostileServer(() => {});
    await server.close();
    expect(await send(await clientOf(row, server.url), false)).toMatchObject({ kind: 'refused' });
  });

  it('tells a cancelled attempt from one that ran out of time', async () => {
    const server = await hostileServer(() => {});
    const controller = new AbortController();
    const call = { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 8, stream: false } as const;
    const client = await clientOf(row, server.url);
    const sent = (async () => {
      for await (const _event of client.send(call, { signal: controller.signal }));
    })();
    controller.abort();
    await expect(sent).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
    await server.close();
  });

  it.each([false, true])('reads a whole answer (stream: %s)', async (stream) => {
    const server = await hostileServer((_request, response) => {
      if (!stream)
        return json(response, 200, whole[protocol], {
          'x-ratelimit-limit-requests': '3000',
          'x-ratelimit-remaining-requests': '2999',
          'x-ratelimit-reset-requests': '20ms',
        });
      startStream(response);
      for (const frame of streams[protocol]) response.write(frame);
      return response.end();
    });
    try {
      const events = await send(await clientOf(row, server.url), stream);
      expect(events).toEqual([
        {
          type: 'headers',
          status: 200,
          rateLimit: stream ? undefined : { requests: { limit: 3000, remaining: 2999, reset: 20 } },
        },
        stream ? { type: 'delta', channel: 'content', text: 'Hello' } : { type: 'answer', text: 'Hello' },
        { type: 'usage', usage: { inputTokens: 5, outputTokens: 2 } },
        { type: 'finish', reason: protocol === 'openai' ? 'stop' : 'end_turn' },
      ]);
    } finally {
      await server.close();
    }
  });
});
