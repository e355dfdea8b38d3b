import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SystemClock, sleep } from '../../src/core/clock.ts';

const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** How a `bench` process ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `bench` process of the built program, in a folder of its own. */
export interface BenchProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stderr(): string;
  stdout(): string;
}

/** A fresh folder under the system's temporary one. */
export const freshDir = (): string => mkdtempSync(join(tmpdir(), 'bench-e2e-'));

/** Starts `bench` with an environment that holds nothing but what is given. */
export const startBench = (
  args: readonly string[],
  {
    cwd = freshDir(),
    env = {},
  }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): BenchProcess => {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    // What these tests ask does not depend on how busy this machine is; that a busy one is noticed is asked elsewhere.
    env: { PATH: process.env['PATH'], BENCH_ALLOW_SATURATED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code, stdout, stderr }));
  return { child, ended, stderr: () => stderr, stdout: () => stdout };
};

/** Runs `bench` to its end. */
export const bench = (
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> => startBench(args, options).ended;

/** Looks again and again until `look` finds something; gives up after a while with what was looked for. */
export const eventually = async <T>(
  what: string,
  look: () => T | undefined,
  withinMs = 15_000,
): Promise<T> => {
  const clock = new SystemClock();
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (clock.now() > withinMs) throw new Error(`never happened: ${what}`);
    await sleep(clock, 25);
  }
};
