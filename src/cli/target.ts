import { loadProfile } from '../../mock-server/profiles/load.ts';
import type { TargetSettings } from '../config/resolve.ts';
import { type BenchError, UsageError } from '../core/errors.ts';
import type { Endpoint } from '../run/endpoint.ts';
import { type MockProcess, startMock } from './mock-process.ts';

/** An endpoint that is ready to be measured. */
export interface OpenTarget {
  readonly endpoint: Endpoint;
  /** The embedded mock, if that is the target. */
  readonly mock: MockProcess | undefined;
  /** What to show as the address. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** The mock checks no keys. */
const MOCK_KEY = 'mock-key';

/** Starts the mock or makes the client for a real endpoint. SDKs load only where they are used. */
export const openTarget = async (
  target: TargetSettings,
  { speed, seed }: { readonly speed: number; readonly seed: number },
  onDeath: (error: BenchError) => void,
): Promise<OpenTarget> => {
  if (target.kind === 'mock') {
    const [{ openaiClient }, mock] = await Promise.all([
      import('../client/openai.ts'),
      startMock({ profile: target.profile, speed, seed }, onDeath),
    ]);
    const baseUrl = `${mock.url}/v1`;
    const client = openaiClient({ baseUrl, model: target.model, apiKey: MOCK_KEY });
    return { endpoint: { ...mock.endpoint, client }, mock, baseUrl, close: () => mock.stop() };
  }
  const { baseUrl } = target;
  const client =
    target.kind === 'openai'
      ? (await import('../client/openai.ts')).openaiClient(target)
      : (await import('../client/anthropic.ts')).anthropicClient(target);
  return { endpoint: { client }, mock: undefined, baseUrl, close: async () => {} };
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
