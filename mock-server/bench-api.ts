import type { Engine } from './engine/engine.ts';
import { parseProfile } from './engine/profile.ts';
import { metricsText } from './metrics.ts';
import { merged } from './plain-values.ts';
import { profileInput } from './profiles/index.ts';
import type { Answer, WireRequest } from './wire/wire.ts';

const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { hint } = error as { readonly hint?: string | undefined };
  return hint === undefined ? error.message : `${error.message}. ${hint}`;
};

type Handler = (engine: Engine, request: WireRequest) => Answer;

const ledger: Handler = (engine, { url }) => {
  const tag = new URL(url, 'http://mock').searchParams.get('tag') ?? undefined;
  let body = '';
  for (const entry of engine.ledger.entries(tag)) body += `${JSON.stringify(entry)}\n`;
  return { status: 200, headers: { 'content-type': 'application/jsonl' }, body };
};

/** Replaces the profile by what `change` makes of the request's body; wrong input changes nothing. */
const configure =
  (change: (engine: Engine, body: unknown) => unknown): Handler =>
  (engine, { body }) => {
    try {
      engine.profile = parseProfile(change(engine, JSON.parse(body)), 'of the request');
      return json(engine.profile);
    } catch (error) {
      return json({ error: textOf(error) }, 400);
    }
  };

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /health': () => json({ status: 'ok' }),
  'GET /__bench/state': (engine) => json(engine.state()),
  'GET /__bench/ledger': ledger,
  'GET /__bench/ledger/summary': (engine) => json(engine.ledger.summary()),
  'GET /__bench/metrics': (engine) => ({
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: metricsText(engine),
  }),
  'GET /__bench/config': (engine) => json(engine.profile),
  'PUT /__bench/config': configure((_, body) => profileInput(body)),
  'PATCH /__bench/config': configure((engine, body) => merged(engine.profile, body)),
  'POST /__bench/reset': (engine) => {
    engine.reset();
    return json({ status: 'reset' });
  },
};

/** Whether a path belongs to the mock itself, not to a provider. */
export const isOwn = (path: string): boolean => path.startsWith('/__bench/') || path === '/health';

/** Answers of the mock's own API. */
export const benchAnswer = (engine: Engine, request: WireRequest, path: string): Answer => {
  const handler = ROUTES[`${request.method} ${path}`];
  return handler ? handler(engine, request) : json({ error: `no ${request.method} ${path}` }, 404);
};
