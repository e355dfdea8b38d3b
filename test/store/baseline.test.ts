import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  baselineText,
  listBaselines,
  parseBaseline,
  readBaseline,
  removeBaseline,
  saveBaseline,
} from '../../src/store/baseline.ts';
import { runOf } from '../support/compared-runs.ts';

const dir = mkdtempSync(join(tmpdir(), 'bench-baseline-'));
afterAll(() => rmSync(dir, { recursive: true }));

const run = runOf([{ wallClock: 100_000, p95: 6000 }], { exact: true });

describe('a baseline', () => {
  it('comes back as it was, under its name', async () => {
    await saveBaseline(dir, 'main', run);
    expect(await readBaseline(dir, 'main')).toEqual(run);
    expect(await listBaselines(dir)).toEqual(['main']);
    await saveBaseline(dir, 'other', run);
    await removeBaseline(dir, 'other');
    expect(await listBaselines(dir)).toEqual(['main']);
  });

  it('is the same bytes whatever the order of its keys, so that a diff shows changes only', () => {
    const { scopes, conditions, ...rest } = run;
    const turned = { conditions: Object.fromEntries(Object.entries(conditions).reverse()), scopes, ...rest };
    expect(baselineText(turned)).toBe(baselineText(run));
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, 50), /is cut off, or is not JSON/],
    ['newer', (text: string) => text.replace('baseline/1', 'baseline/2'), /has schema bench.baseline\/2/],
    ['foreign', () => '{"schema":"bench.baseline/1","exact":1}', /is not a baseline: exact/],
  ])('is refused in one sentence where its file is %s', async (name, damage, message) => {
    const path = join(dir, 'main.json');
    const whole = readFileSync(path, 'utf8');
    writeFileSync(join(dir, `${name.replace(' ', '-')}.json`), damage(whole));
    await expect(readBaseline(dir, name.replace(' ', '-'))).rejects.toThrow(message);
  });

  it('has to be one', () => {
    expect(() => parseBaseline([], 'x.json')).toThrow(/x.json is not a baseline/);
  });

  it('is looked up by names that are names, with the nearest one for a slip', async () => {
    await expect(readBaseline(dir, 'mian')).rejects.toMatchObject({ hint: expect.stringContaining('main') });
    await expect(readBaseline(dir, '../main')).rejects.toThrow(/cannot be the name/);
  });
});
