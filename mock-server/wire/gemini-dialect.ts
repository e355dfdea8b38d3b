import type { LimitName, Standing } from '../engine/bucket.ts';
import type { Rejection } from '../engine/listener.ts';
import { openaiRefusal } from './openai-dialect.ts';
import { openaiProblem } from './openai-errors.ts';
import { wholeSeconds } from './reset-format.ts';
import type { Answer, Circumstances, Dialect } from './wire.ts';

/** Google's names of statuses. */
const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

const METRICS: Readonly<Record<LimitName, readonly [metric: string, id: string]>> = {
  requests: ['requests', 'GenerateRequestsPerMinutePerProjectPerModel'],
  'requests-per-day': ['requests', 'GenerateRequestsPerDayPerProjectPerModel'],
  tokens: ['input_token_count', 'GenerateContentInputTokensPerModelPerMinute'],
  'input-tokens': ['input_token_count', 'GenerateContentInputTokensPerModelPerMinute'],
  'output-tokens': ['output_token_count', 'GenerateContentOutputTokensPerModelPerMinute'],
};

const quotaFailure = ({ name, limit }: Standing, model: string): object => {
  const [metric, id] = METRICS[name];
  const violation = {
    quotaMetric: `generativelanguage.googleapis.com/generate_content_free_tier_${metric}`,
    quotaId: `${id}-FreeTier`,
    quotaDimensions: { location: 'global', model },
    quotaValue: String(limit),
  };
  return { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] };
};

const HELP: object = {
  '@type': 'type.googleapis.com/google.rpc.Help',
  links: [
    {
      description: 'Learn more about Gemini API quotas',
      url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
    },
  ],
};

const detailsOf = (rejection: Rejection, { model, retryAfter }: Circumstances): readonly object[] => [
  ...('standing' in rejection ? [quotaFailure(rejection.standing, model), HELP] : []),
  ...('wait' in rejection && retryAfter && rejection.kind !== 'too-large'
    ? [
        {
          '@type': 'type.googleapis.com/google.rpc.RetryInfo',
          retryDelay: `${wholeSeconds(rejection.wait)}s`,
        },
      ]
    : []),
];

const answer = (status: number, message: string, details: readonly object[]): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=UTF-8' },
  body: JSON.stringify({
    error: {
      code: status,
      message,
      status: STATUS[status] ?? (status >= 500 ? 'INTERNAL' : 'FAILED_PRECONDITION'),
      ...(details.length > 0 && { details }),
    },
  }),
});

/** Gemini's manner behind its OpenAI-compatible path: no rate headers; errors as `google.rpc.Status`, the wait as `RetryInfo`. */
export const geminiDialect: Dialect = {
  name: 'gemini',
  headers: () => ({}),
  refusal(refusal, at) {
    const { rejection } = refusal;
    const { status, error } = openaiRefusal(refusal, at);
    const limited = 'standing' in rejection || rejection.kind === 'quota';
    const told = limited
      ? 'You exceeded your current quota, please check your plan and billing details.'
      : status === 503
        ? 'The model is overloaded. Please try again later.'
        : error.message;
    return answer(status, told, detailsOf(rejection, at));
  },
  problem(problem, at) {
    const { status, error } = openaiProblem(problem, at);
    return answer(status, error.message, []);
  },
};
