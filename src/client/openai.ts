import OpenAI from 'openai';
import type { CallEndpoint } from '../core/call.ts';
import type { JsonBody } from './api.ts';
import { attempt, openedBySdk, type SentBySdk } from './attempt.ts';
import type { Client, ClientOptions } from './client.ts';
import { apiOf } from './provider-apis.ts';

/** Far above any attempt timeout of ours: the SDK's own must never fire first. */
const NO_SDK_TIMEOUT = 2 ** 31 - 1;

type Send = (sdk: OpenAI, body: JsonBody, options: OpenAI.RequestOptions) => SentBySdk;

/** Bodies are built for the wire, whoever sends them; the SDK's types describe the same. */
const SENDS: Readonly<Record<CallEndpoint, Send>> = {
  chat: (sdk, body, options) =>
    sdk.chat.completions.create(body as unknown as OpenAI.ChatCompletionCreateParams, options),
  responses: (sdk, body, options) =>
    sdk.responses.create(body as unknown as OpenAI.Responses.ResponseCreateParams, options),
  completions: (sdk, body, options) =>
    sdk.completions.create(body as unknown as OpenAI.CompletionCreateParams, options),
};

/** OpenAI's three APIs of text through its official SDK, at any base URL that speaks them. */
export const openaiClient = ({
  baseUrl,
  model,
  apiKey,
  headers = {},
  fetch,
  fetchOptions,
}: ClientOptions): Client => {
  const sdk = new OpenAI({
    baseURL: baseUrl,
    apiKey,
    maxRetries: 0,
    timeout: NO_SDK_TIMEOUT,
    logLevel: 'off',
    defaultHeaders: headers,
    ...(fetch ? { fetch } : {}),
    ...(fetchOptions ? { fetchOptions } : {}),
  });
  const addressee = { model, isOpenAi: new URL(baseUrl).hostname === 'api.openai.com' };
  return {
    name: 'openai',
    send(call, sendOptions) {
      const api = apiOf('openai', call);
      const body = api.body(call, addressee);
      const send = SENDS[call.endpoint ?? 'chat'];
      return attempt(
        {
          api,
          call,
          secrets: [apiKey, ...Object.values(headers)],
          open: (request) => openedBySdk(send(sdk, body, request)),
        },
        sendOptions,
      );
    },
  };
};
