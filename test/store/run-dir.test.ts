import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BenchError, EXIT, UsageError } from '../../src/core/errors.ts';
import { createRunDir, linkLatest, runName, writeWhole } from '../../src/store/run-dir.ts';

const newDir = () => mkdtempSync(join(tmpdir(), 'bench-runs-'));

describe('the name of a run', () => {
  it('sorts by time and is safe on any file system', () => {
    expect(runName('2026-05-04T09:30:00.123Z', 'classify-500')).toBe('2026-05-04T09-30-00Z-classify-500');
    expect(runName('2026-05-04T09:30:00Z', '../q & a: "x"')).toBe('2026-05-04T09-30-00Z-..-q-a-x-');
    expect(runName('2026-05-04T09:30:00Z', 'a/b\\c:d*e?f')).not.toMatch(/[/\\:*?"<>|]/);
  });
});

describe('the folder of a run', () => {
  it('is made, its parents too', async () => {
    const out = join(newDir(), 'deep', 'down');
    expect(await createRunDir(out, 'run')).toBe(join(out, 'run'));
    expect(existsSync(join(out, 'run'))).toBe(true);
  });

  it('is never one that exists', async () => {
    const out = newDir();
    const made = [];
    for (let i = 0; i < 4; i++) made.push(await createRunDir(out, 'run'));
    expect(made).toEqual(['run', 'run-2', 'run-3', 'run-4'].map((name) => join(out, name)));
  });

  it('is never one that exists, where two start at once', async () => {
    const out = newDir();
    const made = await Promise.all(Array.from({ length: 10 }, () => createRunDir(out, 'run')));
    expect(new Set(made).size).toBe(10);
  });

  it('does not take a file of its name for it', async () => {
    const out = newDir();
    writeFileSync(join(out, 'run'), '');
    expect(await createRunDir(out, 'run')).toBe(join(out, 'run-2'));
  });

  it('is refused below a file, naming the flag', async () => {
    const file = join(newDir(), 'file');
    writeFileSync(file, '');
    for (const out of [file, join(file, 'below')]) {
      const error: unknown = await createRunDir(out, 'run').catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({ exitCode: EXIT.usage, hint: 'Name a folder that you may write to.' });
      expect(`${error}`).toContain(`--out ${out} cannot be written: `);
    }
  });
});

describe('a file written as a whole', () => {
  it('replaces what was there and leaves nothing else behind', async () => {
    const dir = newDir();
    const path = join(dir, 'report.json');
    await writeWhole(path, 'first');
    await writeWhole(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(dir)).toEqual(['report.json']);
  });

  it('says which file could not be written', async () => {
    const path = join(newDir(), 'missing', 'report.json');
    const error: unknown = await writeWhole(path, 'x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BenchError);
    expect(error).toMatchObject({ exitCode: EXIT.internal });
    expect(`${error}`).toContain(`${path} cannot be written: ENOENT`);
  });

  it('keeps the old one where the draft cannot be written', async () => {
    const dir = newDir();
    const path = join(dir, 'r'.repeat(240)); // a name that is just short enough, so its draft's is not
    writeFileSync(path, 'old');
    const error: unknown = await writeWhole(path, 'new').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(BenchError);
    expect(`${error}`).toContain('cannot be written: ENAMETOOLONG');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('leaves no draft behind where it fails', async () => {
    const dir = newDir();
    const path = join(dir, 'report.json');
    mkdirSync(path);
    await expect(writeWhole(path, 'new')).rejects.toThrow(BenchError);
    expect(readdirSync(dir)).toEqual(['report.json']);
  });

  // With one draft for all, the slower one would find it gone (ENOENT) or rename another's half-written one.
  it('is one of those that are written at once, and leaves no draft either', async () => {
    const dir = newDir();
    const path = join(dir, 'report.json');
    const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(200_000));
    await Promise.all(texts.map((text) => writeWhole(path, text)));
    expect(texts).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(dir)).toEqual(['report.json']);
  });
});

describe('latest', () => {
  it('points at the newest run', async () => {
    const out = newDir();
    for (const name of ['a', 'b']) {
      await linkLatest(await createRunDir(out, name));
      expect(readlinkSync(join(out, 'latest'))).toBe(name);
    }
  });

  it('is left alone where it is a folder of the user', async () => {
    const out = newDir();
    mkdirSync(join(out, 'latest'));
    await linkLatest(await createRunDir(out, 'a'));
    expect(readdirSync(out).toSorted()).toEqual(['a', 'latest']);
  });
});
