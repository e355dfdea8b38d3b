import { describe, expect, test } from 'vitest';
import { EXACT, lab } from './lab.ts';

const ask = async (path: string, init: RequestInit, profile: object = {}) => {
  const { clock, fetch, engine } = lab({ ...EXACT, ...profile });
  const response = await clock.run(() => fetch(`http://mock${path}`, init));
  return { status: response.status, headers: response.headers, body: await response.json(), engine };
};

const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { authorization: 'Bearer sk-0123456789', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const MESSAGES = [{ role: 'user', content: 'hi' }];
const ANTHROPIC = { 'anthropic-version': '2023-06-01' };

describe('OpenAI says', () => {
  test.each([
    ['unknown route', '/v1/nowhere', post({}), 404, { message: 'Invalid URL (POST /v1/nowhere)' }],
    ['wrong method', '/v1/chat/completions', { method: 'GET' }, 405, { code: 'method_not_supported' }],
    [
      'malformed JSON',
      '/v1/chat/completions',
      post('{"model":'),
      400,
      { message: expect.stringContaining('parse the JSON') },
    ],
    [
      'no model',
      '/v1/chat/completions',
      post({ messages: MESSAGES }),
      400,
      { message: 'you must provide a model parameter' },
    ],
    [
      'no messages',
      '/v1/chat/completions',
      post({ model: 'm' }),
      400,
      { code: 'missing_required_parameter', param: 'messages' },
    ],
    [
      'unknown field',
      '/v1/responses',
      post({ model: 'm', input: 'x', foo: 1 }),
      400,
      { code: 'unknown_parameter', param: 'foo' },
    ],
    [
      'a model that is no text',
      '/v1/chat/completions',
      post({ model: 5, messages: MESSAGES }),
      400,
      {
        message: "Invalid type for 'model': expected a string, but got an integer instead.",
        code: 'invalid_type',
        param: 'model',
      },
    ],
    [
      'messages that are no list',
      '/v1/chat/completions',
      post({ model: 'm', messages: 'hi' }),
      400,
      {
        message: "Invalid type for 'messages': expected an array of objects, but got a string instead.",
        code: 'invalid_type',
        param: 'messages',
      },
    ],
    [
      'a message that is no object',
      '/v1/chat/completions',
      post({ model: 'm', messages: [...MESSAGES, 'hi'] }),
      400,
      { code: 'invalid_type', param: 'messages[1]' },
    ],
    [
      'no message',
      '/v1/chat/completions',
      post({ model: 'm', messages: [] }),
      400,
      { code: 'empty_array', param: 'messages' },
    ],
    [
      'a limit below one',
      '/v1/responses',
      post({ model: 'm', input: 'x', max_output_tokens: 0 }),
      400,
      {
        message:
          "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        code: 'integer_below_min_value',
        param: 'max_output_tokens',
      },
    ],
    [
      'stream that is no boolean',
      '/v1/completions',
      post({ model: 'm', prompt: 'x', stream: 'yes' }),
      400,
      { code: 'invalid_type', param: 'stream' },
    ],
    ['unknown model', '/v1/models/none', { method: 'GET' }, 404, { code: 'model_not_found', param: 'model' }],
  ])('%s', async (_, path, init, status, error) => {
    const seen = await ask(path, init);
    expect(seen.status).toBe(status);
    expect(seen.body).toMatchObject({
      error: { type: 'invalid_request_error', param: null, code: null, ...error },
    });
    expect(seen.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test('bad keys by name, and the key is masked', async () => {
    const init = post({ model: 'm', messages: MESSAGES });
    const { status, body } = await ask('/v1/chat/completions', init, {
      keys: { 'sk-0123456789': 'invalid' },
    });
    expect(status).toBe(401);
    expect(body).toMatchObject({
      error: { code: 'invalid_api_key', message: expect.stringContaining(': sk-0*****6789.') },
    });
  });

  test('missing keys, where one is required', async () => {
    const init = { method: 'POST', body: JSON.stringify({ model: 'm', messages: MESSAGES }) };
    expect((await ask('/v1/chat/completions', init)).status).toBe(200);
    expect((await ask('/v1/chat/completions', init, { requireKey: true })).status).toBe(401);
  });
});

describe('Anthropic says', () => {
  test.each([
    ['unknown route', '/v1/nowhere', post({}, ANTHROPIC), 404, 'not_found_error', 'Not found'],
    [
      'wrong method',
      '/v1/messages',
      { method: 'GET', headers: ANTHROPIC },
      405,
      'invalid_request_error',
      'Method Not Allowed',
    ],
    [
      'malformed JSON',
      '/v1/messages',
      post('{', ANTHROPIC),
      400,
      'invalid_request_error',
      expect.stringContaining('not valid JSON'),
    ],
    [
      'no max_tokens',
      '/v1/messages',
      post({ model: 'm', messages: MESSAGES }, ANTHROPIC),
      400,
      'invalid_request_error',
      'max_tokens: Field required',
    ],
    [
      'unknown field',
      '/v1/messages',
      post({ model: 'm', max_tokens: 1, messages: MESSAGES, foo: 1 }, ANTHROPIC),
      400,
      'invalid_request_error',
      'foo: Extra inputs are not permitted',
    ],
    [
      'a message that is no object',
      '/v1/messages',
      post({ model: 'm', max_tokens: 1, messages: ['hi'] }, ANTHROPIC),
      400,
      'invalid_request_error',
      'messages.0: Input should be a valid dictionary or object to extract fields from',
    ],
    [
      'max_tokens of no use',
      '/v1/messages',
      post({ model: 'm', max_tokens: 0.5, messages: MESSAGES }, ANTHROPIC),
      400,
      'invalid_request_error',
      'max_tokens: Input should be a valid integer',
    ],
    [
      'nothing to count',
      '/v1/messages/count_tokens',
      post({ model: 'm', messages: [] }, ANTHROPIC),
      400,
      'invalid_request_error',
      'messages: at least one message is required',
    ],
    [
      'a version that is no date',
      '/v1/messages',
      post({ model: 'm', max_tokens: 1, messages: MESSAGES }, { 'anthropic-version': '1999' }),
      400,
      'invalid_request_error',
      'anthropic-version: "1999" is not a valid version',
    ],
    [
      'no version',
      '/v1/messages',
      post({ model: 'm', max_tokens: 1, messages: MESSAGES }),
      400,
      'invalid_request_error',
      'anthropic-version: header is required',
    ],
  ])('%s', async (_, path, init, status, type, message) => {
    const seen = await ask(path, init);
    expect(seen.status).toBe(status);
    expect(seen.body).toMatchObject({
      type: 'error',
      error: { type, message },
      request_id: seen.headers.get('request-id'),
    });
  });
});

test('what was refused unread is in the ledger, as failed', async () => {
  const { engine } = await ask(
    '/v1/chat/completions',
    post('{', { 'x-bench-request': '20/3/1', 'x-stainless-retry-count': '1' }),
  );
  const counts = { attempts: 1, ok: 0, rateLimited: 0, failed: 1, closedEarly: 0, faulted: 0 };
  expect(engine.ledger.summary()).toEqual({ tags: { '20': counts } });
  expect([...engine.ledger.entries()]).toMatchObject([
    { index: 3, attempt: 1, retryCount: 1, status: 400, decision: 'malformed' },
  ]);
});

test('a wrong override is refused in the provider’s form, with the key that was meant', async () => {
  const init = post({ model: 'm', messages: MESSAGES }, { 'x-bench-override': '{"latncyMs":1}' });
  const { status, body } = await ask('/v1/chat/completions', init);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: {
      message: 'x-bench-override: Unrecognized key: "latncyMs". Did you mean latencyMs?',
    },
  });
});

test('a wrong method is told which one is right', async () => {
  const { headers } = await ask('/v1/messages', { method: 'GET', headers: ANTHROPIC });
  expect(headers.get('allow')).toBe('POST');
});
