import { benchAnswer } from './bench-api.ts';
import type { Engine } from './engine/engine.ts';
import { NO_OVERRIDE, parseOverride } from './engine/override.ts';
import { exchange } from './exchange.ts';
import { modelsAnswer } from './models.ts';
import { field, keyOf, labelOf, retryCountOf } from './request-fields.ts';
import { requestIds } from './request-ids.ts';
import { dialectOf, type Route, routeOf } from './routes.ts';
import { messagesTokens } from './wire/anthropic-messages.ts';
import { missingField } from './wire/parameters.ts';
import {
  type Answer,
  type Circumstances,
  type Dialect,
  isObject,
  type JsonObject,
  type Outlet,
  type Problem,
  type WireRequest,
} from './wire/wire.ts';

/** The seam between carriers and engine: requests in, answers through an outlet. The result is to be called if the client leaves. */
export interface App {
  readonly engine: Engine;
  handle(request: WireRequest, outlet: Outlet): () => void;
}

const nothing = () => {};

const readBody = ({ body, oversized }: WireRequest): { readonly value: JsonObject } | Problem => {
  if (oversized) return { kind: 'too-large' };
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? { value } : { kind: 'json', detail: 'expected an object' };
  } catch (error) {
    return { kind: 'json', detail: error instanceof Error ? error.message : String(error) };
  }
};

/** What is wrong with a request before its body is looked at. */
const wrongAtTheDoor = (
  request: WireRequest,
  route: Route | undefined,
  requireKey: boolean,
): Problem | undefined => {
  if (!route) return { kind: 'no-route' };
  if (request.method !== route.method) return { kind: 'method', detail: route.method };
  if (requireKey && keyOf(request) === '') return { kind: 'no-key' };
  const unversioned = route.dialect.name === 'anthropic' && field(request, 'anthropic-version') === undefined;
  return unversioned ? { kind: 'no-version' } : undefined;
};

/** Serves the provider APIs and the mock's own, on top of one engine. */
export const createApp = (engine: Engine, seed = 0): App => {
  const nextId = requestIds(seed);

  const open = (request: WireRequest, path: string) => {
    const requestId = nextId();
    const arrivedAt = engine.clock.now();
    const { profile } = engine;
    const key = keyOf(request);
    return (model: string): Circumstances => {
      const now = engine.clock.now();
      return {
        requestId,
        method: request.method,
        path,
        key,
        model,
        now,
        epoch: engine.clock.epoch,
        taken: now - arrivedAt,
        retryAfter: profile.limits?.retryAfter ?? true,
        retryAfterMs: profile.limits?.retryAfterMs ?? false,
      };
    };
  };

  const note = (request: WireRequest, requestId: string, status: number, endpoint: string) => {
    const { tag, index, attempt } = labelOf(request);
    const now = engine.clock.now();
    const place = { tag, index: index ?? engine.nextIndex(), attempt, endpoint, requestId, status };
    engine.ledger.addUnread(place, retryCountOf(request), now);
  };

  const generate = (
    request: WireRequest,
    route: Route & { readonly kind: 'generate' },
    body: JsonObject,
    outlet: Outlet,
    at: (model: string) => Circumstances,
    fail: (problem: Problem) => () => void,
  ) => {
    const { dialect, endpoint, model } = route;
    const parsed = endpoint.parse(
      model !== undefined && body['model'] === undefined ? { ...body, model } : body,
    );
    if ('kind' in parsed) return fail(parsed);
    const wish = field(request, 'x-bench-override');
    const override = wish === undefined ? NO_OVERRIDE : parseOverride(wish);
    if (typeof override === 'string') return fail({ kind: 'invalid', detail: override });
    const { reading } = parsed;
    const { tag, index, attempt } = labelOf(request);
    const { requestId, epoch, now } = at(reading.model);
    const listener = exchange({
      outlet,
      dialect,
      encoder: parsed.encoder({ id: requestId, created: Math.floor((epoch + now) / 1000) }),
      stream: reading.stream,
      circumstances: () => at(reading.model),
    });
    return engine.serve(
      {
        ...reading,
        tag,
        index: index ?? engine.nextIndex(),
        attempt,
        endpoint: endpoint.name,
        key: keyOf(request),
        override,
        retryCount: retryCountOf(request),
      },
      requestId,
      listener,
    );
  };

  return {
    engine,
    handle(request, outlet) {
      const path = request.url.split('?', 1)[0] ?? request.url;
      const own = benchAnswer(engine, request, path);
      if (own) {
        outlet.send(own.status, own.headers, own.body);
        return nothing;
      }
      const anthropic = field(request, 'anthropic-version') !== undefined;
      const spoken: Dialect = dialectOf(path, anthropic, engine.profile.dialect === 'azure');
      const route = routeOf(path, spoken);
      const dialect = route?.dialect ?? spoken;
      const at = open(request, path);
      const send = ({ status, headers, body }: Answer) => {
        outlet.send(status, headers, body);
        return nothing;
      };
      const fail = (problem: Problem) => {
        const answer = dialect.problem(problem, at(''));
        if (request.method === 'POST') note(request, at('').requestId, answer.status, path);
        return send(answer);
      };
      const wrong = wrongAtTheDoor(request, route, engine.profile.requireKey);
      if (wrong || !route) return fail(wrong ?? { kind: 'no-route' });
      if (route.kind === 'models') return send(modelsAnswer(route.model, dialect, at('')));
      const body = readBody(request);
      if ('kind' in body) return fail(body);
      const { value } = body;
      if (route.kind === 'generate') return generate(request, route, value, outlet, at, fail);
      const missing = missingField(value, ['model', 'messages']);
      if (missing) return fail(missing);
      const headers = { 'content-type': 'application/json', ...dialect.headers([], at('')) };
      return send({ status: 200, headers, body: JSON.stringify({ input_tokens: messagesTokens(value) }) });
    },
  };
};
