/**
 * How far is a measured wall-clock above the ideal? Against an endpoint of constant latency L, n requests at a level take at
 * least ceil(n / level) × L. What is above it is the loopback, the SDK and the harness: a bare `node:http` client and the SDK in a
 * plain loop, at the same endpoint and level, show whose share is whose. On an idle machine: npm run bench:wall-clock [L in ms].
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { SweepReport } from '../../src/analyze/report.ts';
import { startMock } from '../../src/cli/mock-process.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { readRecords } from '../../src/store/records.ts';
import { bench } from '../support/bench-process.ts';

const latency = Number(process.argv[2] ?? 100);
const ROUNDS = 40;
const dir = mkdtempSync(join(tmpdir(), 'bench-wall-clock-'));
const profile = join(dir, 'constant.json');
writeFileSync(profile, JSON.stringify({ extends: 'constant', latency: `${latency}ms` }));
const mock = await startMock({ profile, speed: 1, seed: 1 }, (error) => {
  throw error;
});
const url = new URL('/v1/chat/completions', mock.url);
const body = JSON.stringify({
  model: 'm',
  messages: [{ role: 'user', content: 'Ticket #1' }],
  max_tokens: 50,
});
const agent = new Agent({ keepAlive: true });

const bareCall = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      authorization: 'Bearer k',
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    sent.on('error', reject);
    sent.end(body);
  });

const sdk = new OpenAI({ baseURL: `${mock.url}/v1`, apiKey: 'k', maxRetries: 0 });

const sdkCall = async (): Promise<void> => {
  await sdk.chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: 'Ticket #1' }],
    max_tokens: 50,
  });
};

/** Wall-clock of the same closed loop with nothing around the call. */
const plainLoop = async (call: () => Promise<void>, level: number, requests: number): Promise<number> => {
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: level }, worker));
  return performance.now() - startedAt;
};

const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(2)} %`;

console.log(`constant latency ${latency} ms, ${ROUNDS} rounds per level, real time`);
console.log(
  'level  requests  ideal s   bare above  SDK above  bench above  bench over SDK  started within  cpu cores',
);
await plainLoop(bareCall, 50, 500); // warm
await plainLoop(sdkCall, 50, 500);
for (const level of [1, 2, 5, 10, 20, 30, 50]) {
  const requests = level * ROUNDS;
  const ideal = ROUNDS * latency;
  const bare = await plainLoop(bareCall, level, requests);
  const plain = await plainLoop(sdkCall, level, requests);
  const args = `sweep --target openai --model m --base-url ${mock.url}/v1 --levels ${level} --requests ${requests} --json --quiet`;
  const { code, stdout, stderr } = await bench(args.split(' '), { cwd: dir });
  if (code !== 0) throw new Error(stderr);
  const measured = (JSON.parse(stdout) as SweepReport).levels[0];
  if (!measured) throw new Error('no level in the report');
  const first: RequestRecord[] = [];
  for await (const record of readRecords(join(dir, 'results/latest/records.jsonl'))) {
    if (record.phase === 'measure' && record.index < level) first.push(record);
  }
  const starts = first.map(({ startedAt }) => startedAt);
  console.log(
    [
      String(level).padStart(5),
      String(requests).padStart(9),
      (ideal / 1000).toFixed(2).padStart(8),
      percent(bare / ideal).padStart(12),
      percent(plain / ideal).padStart(10),
      percent(measured.wallClockMs / ideal).padStart(12),
      percent(measured.wallClockMs / plain).padStart(15),
      `${(Math.max(...starts) - Math.min(...starts)).toFixed(1)} ms`.padStart(15),
      (measured.health?.cpuCores ?? 0).toFixed(2).padStart(10),
    ].join(' '),
  );
}
agent.destroy();
await mock.stop();
rmSync(dir, { recursive: true });
