import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { classify, type Progress, redact, truncated } from '../../src/client/classify.ts';
import { DeadlineError } from '../../src/core/abort.ts';
import { RequestError } from '../../src/core/errors.ts';

const SECRET = 'my-secret-key-0123';
const before: Progress = { status: undefined, signal: new AbortController().signal, secrets: [SECRET] };
/** Headers had arrived with 200 when it failed. */
const midAnswer: Progress = { ...before, status: 200 };

const failureOf = (error: unknown, progress = before) => classify(error, progress).failure;
const kindOf = (error: unknown, progress = before) => failureOf(error, progress).kind;

const openai = (status: number, error: object, headers: Record<string, string> = {}) =>
  OpenAI.APIError.generate(status, { error }, undefined, new Headers(headers));
const anthropic = (status: number, error: object, headers: Record<string, string> = {}) =>
  Anthropic.APIError.generate(status, { type: 'error', error }, undefined, new Headers(headers));

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });
/** As undici's fetch and both SDKs wrap what went wrong below them. */
const wrapped = (cause: Error) =>
  new OpenAI.APIConnectionError({ cause: new TypeError('fetch failed', { cause }) });

describe('an answer with an error status', () => {
  it.each([
    [400, 'rejected'],
    [401, 'unauthorized'],
    [402, 'quota'],
    [403, 'rejected'],
    [404, 'rejected'],
    [408, 'timeout'],
    [409, 'rejected'],
    [413, 'rejected'],
    [422, 'rejected'],
    [429, 'rate-limited'],
    [500, 'server'],
    [502, 'server'],
    [503, 'overloaded'],
    [504, 'server'],
    [529, 'overloaded'],
  ] as const)('%d is %s, through either SDK', (status, kind) => {
    const body = { type: 'some_error', message: 'words' };
    for (const error of [openai(status, { ...body, code: null }), anthropic(status, body)])
      expect(failureOf(error)).toMatchObject({ kind, status });
  });

  it.each([
    ['insufficient_quota', 429],
    ['credit_balance_exhausted', 429],
    ['organization_spend_limit_exceeded', 429],
    ['project_spend_limit_exceeded', 403],
    ['organization_usage_limit_exceeded', 429],
  ])('OpenAI’s %s is no rate limit: waiting does not cure it', (code, status) => {
    expect(kindOf(openai(status, { type: code, code, message: 'm', param: null }))).toBe('quota');
  });

  it.each([
    'enforced_spend_limit_reached',
    'contract_spend_limit_reached',
    'linked_organization_spend_limit_reached',
  ])('Anthropic’s %s is no rate limit either', (code) => {
    const error = { type: 'rate_limit_error', message: 'm', details: { error_code: code } };
    expect(kindOf(anthropic(429, error))).toBe('quota');
  });

  it('that asks to slow down is a rate limit', () => {
    expect(kindOf(openai(429, { type: 'rate_limit_error', code: 'slow_down', message: 'm' }))).toBe(
      'rate-limited',
    );
    const ramp = { type: 'rate_limit_error', message: 'm', details: { error_code: 'ramp_limit_exceeded' } };
    expect(kindOf(anthropic(429, ramp))).toBe('rate-limited');
    expect(kindOf(openai(429, { code: '429', message: 'Azure: retry after 22 seconds' }))).toBe(
      'rate-limited',
    );
  });

  it('keeps what its headers ask for', () => {
    const error = classify(
      openai(
        429,
        { message: 'm', type: 'tokens', code: 'rate_limit_exceeded' },
        { 'retry-after': '20', 'x-should-retry': 'false', 'x-ratelimit-remaining-requests': '0' },
      ),
      before,
    );
    expect(error.failure).toMatchObject({ retryAfter: 20_000, shouldRetry: false, status: 429 });
    expect(error.rateLimit).toEqual({ requests: { remaining: 0 } });
    const plain = classify(openai(429, { message: 'm' }), before);
    expect(plain.failure).not.toHaveProperty('retryAfter');
    expect(plain.failure).not.toHaveProperty('shouldRetry');
    expect(plain.rateLimit).toBeUndefined();
  });
});

describe('a transport that fails', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'unreachable'],
    ['EAI_AGAIN', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'unreachable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unreachable'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['ECONNABORTED', 'reset'],
    ['ENOTCONN', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'stalled'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'truncated'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['EMFILE', 'local'],
    ['ENFILE', 'local'],
    ['EADDRNOTAVAIL', 'local'],
    ['ENOBUFS', 'local'],
  ] as const)('with %s is %s, however deep it is wrapped', (code, kind) => {
    for (const error of [coded(code), wrapped(coded(code))]) expect(kindOf(error)).toBe(kind);
  });

  it('on every address of a host is what each of them said', () => {
    const all = new AggregateError([coded('ECONNREFUSED', '::1'), coded('ECONNREFUSED', '127.0.0.1')], '');
    expect(kindOf(wrapped(all))).toBe('refused');
  });

  it('in mid-answer is a cut answer, not a failed connection', () => {
    expect(kindOf(coded('UND_ERR_SOCKET'), midAnswer)).toBe('truncated');
    expect(kindOf(new TypeError('terminated'), midAnswer)).toBe('truncated');
  });

  it('with a cause that goes round in circles is still classified', () => {
    const error = new Error('round');
    error.cause = error;
    expect(failureOf(error).message).toBe('round');
  });

  it('without a code is no connection before the headers, and an unreadable answer after them', () => {
    expect(kindOf(wrapped(new Error('bad port')))).toBe('unreachable');
    expect(kindOf(wrapped(coded('UND_ERR_DESTROYED')))).toBe('unreachable');
    expect(kindOf(new Error('bad port'), midAnswer)).toBe('protocol');
  });
});

describe('a body that cannot be read', () => {
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      return error;
    }
  };

  it('is cut where it is the beginning of something valid, and garbled where it is not', () => {
    for (const cut of ['{"choices":[{"mess', '"half', '', '['])
      expect(kindOf(parse(cut), midAnswer), cut).toBe('truncated');
    expect(kindOf(parse('<html>'), midAnswer)).toBe('protocol');
    expect(kindOf(parse('{"a":1}}'), midAnswer)).toBe('protocol');
  });

  // V8 words the end of input differently by where it comes; here it only says what it expected, and where.
  describe.each(['{"a":1', '{"a"', '{"a":[1', '{'])('that is %s', (text) => {
    it('is cut where all that was announced had come', () => {
      expect(kindOf(parse(text), { ...midAnswer, bodyBytes: text.length })).toBe('truncated');
    });

    it('may be garbled where nothing or another length was announced', () => {
      expect(kindOf(parse(text), midAnswer)).toBe('protocol');
      expect(kindOf(parse(text), { ...midAnswer, bodyBytes: text.length + 1 })).toBe('protocol');
    });
  });

  it('is garbled where it goes on after what V8 did not expect, whatever length was announced', () => {
    for (const text of ['{"a":1}}', '{"a" 1}', '{"a":[1 2]}', '{a:1}'])
      expect(kindOf(parse(text), { ...midAnswer, bodyBytes: text.length }), text).toBe('protocol');
  });
});

describe('an error event in mid-stream', () => {
  it.each([
    ['overloaded_error', 'overloaded'],
    ['rate_limit_error', 'rate-limited'],
    ['api_error', 'server'],
  ] as const)('of %s is %s, although the status is 200', (type, kind) => {
    const error = new Anthropic.APIError(
      undefined,
      { type: 'error', error: { type, message: 'm' } },
      'm',
      undefined,
    );
    expect(failureOf(error, midAnswer)).toMatchObject({ kind, status: 200 });
  });
});

describe('an attempt that we ended', () => {
  const aborted = (reason: unknown, status?: number): Progress => {
    const controller = new AbortController();
    controller.abort(reason);
    return { ...before, status, signal: controller.signal };
  };

  it('is cancelled, whatever error it came with', () => {
    for (const error of [new OpenAI.APIUserAbortError(), coded('ECONNRESET'), openai(429, { message: 'm' })])
      expect(kindOf(error, aborted(new Error('Ctrl-C')))).toBe('cancelled');
  });

  it('is out of time before the headers, and stalled after them', () => {
    const late = new DeadlineError(300);
    expect(failureOf(new OpenAI.APIUserAbortError(), aborted(late))).toEqual({
      kind: 'timeout',
      message: 'no complete answer within 300 ms',
    });
    expect(failureOf(new OpenAI.APIUserAbortError(), aborted(late, 200))).toMatchObject({
      kind: 'stalled',
      status: 200,
    });
    expect(truncated(aborted(late, 200)).failure.kind).toBe('stalled');
  });
});

describe('whatever was thrown', () => {
  it('becomes one typed failure with words', () => {
    for (const thrown of [undefined, null, 7, 'text', {}, new Error('x'), Symbol('s')]) {
      const error = classify(thrown, before);
      expect(error).toBeInstanceOf(RequestError);
      expect(error.failure.message).toBeTypeOf('string');
    }
  });

  it('is left as it is where it is one already', () => {
    const own = new RequestError({ kind: 'protocol', message: 'm' });
    expect(classify(own, before)).toBe(own);
  });
});

describe('a message', () => {
  it.each([
    [`Incorrect API key provided: ${SECRET}.`, 'Incorrect API key provided: [key].'],
    ['Incorrect API key provided: sk-proj-abcd1234.', 'Incorrect API key provided: [key].'],
    ['Incorrect API key provided: sk-te***********cdef.', 'Incorrect API key provided: [key].'],
    ['sk-ant-api03-AbC_d-e and pk-live12345', '[key] and [key]'],
    ['risk-free task-force', 'risk-free task-force'],
    [' two\n  lines\u2028three ', 'two lines three'],
  ])('%j is shown as %j', (message, shown) => {
    expect(redact(message, [SECRET])).toBe(shown);
  });

  it('is kept short, and the key is out before it is cut', () => {
    const long = redact(`${'x'.repeat(290)} ${SECRET}${'y'.repeat(100)}`, [SECRET]);
    expect(long).toHaveLength(300);
    expect(long).not.toContain(SECRET.slice(0, 5));
  });

  it('keeps the words of a key too short to be one', () => {
    expect(redact('a b c', ['b'])).toBe('a b c');
  });

  it('of an SDK’s error holds no key either', () => {
    const { message } = failureOf(openai(401, { message: `Incorrect API key provided: ${SECRET}` }));
    expect(message).not.toContain(SECRET);
    expect(message).toContain('[key]');
  });
});
