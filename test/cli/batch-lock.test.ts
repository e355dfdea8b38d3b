import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LockAsker, lockFile } from '../../src/cli/batch-lock.ts';
import { UsageError } from '../../src/core/errors.ts';
import { workFolder } from '../config/refusal.ts';

const { dir } = workFolder();

const asker = (pid: number, { host = 'here', alive = [] as readonly number[] } = {}): LockAsker => ({
  pid,
  host,
  isAlive: (other) => alive.includes(other),
});

describe('a lock', () => {
  it('keeps a second process out until it is released', () => {
    const path = `${dir}/a.lock`;
    const release = lockFile(path, asker(1));
    expect(() => lockFile(path, asker(2, { alive: [1] }))).toThrow(UsageError);
    expect(() => lockFile(path, asker(2, { alive: [1] }))).toThrow('is held by process 1 on here');
    release();
    expect(existsSync(path)).toBe(false);
    lockFile(path, asker(2, { alive: [1] }))();
  });

  it('is taken over from a process that is gone, and from one that had the same number', () => {
    const path = `${dir}/b.lock`;
    lockFile(path, asker(1));
    lockFile(path, asker(2));
    expect(readFileSync(path, 'utf8')).toBe('2 here\n');
    lockFile(path, asker(2, { alive: [2] }));
    writeFileSync(path, '');
    lockFile(path, asker(3))();
    expect(existsSync(path)).toBe(false);
  });

  it('of another machine is left alone, since nobody here can tell whether its process is gone', () => {
    const path = `${dir}/c.lock`;
    lockFile(path, asker(1, { host: 'there' }));
    expect(() => lockFile(path, asker(1))).toThrow('is held by process 1 on there');
  });

  it('says so where it cannot be written', () => {
    expect(() => lockFile(`${dir}/none/d.lock`, asker(1))).toThrow(
      'cannot be written: its folder does not exist',
    );
  });
});
