import { anthropicDialect } from './wire/anthropic-dialect.ts';
import { anthropicMessages } from './wire/anthropic-messages.ts';
import { azureDialect } from './wire/azure-dialect.ts';
import { geminiDialect } from './wire/gemini-dialect.ts';
import { openaiChat } from './wire/openai-chat.ts';
import { openaiCompletions } from './wire/openai-completions.ts';
import { openaiDialect } from './wire/openai-dialect.ts';
import { openaiEmbeddings } from './wire/openai-embeddings.ts';
import { openaiResponses } from './wire/openai-responses.ts';
import type { Dialect, Endpoint } from './wire/wire.ts';

/** What a path leads to. */
export type Route =
  | {
      readonly kind: 'generate';
      readonly method: 'POST';
      readonly dialect: Dialect;
      readonly endpoint: Endpoint;
      /** Model that the path names, where the body need not. */
      readonly model?: string;
    }
  | { readonly kind: 'count-tokens'; readonly method: 'POST'; readonly dialect: Dialect }
  | {
      readonly kind: 'models';
      readonly method: 'GET';
      readonly dialect: Dialect;
      readonly model: string | undefined;
    };

const OPENAI: Readonly<Record<string, Endpoint>> = {
  'chat/completions': openaiChat,
  responses: openaiResponses,
  completions: openaiCompletions,
  embeddings: openaiEmbeddings,
};

const AZURE_DEPLOYMENT = /^\/openai\/deployments\/([^/]+)\/(.+)$/;
/** Where Gemini speaks OpenAI's language. */
const GEMINI = '/v1beta/openai/';
const MODELS = /^\/v1\/models(?:\/([^/]+))?$/;

const openaiRoute = (name: string, dialect: Dialect, model?: string): Route | undefined => {
  const endpoint = Object.hasOwn(OPENAI, name) ? OPENAI[name] : undefined;
  return (
    endpoint && { kind: 'generate', method: 'POST', dialect, endpoint, ...(model !== undefined && { model }) }
  );
};

/** Whose manner an unknown path is answered in. */
export const dialectOf = (path: string, anthropic: boolean, azure: boolean): Dialect => {
  if (path.startsWith(GEMINI)) return geminiDialect;
  if (path.startsWith('/v1/messages') || anthropic) return anthropicDialect;
  return azure || path.startsWith('/openai/') ? azureDialect : openaiDialect;
};

const FIXED: ReadonlyMap<string, Route> = new Map<string, Route>([
  [
    '/v1/messages',
    { kind: 'generate', method: 'POST', dialect: anthropicDialect, endpoint: anthropicMessages },
  ],
  ['/v1/messages/count_tokens', { kind: 'count-tokens', method: 'POST', dialect: anthropicDialect }],
]);

const OPENAI_ROUTES: ReadonlyMap<string, Route> = new Map(
  Object.entries(OPENAI).map(([name, endpoint]) => [
    `/v1/${name}`,
    { kind: 'generate', method: 'POST', dialect: openaiDialect, endpoint },
  ]),
);

/** Finds the route of a path; `undefined` if there is none. */
export const routeOf = (path: string, dialect: Dialect): Route | undefined => {
  const fixed = FIXED.get(path) ?? (dialect === openaiDialect ? OPENAI_ROUTES.get(path) : undefined);
  if (fixed) return fixed;
  const models = MODELS.exec(path);
  if (models)
    return { kind: 'models', method: 'GET', dialect, model: models[1] && decodeURIComponent(models[1]) };
  const deployment = AZURE_DEPLOYMENT.exec(path);
  if (deployment) return openaiRoute(deployment[2] ?? '', azureDialect, deployment[1]);
  const azure = /^\/openai\/(?:v1\/)?(.+)$/.exec(path);
  if (azure) return openaiRoute(azure[1] ?? '', azureDialect);
  if (path.startsWith(GEMINI)) return openaiRoute(path.slice(GEMINI.length), geminiDialect);
  if (!path.startsWith('/v1/')) return undefined;
  // The Anthropic SDK never asks for these; whoever does speaks OpenAI.
  return openaiRoute(path.slice('/v1/'.length), dialect === anthropicDialect ? openaiDialect : dialect);
};
