import { loadProfile } from '../../mock-server/profiles/load.ts';
import type { Client, ClientOptions } from '../client/client.ts';
import type { TargetSettings } from '../config/resolve.ts';
import { type BenchError, UsageError } from '../core/errors.ts';
import type { Endpoint } from '../run/endpoint.ts';
import type { Calibration } from '../run/overhead.ts';
import { type MockProcess, startMock } from './mock-process.ts';

/** An endpoint that is ready to be measured. */
export interface OpenTarget {
  readonly endpoint: Endpoint;
  /** The same client, at a server of ours that answers at once: for warming up and for measuring what the client costs. */
  readonly calibration: Pick<Calibration, 'client' | 'headers'>;
  /** To be called after calibration, before the first request that counts. */
  calibrated(): Promise<void>;
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
  target: TargetSettings,
  { speed, seed }: { readonly speed: number; readonly seed: number },
  onDeath: (error: BenchError) => void,
): Promise<OpenTarget> => {
  if (target.kind === 'mock') {
    const mock = await startMock({ profile: target.profile, speed, seed }, onDeath);
    const client = await clientOfMock(mock, 'openai', target.model);
    return {
      endpoint: { ...mock.endpoint, client },
      calibration: { client, headers: mock.calibration },
      calibrated: mock.reset,
      label: `the embedded mock (profile ${target.profile})`,
      close: mock.stop,
    };
  }
  // A real endpoint is sent nothing that does not count: the client warms up against a mock that ends before the run.
  const mock = await startMock({ profile: 'unlimited', speed: 1, seed }, onDeath);
  return {
    endpoint: { client: await PROTOCOLS[target.kind].client(target) },
    calibration: { client: await clientOfMock(mock, target.kind, target.model), headers: mock.calibration },
    calibrated: mock.stop,
    label: target.baseUrl,
    close: mock.stop,
  };
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
