import type { Circumstances, Problem } from './wire.ts';

/** The members of OpenAI's error object; those left out are `null`. */
export interface OpenAIError {
  readonly message: string;
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
}

interface StatusError {
  readonly status: number;
  readonly error: OpenAIError;
}

const invalid = (message: string, code?: string, param?: string): OpenAIError => ({
  message,
  type: 'invalid_request_error',
  ...(param !== undefined && { param }),
  ...(code !== undefined && { code }),
});

/** A key as error messages show it: its start and its end. */
const masked = (key: string): string =>
  key.length <= 8
    ? '*'.repeat(key.length)
    : `${key.slice(0, 4)}${'*'.repeat(key.length - 8)}${key.slice(-4)}`;

const BY_STATUS: Readonly<Record<number, OpenAIError>> = {
  400: invalid('The request could not be understood.'),
  403: invalid(
    'Your organization does not have access to this model.',
    'unsupported_country_region_territory',
  ),
  404: invalid('The requested model does not exist or you do not have access to it.', 'model_not_found'),
  408: { message: 'Request timed out.', type: 'timeout' },
  409: { message: 'The resource was updated by another process.', type: 'conflict_error' },
  429: { message: 'Too many requests. Please slow down.', type: 'rate_limit_error', code: 'slow_down' },
  503: {
    message:
      'The server is currently overloaded with other requests. Sorry about that! You can retry your request, or contact us through our help center at help.openai.com if the error persists.',
    type: 'service_unavailable_error',
    code: 'server_is_overloaded',
  },
};

const SERVER_ERROR: OpenAIError = {
  message: 'The server had an error while processing your request. Sorry about that!',
  type: 'server_error',
};

/** The error that belongs to a status when nothing more is known. */
export const openaiStatus = (status: number, key = ''): StatusError => {
  if (status === 401)
    return {
      status,
      error: invalid(
        `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        'invalid_api_key',
      ),
    };
  return { status, error: BY_STATUS[status] ?? (status >= 500 ? SERVER_ERROR : invalid('Invalid request.')) };
};

const EXPECTED = {
  string: 'a string',
  boolean: 'a boolean',
  count: 'an integer',
  object: 'an object',
  objects: 'an array of objects',
  prompt: 'one of a string or array',
} as const;

/** What a value is, in the words of OpenAI's messages. */
const typeNameOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

/** What OpenAI says to a request it does not understand. */
export const openaiProblem = (problem: Problem, at: Circumstances): StatusError => {
  switch (problem.kind) {
    case 'no-route':
      return { status: 404, error: invalid(`Invalid URL (${at.method} ${at.path})`) };
    case 'method':
      return {
        status: 405,
        error: invalid(`Only ${problem.detail ?? 'POST'} requests are accepted.`, 'method_not_supported'),
      };
    case 'too-large':
      return { status: 413, error: invalid('The request body is too large.', 'request_too_large') };
    case 'no-key':
      return {
        status: 401,
        error: invalid(
          "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
        ),
      };
    case 'json':
      return {
        status: 400,
        error: invalid(
          "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)",
        ),
      };
    case 'missing':
      return {
        status: 400,
        error:
          problem.parameter === 'model'
            ? invalid('you must provide a model parameter')
            : invalid(
                `Missing required parameter: '${problem.parameter}'.`,
                'missing_required_parameter',
                problem.parameter,
              ),
      };
    case 'unknown':
      return {
        status: 400,
        error: invalid(`Unknown parameter: '${problem.parameter}'.`, 'unknown_parameter', problem.parameter),
      };
    case 'empty':
      return {
        status: 400,
        error: invalid(
          `Invalid '${problem.parameter}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
          'empty_array',
          problem.parameter,
        ),
      };
    case 'too-small':
      return {
        status: 400,
        error: invalid(
          `Invalid '${problem.parameter}': integer below minimum value. Expected a value >= 1, but got ${problem.value} instead.`,
          'integer_below_min_value',
          problem.parameter,
        ),
      };
    case 'mistyped': {
      const { parameter, place, expected, value } = problem;
      const where = place === undefined ? parameter : `${parameter}[${place}]`;
      return {
        status: 400,
        error: invalid(
          `Invalid type for '${where}': expected ${EXPECTED[expected]}, but got ${typeNameOf(value)} instead.`,
          'invalid_type',
          where,
        ),
      };
    }
    case 'no-model':
      return {
        status: 404,
        error: invalid(`The model '${problem.detail}' does not exist`, 'model_not_found', 'model'),
      };
    case 'invalid':
    case 'no-version':
      return {
        status: 400,
        error: invalid(
          problem.detail ?? 'Invalid request.',
          undefined,
          'parameter' in problem ? problem.parameter : undefined,
        ),
      };
    default:
      return problem satisfies never;
  }
};
