import type { Call, CallEndpoint } from '../core/call.ts';
import { UsageError } from '../core/errors.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import type { Api } from './api.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiResponses } from './openai-responses.ts';

/** The two wire formats that are spoken, after the providers that invented them. */
export type Protocol = 'openai' | 'anthropic';

/** What each protocol can be asked for. */
const PROVIDER_APIS: Readonly<Record<Protocol, Readonly<Partial<Record<CallEndpoint, Api>>>>> = {
  openai: { chat: openaiChat, responses: openaiResponses, completions: openaiCompletions },
  anthropic: { chat: anthropicMessages },
};

/** The API that a call wants. Throws `UsageError` if the protocol has none of that name. */
export const apiOf = (protocol: Protocol, { endpoint = 'chat' }: Call): Api => {
  const api = PROVIDER_APIS[protocol][endpoint];
  if (api) return api;
  throw new UsageError(
    `the scenario asks for the endpoint ${endpoint}, which ${protocol} does not have`,
    `It has: ${Object.keys(PROVIDER_APIS[protocol]).join(', ')}.`,
  );
};
