import type { LimitName, Standing } from '../engine/bucket.ts';
import type { Rejection } from '../engine/listener.ts';
import { rfc3339, wholeSeconds } from './reset-format.ts';
import type { Answer, Circumstances, Dialect, Problem } from './wire.ts';

/** The mock's organization, in headers and messages. */
const ORGANIZATION = '00000000-0000-4000-8000-000000000000';

const SHOWN = ['requests', 'input-tokens', 'output-tokens', 'tokens'] as const;
const LABELS: Readonly<Record<LimitName, string>> = {
  requests: 'requests per minute',
  'requests-per-day': 'requests per day',
  tokens: 'tokens per minute',
  'input-tokens': 'input tokens per minute',
  'output-tokens': 'output tokens per minute',
};

/** Input and output together, as the `tokens` headers tell them; its reset is that of the output limit. */
const both = (standings: readonly Standing[]): Standing | undefined => {
  const input = standings.find(({ name }) => name === 'input-tokens');
  const output = standings.find(({ name }) => name === 'output-tokens');
  if (!input || !output) return undefined;
  const level = Math.max(0, input.level) + Math.max(0, output.level);
  return { ...output, name: 'tokens', limit: input.limit + output.limit, level };
};

const limitHeaders = (standings: readonly Standing[], at: Circumstances): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const name of SHOWN) {
    const standing =
      standings.find((each) => each.name === name) ?? (name === 'tokens' ? both(standings) : undefined);
    if (!standing) continue;
    const left = Math.max(0, Math.floor(standing.level + 1e-9));
    headers[`anthropic-ratelimit-${name}-limit`] = String(standing.limit);
    headers[`anthropic-ratelimit-${name}-remaining`] = String(
      name === 'requests' ? left : Math.round(left / 1000) * 1000,
    );
    headers[`anthropic-ratelimit-${name}-reset`] = rfc3339(at.epoch + at.now + standing.fullIn);
  }
  return headers;
};

const identity = (at: Circumstances): Record<string, string> => ({
  'request-id': anthropicRequestId(at.requestId),
  'anthropic-organization-id': ORGANIZATION,
});

/** A request id as Anthropic writes it. */
export const anthropicRequestId = (id: string): string => `req_011C${id.slice(0, 20)}`;

interface AnthropicError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** `details.error_code`. */
  readonly code?: string;
}

const BY_STATUS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'The request is not valid.'],
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'There is an issue with your billing or payment information.'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'The requested resource could not be found.'],
  409: ['invalid_request_error', 'Conflict'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'This request would exceed your rate limit. Please try again later.'],
  504: ['timeout_error', 'The request timed out while processing.'],
  529: ['overloaded_error', 'Overloaded'],
};

const byStatus = (status: number): AnthropicError => {
  const [type, message] =
    BY_STATUS[status] ??
    (status >= 500 ? ['api_error', 'Internal server error'] : (BY_STATUS[400] ?? ['', '']));
  return { status, type, message };
};

const limitError = (
  rejection: Rejection & { readonly kind: 'rate-limited' | 'too-large' },
): AnthropicError => {
  const { limit, name } = rejection.standing;
  return {
    status: 429,
    type: 'rate_limit_error',
    message: `This request would exceed the rate limit for your organization (${ORGANIZATION}) of ${limit.toLocaleString('en-US')} ${LABELS[name]}. For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage. Please reduce the prompt length or the maximum tokens requested, or try again later. You may also contact sales at https://www.anthropic.com/contact-sales to discuss your options for a rate limit increase.`,
  };
};

const refusalError = (rejection: Rejection): AnthropicError => {
  switch (rejection.kind) {
    case 'rate-limited':
    case 'too-large':
      return limitError({ ...rejection, kind: rejection.kind });
    case 'ramp':
      return {
        status: 429,
        type: 'rate_limit_error',
        message:
          'This request would exceed the acceleration limit of your organization: usage has grown too sharply. Please ramp up traffic gradually.',
        code: 'ramp_limit_exceeded',
      };
    case 'quota':
      return {
        status: 429,
        type: 'rate_limit_error',
        message: 'Your organization has reached its spend limit.',
        code: 'enforced_spend_limit_reached',
      };
    case 'queue-full':
    case 'overloaded':
      return byStatus(529);
    case 'unauthorized':
      return byStatus(401);
    case 'forbidden':
      return byStatus(403);
    case 'status':
      return byStatus(rejection.status);
    default:
      return rejection satisfies never;
  }
};

const EXPECTED = {
  string: 'valid string',
  boolean: 'valid boolean',
  count: 'valid integer',
  object: 'valid dictionary or object to extract fields from',
  objects: 'valid list',
  prompt: 'valid string',
} as const;

const mistypedMessage = (problem: Problem): string => {
  if (problem.kind !== 'mistyped') return '';
  const { parameter, place, expected } = problem;
  return `${parameter}${place === undefined ? '' : `.${place}`}: Input should be a ${EXPECTED[expected]}`;
};

const PROBLEMS: Readonly<Record<Problem['kind'], (problem: Problem) => AnthropicError>> = {
  'no-route': () => ({ ...byStatus(404), message: 'Not found' }),
  method: () => ({ status: 405, type: 'invalid_request_error', message: 'Method Not Allowed' }),
  'too-large': () => byStatus(413),
  'no-key': () => ({ ...byStatus(401), message: 'x-api-key header is required' }),
  'no-version': (problem) => ({
    ...byStatus(400),
    message: `anthropic-version: ${detailOf(problem) || 'header is required'}`,
  }),
  json: (problem) => ({
    ...byStatus(400),
    message: `The request body is not valid JSON: ${detailOf(problem)}`,
  }),
  invalid: (problem) => ({ ...byStatus(400), message: detailOf(problem) }),
  missing: (problem) => ({ ...byStatus(400), message: `${parameterOf(problem)}: Field required` }),
  unknown: (problem) => ({
    ...byStatus(400),
    message: `${parameterOf(problem)}: Extra inputs are not permitted`,
  }),
  empty: (problem) => ({
    ...byStatus(400),
    message: `${parameterOf(problem)}: at least one message is required`,
  }),
  'too-small': (problem) => ({
    ...byStatus(400),
    message: `${parameterOf(problem)}: Input should be greater than or equal to 1`,
  }),
  mistyped: (problem) => ({ ...byStatus(400), message: mistypedMessage(problem) }),
  'no-model': (problem) => ({ ...byStatus(404), message: `model: ${detailOf(problem)}` }),
};

const detailOf = (problem: Problem): string => ('detail' in problem ? (problem.detail ?? '') : '');
const parameterOf = (problem: Problem): string => ('parameter' in problem ? (problem.parameter ?? '') : '');

const answer = (error: AnthropicError, headers: Record<string, string>, at: Circumstances): Answer => ({
  status: error.status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({
    type: 'error',
    error: {
      type: error.type,
      message: error.message,
      ...(error.code && { details: { error_code: error.code } }),
    },
    request_id: anthropicRequestId(at.requestId),
  }),
});

/** Anthropic's manner: RFC 3339 resets, tokens rounded to thousands, errors as `{type: "error", error, request_id}`. */
export const anthropicDialect: Dialect = {
  name: 'anthropic',
  headers: (standings, at) => ({ ...identity(at), ...limitHeaders(standings, at) }),
  refusal({ rejection, standings }, at) {
    const error = refusalError(rejection);
    const headers = identity(at);
    if (error.status === 429) {
      Object.assign(headers, limitHeaders(standings, at));
      const hopeless = rejection.kind === 'quota' || rejection.kind === 'too-large';
      headers['x-should-retry'] = String(!hopeless);
      if (!hopeless && at.retryAfter && 'wait' in rejection)
        headers['retry-after'] = String(wholeSeconds(rejection.wait));
    }
    return answer(error, headers, at);
  },
  problem: (problem, at) => answer(PROBLEMS[problem.kind](problem), identity(at), at),
};
