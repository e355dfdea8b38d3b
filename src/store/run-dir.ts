import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import { makeFolder } from './make-folder.ts';

/** Names of the files in a run's folder. */
export const RUN_FILES = {
  manifest: 'manifest.json',
  records: 'records.jsonl',
  report: 'report.json',
} as const;

/** The folder's name for a run that started at `instant` (RFC 3339): sorts by time, safe on any file system. */
export const runName = (instant: string, scenario: string): string =>
  `${instant.replace(/\.\d+Z$/, 'Z').replaceAll(':', '-')}-${scenario.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}`;

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Makes the run's folder below `out`, never reusing one that exists. Throws `UsageError` if `out` cannot be written. */
export const createRunDir = async (out: string, name: string): Promise<string> => {
  try {
    await makeFolder(out);
    for (let copy = 1; ; copy++) {
      const path = join(out, copy === 1 ? name : `${name}-${copy}`);
      try {
        await mkdir(path);
        return path;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    }
  } catch (error) {
    throw new UsageError(
      `--out ${out} cannot be written: ${reason(error)}`,
      'Name a folder that you may write to.',
    );
  }
};

/** Replaces a file as a whole, so that a reader never sees half of it. */
export const writeWhole = async (path: string, content: string | AsyncIterable<string>): Promise<void> => {
  // Two writes of one file at once, of one process or two, must not share a draft.
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw new BenchError(EXIT.internal, `${path} cannot be written: ${reason(error)}`, {
      hint: 'Is the disk full? The records written so far are intact.',
      cause: error,
    });
  }
};

/** Points `<out>/latest` at the run. A convenience: where links are not possible, it is left out. */
export const linkLatest = async (runDir: string): Promise<void> => {
  const link = resolve(runDir, '..', 'latest');
  try {
    await unlink(link).catch(() => {});
    await symlink(basename(runDir), link, 'dir');
  } catch {
    // No links here (or `latest` is a real folder): the run's own path was printed.
  }
};
