import { type SpawnOptionsWithStdioTuple, type StdioNull, type StdioPipe, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AbCommand } from '../config/ab-options.ts';
import { type Clock, type Millis, sleep } from '../core/clock.ts';
import { BenchError, EXIT } from '../core/errors.ts';
import { formatDuration } from '../core/units.ts';

const LAST_WORDS = 600;

const ENDINGS = new Set<number | null>([EXIT.invalid, EXIT.threshold]);

/** How a command is run. */
export interface CommandRun {
  readonly clock: Clock;
  readonly timeout: Millis;
  /** Added to this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Where a sweep with a configuration file keeps its runs. */
  readonly out: string;
}

/** The command in words. */
export const commandText = (command: AbCommand): string =>
  'line' in command ? command.line : `bench sweep --config ${command.config}`;

const start = (command: AbCommand, { env, out }: CommandRun) => {
  // A group of its own, so that whatever the command has started ends with it.
  const options: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe> = {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  };
  if ('line' in command) return spawn(command.line, [], { ...options, shell: true });
  const sweep = ['sweep', '--json', '--quiet', '--config', command.config, '--out', out];
  return spawn(process.execPath, [String(process.argv[1]), ...sweep], options);
};

/** What a command printed. Throws `BenchError` if it fails, does not end in time, or is stopped; then nothing of it is left running. */
export const runCommand = async (command: AbCommand, run: CommandRun): Promise<string> => {
  const child = start(command, run);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk).slice(-LAST_WORDS);
  });
  const end = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      if (process.platform === 'win32') child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  const onAbort = () => end('SIGTERM');
  run.signal.addEventListener('abort', onAbort, { once: true });
  const done = new AbortController();
  let isLate = false;
  const guard = sleep(run.clock, run.timeout, done.signal).then(
    () => {
      isLate = true;
      end('SIGKILL');
    },
    () => {},
  );
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (run.signal.aborted) throw new BenchError(EXIT.interrupted, 'interrupted');
    if (isLate)
      throw new BenchError(
        EXIT.invalid,
        `"${commandText(command)}" took more than ${formatDuration(run.timeout)}`,
        {
          hint: 'Measure less, or give it more time with --timeout.',
        },
      );
    // A run that this machine bounded, or that missed a threshold, has a report all the same.
    if (code !== EXIT.ok && !(ENDINGS.has(code) && stdout !== ''))
      throw new BenchError(
        'config' in command && code === EXIT.usage ? EXIT.usage : EXIT.invalid,
        `"${commandText(command)}" ended with ${code}`,
        {
          hint: stderr.trim() || 'It said nothing.',
        },
      );
    return stdout;
  } finally {
    run.signal.removeEventListener('abort', onAbort);
    done.abort();
    await guard;
    if (run.signal.aborted || isLate) end('SIGKILL');
  }
};
