import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MockServer, startMockServer } from '../../mock-server/carriers/tcp.ts';
import { createClient } from '../../src/client/create-client.ts';
import { DeadlineError, deadline } from '../../src/core/abort.ts';
import type { Call, CallEndpoint } from '../../src/core/call.ts';
import { SystemClock } from '../../src/core/clock.ts';
import { RequestError } from '../../src/core/errors.ts';
import { CLIENT_WAYS, type ClientWay } from '../support/client-ways.ts';

const OK = 'ok: 6 words, 1+6 tokens';

/** What the mock is told to do, and what an attempt comes to: as a whole answer, as a stream. */
const FAULTS: Readonly<Record<string, readonly [whole: string, stream: string]>> = {
  none: [OK, OK],
  hang: ['timeout', 'timeout'],
  stall: ['stalled', 'stalled'],
  reset: ['reset', 'reset'],
  truncate: ['truncated', 'truncated'],
  garbage: ['protocol', 'protocol'],
  error: ['server', 'server'],
  drip: [OK, OK],
  duplicate: [OK, 'ok: 7 words, 1+6 tokens'],
  'late-done': [OK, OK],
  'late-end': [OK, OK],
  'close-early': [OK, OK],
  '400': ['rejected', 'rejected'],
  '401': ['unauthorized', 'unauthorized'],
  '403': ['rejected', 'rejected'],
  '404': ['rejected', 'rejected'],
  '408': ['timeout', 'timeout'],
  '429': ['rate-limited', 'rate-limited'],
  '500': ['server', 'server'],
  '503': ['overloaded', 'overloaded'],
  '529': ['overloaded', 'overloaded'],
};

/** Long enough for whatever ends by itself, however busy the machine is. */
const PATIENCE = 30_000;
/** For an answer that never begins. */
const IMPATIENCE = 300;

const APIS = [
  { protocol: 'openai', endpoint: 'chat' },
  { protocol: 'openai', endpoint: 'responses' },
  { protocol: 'openai', endpoint: 'completions' },
  { protocol: 'anthropic', endpoint: 'chat' },
] as const;

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ profile: 'unlimited', speed: 1 });
});
afterAll(() => mock.close());

/** What becomes of one attempt that the mock was told to break: text and tokens, or the kind of failure. */
const outcomeOf = async (
  way: ClientWay,
  { protocol, endpoint }: { protocol: 'openai' | 'anthropic'; endpoint: CallEndpoint },
  stream: boolean,
  fault: string,
): Promise<string> => {
  const client = await createClient({
    ...way,
    protocol,
    baseUrl: mock.url + (protocol === 'openai' ? '/v1' : ''),
    model: 'gpt-4o-mini',
    apiKey: 'k',
  });
  const call: Call = { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 50, stream, endpoint };
  const lost = new AbortController();
  const limit = deadline(new SystemClock(), fault === 'hang' ? IMPATIENCE : PATIENCE, lost.signal);
  const wish = fault === 'none' ? {} : /^\d+$/.test(fault) ? { status: Number(fault) } : { fault };
  const headers = {
    'x-bench-override': JSON.stringify({ latencyMs: 40, outputTokens: 6, ...wish }),
    'x-bench-request': 'same/7/0',
  };
  let said = '';
  let used = '';
  try {
    for await (const event of client.send(call, { signal: limit.signal, headers })) {
      // No timer: an answer that has begun and goes on no more is given up as soon as it has begun.
      if (fault === 'stall' && event.type === 'headers') lost.abort(new DeadlineError(0));
      if (event.type === 'answer' || (event.type === 'delta' && event.channel === 'content'))
        said += event.text;
      if (event.type === 'usage') used = `${event.usage.inputTokens}+${event.usage.outputTokens} tokens`;
    }
    return `ok: ${said.split(' ').length} words, ${used}`;
  } catch (error) {
    if (error instanceof RequestError) return error.failure.kind;
    throw error;
  } finally {
    limit.cancel();
  }
};

describe.each(APIS)('$protocol $endpoint under every fault of the mock', (api) => {
  it.each([false, true])('comes to the same through every client (stream: %s)', async (stream) => {
    const found = await Promise.all(
      Object.keys(FAULTS).map(async (fault) => {
        const outcomes = await Promise.all(CLIENT_WAYS.map((way) => outcomeOf(way, api, stream, fault)));
        return [fault, outcomes] as const;
      }),
    );
    const expected = Object.entries(FAULTS).map(([fault, [whole, streamed]]) => {
      // An error in mid-stream has Anthropic's own name.
      const outcome =
        fault === 'error' && stream && api.protocol === 'anthropic'
          ? 'overloaded'
          : stream
            ? streamed
            : whole;
      return [fault, CLIENT_WAYS.map(() => outcome)];
    });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });
});
