import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { UsageError } from '../core/errors.ts';

/** A process, as far as others can tell it from those of other machines. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Who asks for a lock, and how it tells that another process on its machine is still there. */
export interface LockAsker extends Holder {
  isAlive(pid: number): boolean;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0); // sends nothing: it only asks whether there is such a process
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const thisProcess = (): LockAsker => ({ pid: process.pid, host: hostname(), isAlive });

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const holderOf = (text: string): Holder | undefined => {
  const [, pid, host] = /^(\d+) (\S+)\n$/.exec(text) ?? [];
  return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
};

/** Whether a lock was left behind by a process that is gone. */
const isStale = (text: string, asker: LockAsker): boolean => {
  const holder = holderOf(text);
  if (!holder) return text === ''; // a crash between making the file and writing into it
  // This process asks for a lock once: its number on another's lock was another's before.
  return holder.host === asker.host && (holder.pid === asker.pid || !asker.isAlive(holder.pid));
};

const taken = (path: string, text: string): UsageError => {
  const holder = holderOf(text);
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  return new UsageError(
    `${path} is held by ${who}: a batch with this --output is running`,
    'Wait for it, or name another --output: two at once would pay for the same items. If no such process is there any more, delete the file.',
  );
};

/** Makes the lock with its content at once, so that nobody ever reads an empty one; where there are no links, nearly at once. */
const make = (path: string, own: string, { pid }: Holder): void => {
  const draft = `${path}.${pid}`;
  writeFileSync(draft, own);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    writeFileSync(path, own, { flag: 'wx' });
  } finally {
    rmSync(draft, { force: true });
  }
};

/** Takes a stale lock out of the way; whoever was faster may have put its own there meanwhile, and gets it back. */
const takeAway = (path: string, stale: string, { pid }: Holder): void => {
  const aside = `${path}.${pid}`;
  renameSync(path, aside);
  const text = readFileSync(aside, 'utf8');
  if (text !== stale) {
    renameSync(aside, path);
    throw taken(path, text);
  }
  rmSync(aside);
};

/**
 * Makes this process the only one that works on `path`, until the result is called. A lock whose process is gone is taken over.
 * Throws `UsageError` while another process has it, or where it cannot be written.
 */
export const lockFile = (path: string, asker: LockAsker = thisProcess()): (() => void) => {
  const own = `${asker.pid} ${asker.host}\n`;
  for (;;) {
    try {
      make(path, own, asker);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST')
        throw new UsageError(
          `${path} cannot be written: ${codeOf(error) === 'ENOENT' ? 'its folder does not exist' : error instanceof Error ? error.message : error}`,
          'It stands beside --output.',
        );
    }
    try {
      const text = readFileSync(path, 'utf8');
      if (!isStale(text, asker)) throw taken(path, text);
      takeAway(path, text, asker);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error; // gone meanwhile: try again
    }
  }
};
