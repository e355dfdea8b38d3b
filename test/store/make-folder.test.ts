import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/store/make-folder.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'make-folder-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('making a folder', () => {
  it('makes those above it, and leaves one that exists', async () => {
    const path = join(dir, 'a/b/c');
    await makeFolder(path);
    await makeFolder(path);
    expect(existsSync(path)).toBe(true);
  });

  it('is refused where a file is in the way', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(makeFolder(join(dir, 'file'))).rejects.toThrow('EEXIST');
    await expect(makeFolder(join(dir, 'file/sub'))).rejects.toThrow('ENOTDIR');
  });

  it.runIf(existsSync('/proc/self'))('ends on a file system that says ENOENT to any new folder', async () => {
    await expect(makeFolder('/proc/no-such/folder')).rejects.toThrow('ENOENT');
  });
});
