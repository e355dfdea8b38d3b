import { Engine } from '../../mock-server/engine/engine.ts';
import type { Profile } from '../../mock-server/engine/profile.ts';
import type { Client } from '../client/client.ts';
import { createRng } from '../core/rng.ts';
import { VirtualClock } from '../core/virtual-clock.ts';
import type { Endpoint } from '../run/endpoint.ts';
import { formatTag, ledgerTag, TAG_HEADER } from './attempt-tag.ts';
import { directClient } from './direct.ts';
import { type Hop, network } from './network.ts';
import { OpenRequests } from './open-requests.ts';

/** What to simulate. */
export interface SimulationOptions {
  readonly profile: Profile;
  readonly seed: number;
  readonly model: string;
  readonly hop: Hop;
  /** `direct`, or how to make an SDK's client for a base URL. */
  readonly client:
    | 'direct'
    | ((options: { baseUrl: string; fetch: typeof fetch }) => Client | Promise<Client>);
}

/** A server of its own in virtual time, and the clock that all of the run must use. */
export interface Simulation {
  readonly clock: VirtualClock;
  readonly endpoint: Endpoint;
  /** To be told of the run's requests; names those that are open if the run comes to a standstill. */
  readonly pending: OpenRequests;
}

/** Builds the mock's engine under a virtual clock, with a client on it. */
export const simulate = async ({
  profile,
  seed,
  model,
  hop,
  client,
}: SimulationOptions): Promise<Simulation> => {
  const clock = new VirtualClock(0, { promisesOnly: client === 'direct' });
  const engine = new Engine({ clock, profile, seed });
  const between = network(hop, createRng(seed).fork('network'));
  const speaks =
    client === 'direct'
      ? directClient({ engine, model, network: between })
      : await client({
          baseUrl: 'http://simulated.invalid',
          // Loaded when asked for: the wire formats are half of what a simulation would load.
          fetch: (await import('./engine-fetch.ts')).engineFetch(engine, clock, between),
        });
  return {
    clock,
    pending: new OpenRequests(),
    endpoint: {
      client: speaks,
      tag: (tag) => ({ [TAG_HEADER]: formatTag(tag) }),
      untilFull: async () => engine.state().fullInMs,
      async count(level) {
        const {
          attempts = 0,
          ok = 0,
          rateLimited = 0,
        } = engine.ledger.summary().tags[ledgerTag({ level, phase: 'measure' })] ?? {};
        return { attempts, ok, rateLimited };
      },
    },
  };
};
