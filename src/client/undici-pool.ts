import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { CONNECTION_OPTIONS } from './connections.ts';
import { isLoopback } from './loopback.ts';
import { restorePlatformPool } from './platform-pool.ts'; // before undici: see there

restorePlatformPool();

/** What `undici` needs of one request; the address comes with the pool. */
export interface PooledRequest {
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  readonly signal: AbortSignal | null;
}

/** A response of `undici`'s: status, headers as an object, body as a stream of bytes. */
export type PooledResponse = Dispatcher.ResponseData;

/** Connections to one origin. Proxies come from the environment (HTTPS_PROXY, NO_PROXY); nothing on this machine needs one. */
export const poolFor = (origin: string): ((request: PooledRequest) => Promise<PooledResponse>) => {
  const agent = isLoopback(origin)
    ? new Agent(CONNECTION_OPTIONS)
    : new EnvHttpProxyAgent(CONNECTION_OPTIONS);
  return (request) => agent.request({ origin, ...request });
};
