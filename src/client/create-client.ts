import type { Client, ClientOptions } from './client.ts';
import type { Protocol } from './provider-apis.ts';
import { TRANSPORTS, type TransportName } from './transports.ts';

/** Who puts a request together and reads its answer: the provider's official SDK, or the raw client over HTTP. */
export type ClientKind = 'sdk' | 'http';

/** A client's name and surroundings. */
export interface ClientChoice extends Omit<ClientOptions, 'fetchOptions'> {
  readonly protocol: Protocol;
  readonly kind: ClientKind;
  readonly transport: TransportName;
}

const SDKS = {
  openai: async (options: ClientOptions) => (await import('./openai.ts')).openaiClient(options),
  anthropic: async (options: ClientOptions) => (await import('./anthropic.ts')).anthropicClient(options),
} as const;

/** Makes a client; loads only the packages that it needs. */
export const createClient = async ({
  protocol,
  kind,
  transport,
  ...options
}: ClientChoice): Promise<Client> => {
  if (kind === 'http') return (await import('./http.ts')).httpClient(protocol, options);
  const way = options.fetch ? {} : await TRANSPORTS[transport].open(options.baseUrl);
  return SDKS[protocol]({ ...options, ...way });
};
