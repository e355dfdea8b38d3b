import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Makes a folder and those above it; one that exists is fine. Rejects with the system's error. Node's own recursive `mkdir` never
 * returns where a file system answers ENOENT below a folder that is there, as Linux does in `/proc`: a typo would hang.
 */
export const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await isFolder(path))) return;
    const parent = dirname(resolve(path));
    if (codeOf(error) !== 'ENOENT' || parent === resolve(path) || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
};
