import type { Standing } from '../engine/bucket.ts';
import type { Refusal } from '../engine/listener.ts';
import { type OpenAIError, openaiProblem, openaiStatus } from './openai-errors.ts';
import { cutMillis, goDuration, wholeMillis, wholeSeconds } from './reset-format.ts';
import type { Answer, Circumstances, Dialect } from './wire.ts';

/** The mock's organization, in headers and messages. */
const ORGANIZATION = 'org-mock';

const LABELS = {
  requests: ['requests', 'requests per min (RPM)'],
  'requests-per-day': ['requests', 'requests per day (RPD)'],
  tokens: ['tokens', 'tokens per min (TPM)'],
  'input-tokens': ['tokens', 'input tokens per min (ITPM)'],
  'output-tokens': ['tokens', 'output tokens per min (OTPM)'],
} as const;

/** Of several limits that share a header, the one with least left is told. */
const tightest = (standings: readonly Standing[], shown: 'requests' | 'tokens'): Standing | undefined => {
  let least: Standing | undefined;
  for (const standing of standings) {
    if (LABELS[standing.name][0] === shown && !(least && least.level <= standing.level)) least = standing;
  }
  return least;
};

const SHOWN = ['requests', 'tokens'] as const;
const HEADER_NAMES = {
  requests: ['x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
  tokens: ['x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
} as const;

/** What the headers show of the limits: for requests and for tokens the one with least left. */
const shownLimits = (
  standings: readonly Standing[],
): readonly { shown: (typeof SHOWN)[number]; limit: number; remaining: number; resetMs: number }[] => {
  const limits = [];
  for (const shown of SHOWN) {
    const standing = tightest(standings, shown);
    if (!standing) continue;
    const remaining = Math.max(0, Math.floor(standing.level + 1e-9));
    limits.push({ shown, limit: standing.limit, remaining, resetMs: cutMillis(standing.fullIn) });
  }
  return limits;
};

/** Adds what the limits say to `headers`. */
const addLimits = (
  headers: Record<string, string>,
  standings: readonly Standing[],
): Record<string, string> => {
  for (const { shown, limit, remaining, resetMs } of shownLimits(standings)) {
    const [limitName, remainingName, resetName] = HEADER_NAMES[shown];
    headers[limitName] = String(limit);
    headers[remainingName] = String(remaining);
    headers[resetName] = goDuration(resetMs);
  }
  return headers;
};

const identity = (at: Circumstances): Record<string, string> => ({
  'x-request-id': `req_${at.requestId}`,
  'openai-organization': ORGANIZATION,
  'openai-processing-ms': String(Math.round(at.taken)),
  'openai-version': '2020-10-01',
});

const limitMessage = ({ rejection }: Refusal, model: string): OpenAIError | undefined => {
  if (rejection.kind !== 'rate-limited' && rejection.kind !== 'too-large') return undefined;
  const { standing, requested, wait, kind } = rejection;
  const [type, label] = LABELS[standing.name];
  const where = `${model} in organization ${ORGANIZATION} on ${label}`;
  const visit = 'Visit https://platform.openai.com/account/rate-limits to learn more.';
  const code = 'rate_limit_exceeded';
  if (kind === 'too-large')
    return {
      message: `Request too large for ${where}: Limit ${standing.limit}, Requested ${Math.ceil(requested)}. The input or output tokens must be reduced in order to run successfully. ${visit}`,
      type,
      code,
    };
  const used = Math.floor(standing.limit - standing.level + 1e-9);
  return {
    message: `Rate limit reached for ${where}: Limit ${standing.limit}, Used ${used}, Requested ${Math.ceil(requested)}. Please try again in ${goDuration(wholeMillis(wait))}. ${visit}`,
    type,
    code,
  };
};

/** Status and error of a refusal, shared with Azure's form. */
export const openaiRefusal = (
  refusal: Refusal,
  at: Circumstances,
): { status: number; error: OpenAIError } => {
  const { rejection } = refusal;
  switch (rejection.kind) {
    case 'rate-limited':
    case 'too-large':
      return { status: 429, error: limitMessage(refusal, at.model) ?? { message: '' } };
    case 'ramp':
      return {
        status: 429,
        error: {
          message:
            'Your traffic is growing too fast. Please slow down and increase the rate of requests gradually.',
          type: 'rate_limit_error',
          code: 'slow_down',
        },
      };
    case 'queue-full':
      return {
        status: rejection.status,
        error: {
          message: 'The waiting queue is full. Please try again later.',
          type: 'rate_limit_error',
          code: 'queue_full',
        },
      };
    case 'overloaded':
      return openaiStatus(503);
    case 'quota':
      return {
        status: 429,
        error: {
          message:
            'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        },
      };
    case 'unauthorized':
      return openaiStatus(401, at.key);
    case 'forbidden':
      return openaiStatus(403);
    case 'status':
      return openaiStatus(rejection.status, at.key);
    default:
      return rejection satisfies never;
  }
};

/** When to come back, as header fields. */
const waitHeaders = ({ rejection }: Refusal, at: Circumstances): Record<string, string> => {
  if (rejection.kind === 'too-large') return { 'x-should-retry': 'false' };
  if (!('wait' in rejection) || !at.retryAfter) return {};
  return {
    'retry-after': String(wholeSeconds(rejection.wait)),
    ...(at.retryAfterMs && { 'retry-after-ms': String(wholeMillis(rejection.wait)) }),
  };
};

const answer = (status: number, error: OpenAIError, headers: Record<string, string>): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({
    error: {
      message: error.message,
      type: error.type ?? null,
      param: error.param ?? null,
      code: error.code ?? null,
    },
  }),
});

/** OpenAI's own manner: Go durations, `x-ratelimit-*`, errors as `{error: {message, type, param, code}}`. */
export const openaiDialect: Dialect = {
  name: 'openai',
  headers: (standings, at) => addLimits(identity(at), standings),
  refusal(refusal, at) {
    const { status, error } = openaiRefusal(refusal, at);
    const headers = addLimits(identity(at), status === 429 ? refusal.standings : []);
    return answer(status, error, { ...headers, ...waitHeaders(refusal, at) });
  },
  problem(problem, at) {
    const { status, error } = openaiProblem(problem, at);
    return answer(status, error, identity(at));
  },
};
