import { benchAnswer, isOwn } from './bench-api.ts';
import type { Engine } from './engine/engine.ts';
import { NO_OVERRIDE, parseOverride } from './engine/override.ts';
import { Exchange, Visit } from './exchange.ts';
import { modelsAnswer } from './models.ts';
import { callerOf } from './request-fields.ts';
import { requestIds } from './request-ids.ts';
import { dialectOf, type Route, routeOf } from './routes.ts';
import { messagesTokens, wrongMessages } from './wire/anthropic-messages.ts';
import { isObject, type JsonObject, type Outlet, type Problem, type WireRequest } from './wire/wire.ts';

/** The seam between carriers and engine: requests in, answers through an outlet. The result is to be called if the client leaves. */
export interface App {
  readonly engine: Engine;
  handle(request: WireRequest, outlet: Outlet): () => void;
}

const nothing = () => {};

/** Any date will do: which of them exist changes with every SDK. */
const VERSION = /^\d{4}-\d{2}-\d{2}$/;

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
  { request, caller }: Visit,
  route: Route,
  requireKey: boolean,
): Problem | undefined => {
  if (request.method !== route.method) return { kind: 'method', detail: route.method };
  if (requireKey && caller.key === '') return { kind: 'no-key' };
  if (route.dialect.name !== 'anthropic') return undefined;
  const version = caller.anthropicVersion;
  if (version === undefined) return { kind: 'no-version' };
  return VERSION.test(version)
    ? undefined
    : { kind: 'no-version', detail: `${JSON.stringify(version)} is not a valid version` };
};

/** What a server of several processes does differently. */
export interface AppOptions {
  /** Names answers. */
  readonly nextId?: () => string;
  /** Answers requests to the mock's own API. */
  readonly own?: (request: WireRequest, path: string, outlet: Outlet) => void;
}

/** Serves the provider APIs and the mock's own, on top of one engine. */
export const createApp = (engine: Engine, seed = 0, options: AppOptions = {}): App => {
  const {
    nextId = requestIds(seed),
    own = (request, path, outlet) => {
      const { status, headers, body } = benchAnswer(engine, request, path);
      outlet.send(status, headers, body);
    },
  } = options;

  const fail = (visit: Visit, problem: Problem) => {
    const { request, caller, dialect, requestId, path } = visit;
    const answer = dialect.problem(problem, visit.circumstances());
    if (request.method === 'POST') {
      const { tag, index, attempt, retryCount } = caller;
      engine.refuse({ tag, index, attempt, requestId, endpoint: path, status: answer.status, retryCount });
    }
    if (problem.kind !== 'method') visit.send(answer);
    else visit.send({ ...answer, headers: { ...answer.headers, allow: problem.detail ?? '' } });
    return nothing;
  };

  const generate = (visit: Visit, route: Route & { readonly kind: 'generate' }, given: JsonObject) => {
    const { caller, requestId } = visit;
    const { endpoint, model } = route;
    const body = model !== undefined && given['model'] === undefined ? { ...given, model } : given;
    const parsed = endpoint.parse(body);
    if ('kind' in parsed) return fail(visit, parsed);
    const { override: wish, tag, index, attempt, key, retryCount } = caller;
    const override = wish === undefined ? NO_OVERRIDE : parseOverride(wish);
    if (typeof override === 'string') return fail(visit, { kind: 'invalid', detail: override });
    const { reading } = parsed;
    const created = Math.floor((engine.clock.epoch + visit.arrivedAt) / 1000);
    const encoder = parsed.encoder({ id: requestId, created });
    const attempted = {
      reading,
      tag,
      index,
      attempt,
      endpoint: endpoint.name,
      key,
      override,
      retryCount,
      requestId,
    };
    return engine.serve(
      attempted,
      new Exchange(visit, encoder, reading.model, reading.stream),
      visit.arrivedAt,
    );
  };

  const follow = (visit: Visit, route: Route) => {
    const { request, dialect } = visit;
    const wrong = wrongAtTheDoor(visit, route, engine.profile.requireKey);
    if (wrong) return fail(visit, wrong);
    if (route.kind === 'models') {
      visit.send(modelsAnswer(route.model, dialect, visit.circumstances()));
      return nothing;
    }
    const body = readBody(request);
    if ('kind' in body) return fail(visit, body);
    if (route.kind === 'generate') return generate(visit, route, body.value);
    const wrongBody = wrongMessages(body.value, ['model', 'messages']);
    if (wrongBody) return fail(visit, wrongBody);
    const headers = { ...dialect.headers([], visit.circumstances()), 'content-type': 'application/json' };
    visit.send({ status: 200, headers, body: JSON.stringify({ input_tokens: messagesTokens(body.value) }) });
    return nothing;
  };

  return {
    engine,
    handle(request, outlet) {
      const query = request.url.indexOf('?');
      const path = query < 0 ? request.url : request.url.slice(0, query);
      if (isOwn(path)) {
        own(request, path, outlet);
        return nothing;
      }
      const caller = callerOf(request);
      const spoken = dialectOf(
        path,
        caller.anthropicVersion !== undefined,
        engine.profile.dialect === 'azure',
      );
      const route = routeOf(path, spoken);
      const visit = new Visit(engine, {
        request,
        caller,
        path,
        outlet,
        dialect: route?.dialect ?? spoken,
        requestId: nextId(),
      });
      return route ? follow(visit, route) : fail(visit, { kind: 'no-route' });
    },
  };
};
