import { loadProfile } from '../../mock-server/profiles/load.ts';
import type { Client, ClientOptions } from '../client/client.ts';
import type { SweepSettings, TargetSettings } from '../config/resolve.ts';
import { type BenchError, UsageError } from '../core/errors.ts';
import type { VirtualClock } from '../core/virtual-clock.ts';
import type { Endpoint } from '../run/endpoint.ts';
import { type MockProcess, startMock } from './mock-process.ts';

/** An endpoint that is ready to be measured. */
export interface OpenTarget {
  readonly endpoint: Endpoint;
  /** The clock of a simulation, in which all of the run must take place; `undefined` in real time. */
  readonly virtual?: VirtualClock;
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

/** A protocol, and what an SDK appends to a server's root to find it. */
const PROTOCOLS = {
  openai: {
    path: '/v1',
    client: async (options: ClientOptions) => (await import('../client/openai.ts')).openaiClient(options),
  },
  anthropic: {
    path: '',
    client: async (options: ClientOptions) =>
      (await import('../client/anthropic.ts')).anthropicClient(options),
  },
} as const;

/** The mock checks no keys. */
const MOCK_KEY = 'mock-key';

const clientOfMock = (mock: MockProcess, kind: keyof typeof PROTOCOLS, model: string): Promise<Client> =>
  PROTOCOLS[kind].client({ baseUrl: mock.url + PROTOCOLS[kind].path, model, apiKey: MOCK_KEY });

/** Starts the mock or makes the client for a real endpoint. SDKs load only where they are used. */
export const openTarget = async (
  settings: SweepSettings,
  onDeath: (error: BenchError) => void,
): Promise<OpenTarget> => {
  const { target, speed, seed, simulate } = settings;
  if (target.kind === 'mock') {
    if (simulate !== 'off') return openSimulation({ ...settings, simulate }, target);
    const mock = await startMock({ profile: target.profile, speed, seed }, onDeath);
    const client = await clientOfMock(mock, 'openai', target.model);
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
    endpoint: { client: await PROTOCOLS[target.kind].client(target) },
    calibration: {
      client: await clientOfMock(mock, target.kind, target.model),
      headers: mock.calibration,
      done: mock.stop,
    },
    label: target.baseUrl,
    close: mock.stop,
  };
};

/** The mock's engine in this process and in virtual time; loads no SDK unless one is asked for. */
const openSimulation = async (
  { simulate: kind, seed, hop }: SweepSettings & { readonly simulate: 'direct' | keyof typeof PROTOCOLS },
  { model, profile: name }: { readonly model: string; readonly profile: string },
): Promise<OpenTarget> => {
  const { simulate } = await import('../simulate/simulate.ts');
  const profile = await loadProfile(name);
  const sdk = kind === 'direct' ? undefined : PROTOCOLS[kind];
  const { clock, endpoint } = await simulate({
    profile,
    seed,
    model,
    hop,
    client: sdk
      ? ({ baseUrl, fetch }) => sdk.client({ baseUrl: baseUrl + sdk.path, model, apiKey: MOCK_KEY, fetch })
      : 'direct',
  });
  const label = `the mock in simulated time (profile ${name}${sdk ? `, through the ${kind} SDK` : ''})`;
  return { endpoint, virtual: clock, label, close: async () => {} };
};

/** The mock's profile in full, read before anything is started so that a wrong name is refused at once; `null` for a real endpoint. */
export const profileOf = async (target: TargetSettings): Promise<unknown> => {
  if (target.kind !== 'mock') return null;
  try {
    return await loadProfile(target.profile);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`--profile: ${error.message}`, error.hint) : error;
  }
};
