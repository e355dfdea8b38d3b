import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bucket } from '../../mock-server/engine/bucket.ts';
import type { LedgerEntry } from '../../mock-server/engine/ledger-entry.ts';
import { chat, message } from './lab.ts';

const MAIN = fileURLToPath(new URL('../../mock-server/main.ts', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  /** Every call on a connection of its own, so that the workers take turns. */
  readonly send: typeof fetch;
}

const start = async (args: readonly string[]): Promise<Running> => {
  const child = fork(MAIN, ['--speed', '1', ...args], { stdio: 'ignore' });
  const [ready] = await once(child, 'message');
  const url: string = ready.url;
  const send: typeof fetch = (input, init) => {
    const headers = { ...(init?.headers as Record<string, string>), connection: 'close' };
    return fetch(String(input).replace('http://mock', url), { ...init, headers });
  };
  return { child, url, send };
};

const stop = async ({ child }: Running): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.send({ type: 'stop' });
  await once(child, 'exit');
};

const configure = async ({ send }: Running, profile: object): Promise<void> => {
  const body = JSON.stringify({ extends: 'unlimited', rejectLatency: 0, ...profile });
  const response = await send('http://mock/__bench/config', { method: 'PUT', body });
  expect(response.status).toBe(200);
  await send('http://mock/__bench/reset', { method: 'POST' });
};

const entriesOf = async ({ send }: Running): Promise<LedgerEntry[]> => {
  const text = await (await send('http://mock/__bench/ledger')).text();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

const readJson = async <Content>(response: Promise<Response>): Promise<Content> =>
  (await (await response).json()) as Content;

const totalsOf = async ({ send }: Running) => {
  const summary = send('http://mock/__bench/ledger/summary');
  return (await readJson<{ tags: Record<string, Record<string, number>> }>(summary)).tags;
};

const times = <Result>(count: number, call: (place: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, place) => call(place)));

describe.each([1, 2, 3])('%i workers', (workers) => {
  let mock: Running;
  beforeAll(async () => {
    mock = await start(['--profile', 'unlimited', '--workers', String(workers), '--seed', '7']);
  });
  afterAll(() => stop(mock));

  test('admit no more than burst + rate × time, and count what the clients counted', async () => {
    const burst = 20;
    const perMs = 0.05;
    await configure(mock, { limits: { requestsPerMinute: { limit: perMs * 60_000, burst } } });
    const statuses: number[] = [];
    const startedAt = performance.now();
    await times(8, async (user) => {
      for (let call = 0; call < 50; call++) {
        const response = await chat(mock.send, { label: `20/${user * 50 + call}/0` });
        await response.arrayBuffer();
        statuses.push(response.status);
      }
    });
    const asClientsSaw = burst + (performance.now() - startedAt) * perMs;
    const ok = statuses.filter((status) => status === 200).length;
    expect(ok).toBeLessThanOrEqual(asClientsSaw);
    const entries = await entriesOf(mock);
    const admitted = entries.filter(({ decision }) => decision === 'admitted');
    // A decision lies between arrival and end: whatever both arrived and ended in a window was decided in it.
    for (const { arrivedAt: from } of admitted)
      for (const { endedAt: to } of admitted) {
        const decided = admitted.filter(({ arrivedAt, endedAt }) => arrivedAt >= from && endedAt <= to);
        expect(decided.length).toBeLessThanOrEqual(burst + Math.max(to - from, 0) * perMs + 1e-6);
      }
    // One bucket that sees the same arrivals, however unevenly a busy machine spread them, and however late it decided.
    const arrivals = entries.map(({ arrivedAt }) => arrivedAt).sort((a, b) => a - b);
    const slowest = Math.max(...entries.map(({ arrivedAt, endedAt }) => endedAt - arrivedAt));
    const bucket = new Bucket('requests', perMs * 60_000, 60_000, burst, arrivals[0] ?? 0);
    let fitting = 0;
    for (const arrivedAt of arrivals) {
      if (bucket.wait(1, arrivedAt) > 0) continue;
      bucket.take(1, arrivedAt);
      fitting++;
    }
    expect(Math.abs(ok - fitting)).toBeLessThanOrEqual(2 + slowest * perMs);
    expect(await totalsOf(mock)).toMatchObject({
      20: { attempts: 400, ok, rateLimited: 400 - ok, failed: 0 },
    });
  });

  test('number requests without a gap, name each differently, and draw the same for each number', async () => {
    await configure(mock, { output: { tokens: { median: 30, sigma: 1 } } });
    const responses = await times(60, (place) =>
      chat(mock.send, place < 6 ? { body: { messages: [] } } : {}),
    );
    const ids = new Set(responses.map(({ headers }) => headers.get('x-request-id')));
    expect(ids.size).toBe(60);
    const entries = await entriesOf(mock);
    expect(entries.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, place) => place),
    );
    const texts = await times(5, async (index) => (await chat(mock.send, { label: `x/${index}/0` })).text());
    const contents = texts.map((text) => JSON.parse(text).choices[0].message.content.split(' ').length);
    expect(contents).toEqual([25, 28, 20, 23, 45]);
  });

  test('share slots and places to wait', async () => {
    await configure(mock, { latency: '300ms', queue: { slots: 2, waiting: 3, fullStatus: 503 } });
    const responses = await times(12, () => chat(mock.send));
    const statuses = responses.map(({ status }) => status).sort();
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.at(-1)).toBe(503);
    const served = (await entriesOf(mock)).filter(({ status }) => status === 200);
    for (const { startedAt: at = 0 } of served) {
      const together = served.filter(({ startedAt = 0, endedAt }) => startedAt <= at && at < endedAt);
      expect(together.length).toBeLessThanOrEqual(2);
    }
    expect(await readJson(mock.send('http://mock/__bench/state'))).toMatchObject({
      active: 0,
      queued: 0,
    });
  });

  test('slow down together', async () => {
    await configure(mock, { latency: '40ms', load: { factor: 4, at: 4 } });
    await times(4, () => chat(mock.send));
    const entries = await entriesOf(mock);
    const longest = Math.max(...entries.map(({ arrivedAt, endedAt }) => endedAt - arrivedAt));
    expect(longest).toBeGreaterThan(80);
  });

  test('charge output tokens while they are produced elsewhere', async () => {
    await configure(mock, {
      latency: { ttft: 0, tokensPerSecond: 1000 },
      output: { tokens: 400 },
      limits: { outputTokensPerMinute: { limit: 60_000 / 1000, burst: 100 } },
    });
    const response = await message(mock.send, { stream: true, maxTokens: 400 });
    const reader = response.body?.getReader();
    let seen = '';
    while (seen.split('text_delta').length < 200)
      seen += new TextDecoder().decode((await reader?.read())?.value);
    const others = await times(4, () => message(mock.send));
    expect(others.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    await reader?.cancel();
  });

  test('take a new profile and a reset all at once', async () => {
    await configure(mock, { output: { tokens: 3 } });
    await times(6, () => chat(mock.send, { label: 'old/1/0' }));
    await mock.send('http://mock/__bench/config', { method: 'PATCH', body: '{"output":{"tokens":5}}' });
    await mock.send('http://mock/__bench/reset', { method: 'POST' });
    const bodies = await times(6, () =>
      readJson<{ usage: { completion_tokens: number } }>(chat(mock.send, { label: 'new/1/0' })),
    );
    expect(bodies.map(({ usage }) => usage.completion_tokens)).toEqual([5, 5, 5, 5, 5, 5]);
    expect(Object.keys(await totalsOf(mock))).toEqual(['new']);
    const config = await times(3, () =>
      readJson<{ output: { tokens: number } }>(mock.send('http://mock/__bench/config')),
    );
    expect(config.map(({ output }) => output.tokens)).toEqual([5, 5, 5]);
    const metrics = await (await mock.send('http://mock/__bench/metrics')).text();
    expect(metrics).toContain('bench_mock_attempts_total{tag="new",outcome="ok"} 6');
    expect(metrics).toContain('bench_mock_lateness_seconds_count 6');
  });

  test('notice who leaves', async () => {
    await configure(mock, { latency: '10s', queue: { slots: 1 } });
    const controller = new AbortController();
    const calls = times(3, () => chat(mock.send, {}, controller.signal).catch(() => 'left'));
    let state = { active: 0, queued: 0 };
    const look = async () => {
      state = await readJson(mock.send('http://mock/__bench/state'));
    };
    while (state.queued < 2) await look();
    controller.abort();
    expect(await calls).toEqual(['left', 'left', 'left']);
    while (state.active + state.queued > 0) await look();
    expect(await totalsOf(mock)).toMatchObject({ '': { attempts: 3, closedEarly: 3 } });
  });
});

test('workers end with their parent, however it ends', async () => {
  const mock = await start(['--profile', 'unlimited', '--workers', '2']);
  const port = Number(new URL(mock.url).port);
  const sockets = await times(4, async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /health HTTP/1.1\r\nhost: mock\r\n\r\n');
    await once(socket, 'data');
    return socket;
  });
  const closed = sockets.map((socket) => once(socket, 'close'));
  mock.child.kill('SIGKILL');
  expect(await Promise.all(closed)).toHaveLength(4);
});

test('a port in use is a usage error for several, too', async () => {
  const mock = await start(['--profile', 'unlimited']);
  const child = fork(MAIN, ['--workers', '2', '--port', new URL(mock.url).port], { stdio: 'ignore' });
  const [message] = await once(child, 'message');
  expect(message).toMatchObject({ type: 'error', message: expect.stringContaining('is already in use') });
  expect(await once(child, 'exit')).toEqual([2, null]);
  await stop(mock);
});
