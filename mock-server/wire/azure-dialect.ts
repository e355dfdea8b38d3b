import type { Standing } from '../engine/bucket.ts';
import { openaiDialect, openaiRefusal } from './openai-dialect.ts';
import { wholeMillis, wholeSeconds } from './reset-format.ts';
import type { Dialect } from './wire.ts';

const limitHeaders = (standings: readonly Standing[]): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const { name, level, fullIn } of standings) {
    if (name !== 'requests' && name !== 'tokens') continue;
    headers[`x-ratelimit-remaining-${name}`] = String(Math.max(0, Math.floor(level + 1e-9)));
    headers[`x-ratelimit-reset-${name}`] = String(Math.ceil(fullIn / 1000));
  }
  return headers;
};

/** Azure OpenAI's manner: resets in whole seconds, `retry-after-ms`, and the string "429" as the error's code. */
export const azureDialect: Dialect = {
  name: 'azure',
  headers: (standings, at) => ({
    'apim-request-id': at.requestId,
    'x-request-id': at.requestId,
    ...limitHeaders(standings),
  }),
  refusal(refusal, at) {
    const { rejection, standings } = refusal;
    const { status, error } = openaiRefusal(refusal, at);
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      ...azureDialect.headers(status === 429 ? standings : [], at),
    };
    let { message } = error;
    if (rejection.kind === 'too-large') headers['x-should-retry'] = 'false';
    else if ('wait' in rejection) {
      const seconds = wholeSeconds(rejection.wait);
      const kind =
        rejection.kind === 'rate-limited' && rejection.standing.name.includes('token') ? 'token' : 'call';
      message = `Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded ${kind} rate limit of your current OpenAI S0 pricing tier. Please retry after ${seconds} seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.`;
      if (at.retryAfter) {
        headers['retry-after'] = String(seconds);
        headers['retry-after-ms'] = String(wholeMillis(rejection.wait));
      }
    }
    return { status, headers, body: JSON.stringify({ error: { code: String(status), message } }) };
  },
  problem: openaiDialect.problem,
};
