import { isLoopback } from '../client/loopback.ts';
import type { SweepSettings } from '../config/resolve.ts';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

type Way = Pick<SweepSettings, 'target' | 'client' | 'transport'>;

const named = (env: NodeJS.ProcessEnv): string | undefined => PROXY_VARIABLES.find((name) => env[name]);

const takesProxies = ({ client, transport }: Way, env: NodeJS.ProcessEnv): boolean =>
  client === 'http' || transport === 'lean' || env['NODE_USE_ENV_PROXY'] === '1';

const isElsewhere = ({ target }: Way): boolean => target.kind !== 'mock' && !isLoopback(target.baseUrl);

/** Variable that names the proxy on the chosen way to the endpoint, if there is one; NO_PROXY may still except the host. */
export const proxyOnTheWay = (way: Way, env: NodeJS.ProcessEnv): string | undefined =>
  isElsewhere(way) && takesProxies(way, env) ? named(env) : undefined;

/** A remark where the environment names a proxy that the chosen way to the endpoint does not take; `undefined` else. */
export const unusedProxies = (way: Way, env: NodeJS.ProcessEnv): string | undefined => {
  if (!isElsewhere(way) || takesProxies(way, env)) return undefined;
  const set = named(env);
  return set === undefined
    ? undefined
    : `${set} is set, but the SDK's own fetch takes no proxy: --transport lean does, or NODE_USE_ENV_PROXY=1`;
};
