import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/create-client.ts';
import { SystemClock } from '../../src/core/clock.ts';
import { BenchError } from '../../src/core/errors.ts';
import { preflight } from '../../src/run/preflight.ts';
import { Spending } from '../../src/run/spending.ts';
import { CLIENT_WAYS, type ClientWay } from '../support/client-ways.ts';
import { chatCompletion, hostileServer } from '../support/hostile-server.ts';
import { selfSignedServer } from '../support/self-signed-server.ts';

const LIKE = {
  messages: [{ role: 'user', content: 'x'.repeat(9999) }],
  maxTokens: 4000,
  stream: true,
} as const;

/** What the first call finds out: a remark, nothing, or an exit code with message and hint. */
const found = async (way: ClientWay, baseUrl: string, spending?: Spending, proxy?: string) => {
  const client = await createClient({
    ...way,
    protocol: 'openai',
    baseUrl,
    model: 'm',
    apiKey: 'sk-secret-123',
  });
  const { signal } = new AbortController();
  try {
    const clock = new SystemClock();
    return await preflight({ client, like: LIKE, clock, timeout: 2000, signal, spending, proxy });
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    return { exit: error.exitCode, message: error.message, hint: error.hint };
  }
};

const status =
  (code: number, message = 'no') =>
  (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message, type: 'error', code: null } }));
  };

describe.each(CLIENT_WAYS)('the first call through $kind over $transport', (way) => {
  it.each([
    [401, 'bad key', /not authorized/, /Check the key/],
    [403, 'not yours', /refused/, /not allowed this/],
    [404, 'The model m does not exist', /refused/, /--model/],
    [404, 'Not Found', /refused/, /end in \/v1/],
    [400, 'bad parameter', /bad parameter/, /--model, --base-url/],
    [402, 'pay first', /quota or credit/, /credit balance/],
  ] as const)('explains %i (%s)', async (code, words, message, hint) => {
    const server = await hostileServer(status(code, words));
    const outcome = await found(way, `${server.url}/v1`);
    await server.close();
    expect(outcome).toMatchObject({
      exit: 3,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(server.requests()).toBe(1);
  });

  it('goes on with a remark where the endpoint is merely busy', async () => {
    const server = await hostileServer(status(429, 'slow down'));
    expect(await found(way, `${server.url}/v1`)).toContain('rate limit (429)');
    await server.close();
  });

  it('explains a certificate that nobody vouches for', async () => {
    const server = await selfSignedServer();
    expect(await found(way, `${server.url}/v1`)).toMatchObject({
      exit: 3,
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    await server.close();
  });

  it('explains https where nobody speaks TLS', async () => {
    const server = await hostileServer(() => {});
    expect(await found(way, `${server.url.replace('http:', 'https:')}/v1`)).toMatchObject({
      exit: 3,
      hint: expect.stringContaining('does not speak TLS'),
    });
    await server.close();
  });

  it('explains a name that nobody knows and a port where nobody listens', async () => {
    expect(await found(way, 'http://nowhere.invalid/v1')).toMatchObject({
      exit: 3,
      hint: expect.stringContaining('(DNS)'),
    });
    const server = await hostileServer(() => {});
    await server.close();
    expect(await found(way, `${server.url}/v1`)).toMatchObject({
      exit: 3,
      hint: expect.stringContaining('Nothing listens there'),
    });
    expect(await found(way, `${server.url}/v1`, undefined, 'HTTPS_PROXY')).toMatchObject({
      exit: 3,
      hint: expect.stringContaining('through the proxy of HTTPS_PROXY'),
    });
  });

  it('is cheap, whatever the scenario asks for, and is paid like the rest', async () => {
    let sent = '';
    const server = await hostileServer((_request, response, body) => {
      sent = body;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(chatCompletion));
    });
    const spending = new Spending(() => ({ input: 1e6, output: 1e6 }), 100);
    expect(await found(way, `${server.url}/v1`, spending)).toBeUndefined();
    await server.close();
    expect(sent.length).toBeLessThan(200);
    expect(JSON.parse(sent)).toMatchObject({ max_tokens: 16 });
    expect(spending.spent).toBe(7);
  });
});
