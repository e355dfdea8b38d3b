import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { version, versionOf } from './version.ts';

/** Versions that a measurement depends on. */
export const versions = () => ({
  sweetspot: version,
  node: process.versions.node,
  v8: process.versions.v8,
  'undici (in node)': process.versions['undici'] ?? 'unknown',
  undici: versionOf('undici'),
  openai: versionOf('openai'),
  '@anthropic-ai/sdk': versionOf('@anthropic-ai/sdk'),
  'p-limit': versionOf('p-limit'),
});

/** The machine, without anything that names it or its user. */
export const host = (): Readonly<Record<string, string | number>> => ({
  platform: platform(),
  release: release(),
  arch: arch(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryMiB: Math.round(totalmem() / 2 ** 20),
});

const git = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('git', args, { timeout: 2000 });
  return stdout.trim();
};

/** The commit the working directory is at, or `null` outside a repository. */
export const gitState = async (): Promise<Readonly<Record<string, string | boolean>> | null> => {
  try {
    const commit = await git('rev-parse', 'HEAD');
    return { commit, modified: (await git('status', '--porcelain', '--untracked-files=no')) !== '' };
  } catch {
    return null;
  }
};

/** Of a header only its name is shown. */
const shownHeader = (text: string): string => text.replace(/:.*$/s, ': [value]');

/** The command line as it can be shown: without keys, values of headers, or a user name and password in an address. */
export const shownArgv = (argv: readonly string[]): readonly string[] =>
  argv.map((word, place) => {
    if (argv[place - 1] === '--header') return shownHeader(word);
    if (word.startsWith('--header=')) return shownHeader(word);
    return word.replace(/\/\/[^/@\s]+@/, '//[secret]@').replaceAll(/\b(sk|pk|rk)-[\w-]{8,}/g, '[key]');
  });
