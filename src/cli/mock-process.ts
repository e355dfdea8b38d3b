import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SystemClock } from '../core/clock.ts';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import type { Endpoint, EndpointCount } from '../run/endpoint.ts';
import { formatTag, ledgerTag, TAG_HEADER } from '../simulate/attempt-tag.ts';

/** How the embedded mock is to live. */
export interface MockSettings {
  readonly profile: string;
  /** Single keys of the profile: `latency=3s`. */
  readonly settings?: readonly string[];
  readonly speed: number;
  readonly seed: number;
}

/** The mock as it says it is. */
export interface MockState {
  readonly fullInMs: number;
}

/** A mock server in a process of its own, which ends with this one whatever happens. */
export interface MockProcess {
  readonly url: string;
  /** What the run asks of its endpoint; only the client is left to the caller. */
  readonly endpoint: Omit<Endpoint, 'client'>;
  /** Headers of a call that is answered at once, outside limits and ledger. */
  readonly calibration: Readonly<Record<string, string>>;
  /** Fills every bucket and empties the ledger. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** What the mock's ledger says of one tag. */
interface TagCounts {
  readonly attempts: number;
  readonly ok: number;
  readonly rateLimited: number;
  readonly latenessP99Ms?: number;
}

interface Message {
  readonly type: 'ready' | 'error';
  readonly url?: string;
  readonly message?: string;
}

/** Program of the mock server: its source when we run from source, else what was built. */
export const mockEntry: string = fileURLToPath(
  new URL(`../../mock-server/main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/**
 * How node is started for the mock. A young generation of 2 MB stays in a processor's cache, where node's own 16 MB do not. The old
 * one is not collected before it has grown to 128 MB: what a thousand streams hold is alive, and a full collection in the middle
 * of their tokens delays them for nothing. And an answer's way through node's functions and ours is long and always the same: with more
 * of it inlined a tenth more answers go through.
 */
export const MOCK_NODE_FLAGS: readonly string[] = [
  '--max-semi-space-size=2',
  '--initial-old-space-size=128',
  '--max-inlined-bytecode-size=1500',
  '--max-inlined-bytecode-size-cumulative=3000',
];

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 2_000;

/** Starts the mock on a free loopback port and waits until it answers. `onDeath` is called if it ends unasked. */
export const startMock = async (
  settings: MockSettings,
  onDeath: (error: BenchError) => void,
): Promise<MockProcess> => {
  const { profile, speed, seed, settings: keys = [] } = settings;
  const args = [
    '--port',
    '0',
    '--profile',
    profile,
    '--speed',
    String(speed),
    '--seed',
    String(seed),
    ...keys.flatMap((key) => ['--set', key]),
  ];
  const child = fork(mockEntry, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [...MOCK_NODE_FLAGS],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-2000);
  });
  const ended = once(child, 'exit');
  const died = ended.then((): Message => ({ type: 'error', message: stderr.trim() || 'it ended at once' }));
  const clock = new SystemClock();
  const late = Promise.withResolvers<Message>();
  const patience = clock.schedule(READY_WITHIN_MS, () =>
    late.resolve({ type: 'error', message: 'it did not answer in time' }),
  );
  const ready = once(child, 'message').then(([message]): Message => message);
  const { url, message } = await Promise.race([ready, died, late.promise]);
  patience();
  if (url === undefined) {
    child.kill('SIGKILL');
    throw new UsageError(`the mock server did not start: ${message}`);
  }
  let stopping = false;
  void ended.then(([code, signal]) => {
    if (stopping) return;
    onDeath(
      new BenchError(
        EXIT.internal,
        `the mock server ended in mid-run (${signal ?? `exit code ${code}`}) ${stderr.trim()}`,
      ),
    );
  });

  const control = async (path: string, method = 'GET'): Promise<unknown> => {
    const response = await fetch(`${url}/__bench/${path}`, { method });
    if (!response.ok)
      throw new BenchError(EXIT.internal, `the mock server answered ${response.status} to ${path}`);
    return response.json();
  };
  const state = () => control('state') as Promise<MockState>;
  return {
    url,
    endpoint: {
      tag: (tag) => ({ [TAG_HEADER]: formatTag(tag) }),
      untilFull: async () => (await state()).fullInMs,
      async count(level): Promise<EndpointCount> {
        const { tags } = (await control('ledger/summary')) as { tags: Record<string, TagCounts> };
        const found = tags[ledgerTag({ level, phase: 'measure' })];
        const { attempts = 0, ok = 0, rateLimited = 0, latenessP99Ms } = found ?? {};
        const late = latenessP99Ms === undefined ? {} : { latenessP99RealMs: latenessP99Ms };
        return { attempts, ok, rateLimited, ...late };
      },
    },
    calibration: { 'x-bench-override': JSON.stringify({ latencyMs: 0, limits: false, ledger: false }) },
    async reset() {
      await control('reset', 'POST');
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.send({ type: 'stop' }, () => {}); // a channel that has just closed: it is ending already
      const cancel = clock.schedule(clock.now() + STOP_WITHIN_MS, () => child.kill('SIGKILL'));
      await ended;
      cancel();
    },
  };
};
