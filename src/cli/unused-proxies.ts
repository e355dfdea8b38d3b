import { isLoopback } from '../client/loopback.ts';
import type { SweepSettings } from '../config/resolve.ts';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** A remark where the environment names a proxy that the chosen way to the endpoint does not take; `undefined` else. */
export const unusedProxies = (
  { target, client, transport }: Pick<SweepSettings, 'target' | 'client' | 'transport'>,
  env: NodeJS.ProcessEnv,
): string | undefined => {
  if (target.kind === 'mock' || isLoopback(target.baseUrl)) return undefined;
  if (client === 'http' || transport === 'lean' || env['NODE_USE_ENV_PROXY'] === '1') return undefined;
  const set = PROXY_VARIABLES.find((name) => env[name]);
  return set === undefined
    ? undefined
    : `${set} is set, but the SDK's own fetch takes no proxy: --transport lean does, or NODE_USE_ENV_PROXY=1`;
};
