import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { closingLine } from '../../mock-server/banner.ts';
import { startMockServer } from '../../mock-server/carriers/tcp.ts';
import { PROFILES } from '../../mock-server/profiles/index.ts';

const MAIN = fileURLToPath(new URL('../../mock-server/main.ts', import.meta.url));

const underParent = (args: readonly string[]): ChildProcess => fork(MAIN, args, { stdio: 'ignore' });

const alone = async (args: readonly string[]) => {
  const child = spawn('node', [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { stdout, stderr, code };
};

describe('under a parent', () => {
  test('says when it is ready, ignores Ctrl-C, serves, and ends when told to', async () => {
    const child = underParent(['--profile', 'unlimited', '--speed', '40', '--seed', '7']);
    const [ready] = await once(child, 'message');
    expect(ready).toEqual({
      type: 'ready',
      url: `http://127.0.0.1:${ready.port}`,
      port: ready.port,
      pid: child.pid,
    });
    child.kill('SIGINT');
    const state = await (await fetch(`${ready.url}/__bench/state`)).json();
    expect(state).toMatchObject({
      profile: 'unlimited',
      speed: 40,
      seed: 7,
      active: 0,
      queued: 0,
      fullInMs: 0,
    });
    child.send({ type: 'stop' });
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends when its parent is gone', async () => {
    const child = underParent(['--profile', 'unlimited']);
    await once(child, 'message');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('reports what keeps it from starting', async () => {
    const child = underParent(['--profile', 'nonsense']);
    const [message] = await once(child, 'message');
    expect(message).toMatchObject({
      type: 'error',
      message: expect.stringContaining('unknown profile "nonsense"'),
    });
    expect(await once(child, 'exit')).toEqual([2, null]);
  });
});

describe('alone', () => {
  test('a port in use is one sentence and exit 2', async () => {
    const server = await startMockServer({ profile: 'unlimited' });
    const { stderr, code } = await alone(['--port', String(server.port)]);
    await server.close();
    expect([code, stderr.trim()]).toEqual([
      2,
      `port ${server.port} on 127.0.0.1 is already in use\nChoose another, or --port 0 for a free one.`,
    ]);
  });

  test.each([
    [['--profile', 'shrt'], 'unknown profile "shrt"\nDid you mean short? '],
    [['--sped', '3'], 'unknown flag --sped\nDid you mean --speed? Known: --host, '],
    [['--port', '99999'], 'ports end at 65535'],
    [['--speed', '-1'], '--speed needs a value'],
    [['--port'], '--port needs a value'],
    [['--workers', '0'], '--workers 0: expected a whole number of at least 1'],
    [['g1'], 'unexpected argument "g1"\nProfiles are named by --profile NAME.'],
    [['--set', 'latency=soon', '--profile', 'constant'], 'latency: '],
    [['--profile', 'missing.yaml'], 'cannot read profile missing.yaml'],
  ])('%j', async (args, sentence) => {
    const { stderr, code } = await alone(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  test('lists its profiles', async () => {
    const { stdout, code } = await alone(['--list']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^g1 .*\n(.*\n)*thinking /)]);
    expect(stdout.match(/ Source \(\d{4}-\d{2}/g)).toHaveLength(PROFILES.size);
  });
});

test.each([
  [{}, 0, 'Stopped. No request came.'],
  [{}, 4, 'Stopped after 4 attempts: 0 ok, 0 rate-limited, 4 cut off'],
  [{ attempts: 3, ok: 2, rateLimited: 1 }, 1, 'Stopped after 4 attempts: 2 ok, 1 rate-limited, 1 cut off'],
])('after %j with %i under way the last line is %s', (some, open, line) => {
  const totals = { attempts: 0, ok: 0, rateLimited: 0, failed: 0, closedEarly: 0, faulted: 0, ...some };
  expect(closingLine(totals, { count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 }, open)).toBe(line);
});
