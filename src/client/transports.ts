import type { ClientOptions } from './client.ts';

/** How an SDK's requests travel. */
export type TransportName = 'default' | 'lean';

interface Transport {
  /** One line for the help. */
  readonly description: string;
  /** What an SDK's client is to be given; loads only what it needs. */
  open(baseUrl: string): Promise<Pick<ClientOptions, 'fetch' | 'fetchOptions'>>;
}

/** The transports that an SDK can be given. Both open as many connections as there are requests, and time nothing out. */
export const TRANSPORTS: Readonly<Record<TransportName, Transport>> = {
  default: {
    description: "the SDK's own fetch, which is what a program with that SDK pays",
    async open() {
      const { platformPoolWith } = await import('./platform-pool.ts');
      const { CONNECTION_OPTIONS } = await import('./connections.ts');
      return { fetchOptions: { dispatcher: platformPoolWith(CONNECTION_OPTIONS) } };
    },
  },
  lean: {
    description: 'a fetch that costs the client about half, for high rates',
    async open(baseUrl) {
      const { leanFetch } = await import('./lean-fetch.ts');
      return { fetch: leanFetch(baseUrl) };
    },
  },
};
