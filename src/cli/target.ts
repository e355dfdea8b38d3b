import type { Profile } from '../../mock-server/engine/profile.ts';
import { loadProfile } from '../../mock-server/profiles/load.ts';
import type { Client } from '../client/client.ts';
import { type ClientChoice, createClient } from '../client/create-client.ts';
import type { Protocol } from '../client/provider-apis.ts';
import type { SweepSettings } from '../config/resolve.ts';
import type { TargetSettings } from '../config/target-settings.ts';
import { type BenchError, UsageError } from '../core/errors.ts';
import type { VirtualClock } from '../core/virtual-clock.ts';
import type { Endpoint } from '../run/endpoint.ts';
import type { OpenRequests } from '../simulate/open-requests.ts';
import { type MockProcess, startMock } from './mock-process.ts';

/** An endpoint that is ready to be measured. */
export interface OpenTarget {
  readonly endpoint: Endpoint;
  /** The clock of a simulation, in which all of the run must take place; `undefined` in real time. */
  readonly virtual?: VirtualClock;
  /** Notes what a simulation is waiting for. */
  readonly pending?: OpenRequests;
  /** For warming up and for measuring what the client costs; nothing of the kind in a simulation. */
  readonly calibration?: {
    /** The same client, at a server of ours that answers at once. */
    readonly client: Client;
    readonly headers: Readonly<Record<string, string>>;
    /** To be called before the first request that counts. */
    done(): Promise<void>;
  };
  /** What to show as the address. */
  readonly label: string;
  close(): Promise<void>;
}

/** What a protocol's clients append to a server's root to find it. */
const PATHS: Readonly<Record<Protocol, string>> = { openai: '/v1', anthropic: '' };

/** The mock checks no keys. */
const MOCK_KEY = 'mock-key';

type Way = Pick<ClientChoice, 'kind' | 'transport'>;

const clientOfMock = (mock: MockProcess, protocol: Protocol, model: string, way: Way): Promise<Client> =>
  createClient({ protocol, ...way, baseUrl: mock.url + PATHS[protocol], model, apiKey: MOCK_KEY });

/** Starts the mock or makes the client for a real endpoint. SDKs load only where they are used. */
export const openTarget = async (
  settings: SweepSettings,
  onDeath: (error: BenchError) => void,
): Promise<OpenTarget> => {
  const { target, speed, seed, simulate, client: kind, transport } = settings;
  const way = { kind, transport };
  if (target.kind === 'mock') {
    if (simulate !== 'off') return openSimulation({ ...settings, simulate }, target);
    const mock = await startMock({ profile: target.profile, speed, seed }, onDeath);
    const client = await clientOfMock(mock, 'openai', target.model, way);
    return {
      endpoint: { ...mock.endpoint, client },
      calibration: { client, headers: mock.calibration, done: mock.reset },
      label: `the embedded mock (profile ${target.profile})`,
      close: mock.stop,
    };
  }
  // A real endpoint is sent nothing that does not count: the client warms up against a mock that ends before the run.
  const mock = await startMock({ profile: 'unlimited', speed: 1, seed }, onDeath);
  return {
    endpoint: { client: await createClient({ ...target, ...way, protocol: target.kind }) },
    calibration: {
      client: await clientOfMock(mock, target.kind, target.model, way),
      headers: mock.calibration,
      done: mock.stop,
    },
    label: target.baseUrl,
    close: mock.stop,
  };
};

/** The mock's engine in this process and in virtual time; loads no SDK unless one is asked for. */
const openSimulation = async (
  { simulate: kind, seed, hop }: SweepSettings & { readonly simulate: 'direct' | Protocol },
  { model, profile: name }: { readonly model: string; readonly profile: string },
): Promise<OpenTarget> => {
  const { simulate } = await import('../simulate/simulate.ts');
  const profile = await loadProfile(name);
  const { clock, endpoint, pending } = await simulate({
    profile,
    seed,
    model,
    hop,
    client:
      kind === 'direct'
        ? 'direct'
        : ({ baseUrl, fetch }) =>
            createClient({
              protocol: kind,
              kind: 'sdk',
              transport: 'default',
              baseUrl: baseUrl + PATHS[kind],
              model,
              apiKey: MOCK_KEY,
              fetch,
            }),
  });
  const label = `the mock in simulated time (profile ${name}${kind !== 'direct' ? `, through the ${kind} SDK` : ''})`;
  return { endpoint, virtual: clock, pending, label, close: async () => {} };
};

/** The mock's profile in full, read before anything is started so that a wrong name is refused at once; `null` for a real endpoint. */
export const profileOf = async (target: TargetSettings): Promise<Profile | null> => {
  if (target.kind !== 'mock') return null;
  try {
    return await loadProfile(target.profile);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`--profile: ${error.message}`, error.hint) : error;
  }
};
