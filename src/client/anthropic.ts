import Anthropic from '@anthropic-ai/sdk';
import { attempt, openedBySdk } from './attempt.ts';
import type { Client, ClientOptions } from './client.ts';
import { apiOf } from './provider-apis.ts';

/** Far above any attempt timeout of ours; also keeps the SDK from refusing long non-streaming calls on its own estimate. */
const NO_SDK_TIMEOUT = 2 ** 31 - 1;

/** Messages through the official Anthropic SDK, at any base URL that speaks them. */
export const anthropicClient = ({
  baseUrl,
  model,
  apiKey,
  headers = {},
  fetch,
  fetchOptions,
}: ClientOptions): Client => {
  const sdk = new Anthropic({
    baseURL: baseUrl,
    apiKey,
    authToken: null,
    maxRetries: 0,
    timeout: NO_SDK_TIMEOUT,
    logLevel: 'off',
    defaultHeaders: headers,
    ...(fetch ? { fetch } : {}),
    ...(fetchOptions ? { fetchOptions } : {}),
  });
  return {
    name: 'anthropic',
    send(call, sendOptions) {
      const api = apiOf('anthropic', call);
      const body = api.body(call, { model, isOpenAi: false });
      return attempt(
        {
          api,
          call,
          secrets: [apiKey, ...Object.values(headers)],
          // Bodies are built for the wire, whoever sends them; the SDK's types describe the same.
          open: (request) =>
            openedBySdk(sdk.messages.create(body as unknown as Anthropic.MessageCreateParams, request)),
        },
        sendOptions,
      );
    },
  };
};
