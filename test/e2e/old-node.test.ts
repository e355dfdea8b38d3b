import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bench } from '../support/bench-process.ts';

/** Runs `bench` in a Node that says it is of another version. */
const runOn = (version: string) => {
  const disguise = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(disguise)}`;
  return bench(['--version'], { env: { NODE_OPTIONS } });
};

const OLDEST = /^>=(\d+\.\d+)$/.exec(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } }).engines.node,
)?.[1];

it('says which Node is needed on one that is too old', async () => {
  for (const version of ['20.20.2', '22.18.9']) {
    const { code, stdout, stderr } = await runOn(version);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')[0]).toBe(`bench: Node ${version} is too old: ${OLDEST} or newer is needed`);
  }
});

it('runs on the oldest that package.json allows, and on newer ones', async () => {
  for (const version of [`${OLDEST}.0`, '24.0.0', '30.1.0']) expect((await runOn(version)).code).toBe(0);
});
