/**
 * How far is a measured wall-clock above the ideal? Against an endpoint of constant latency L, n requests at a level take at
 * least ceil(n / level) × L. What is above it is the mock, the loopback, the client and the harness: every client in a plain loop
 * and through `bench`, at the same endpoint and level and one after the other, shows whose share is whose, in time and in CPU.
 * On an idle machine: npm run bench:wall-clock -- [L in ms] [levels] [rounds].
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SweepReport } from '../../src/analyze/report.ts';
import { startMock } from '../../src/cli/mock-process.ts';
import { type ClientKind, createClient } from '../../src/client/create-client.ts';
import type { TransportName } from '../../src/client/transports.ts';
import { readRecords } from '../../src/store/records.ts';
import { bench } from '../support/bench-process.ts';

const latency = Number(process.argv[2] ?? 100);
const levels = (process.argv[3] ?? '1,2,5,10,20,30,50').split(',').map(Number);
const rounds = Number(process.argv[4] ?? 40);
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

interface Way {
  readonly name: string;
  readonly kind: ClientKind;
  readonly transport: TransportName;
}

const WAYS: readonly Way[] = [
  { name: 'sdk', kind: 'sdk', transport: 'default' },
  { name: 'sdk, lean', kind: 'sdk', transport: 'lean' },
  { name: 'raw http', kind: 'http', transport: 'default' },
];

/** One call of `way`'s client with nothing of the harness around it. */
const plainCall = async (way: Way): Promise<() => Promise<void>> => {
  const client = await createClient({
    ...way,
    protocol: 'openai',
    baseUrl: `${mock.url}/v1`,
    model: 'm',
    apiKey: 'k',
  });
  const { signal } = new AbortController();
  const call = {
    messages: [{ role: 'user', content: 'Ticket #1' }],
    maxTokens: 50,
    stream: false,
  } as const;
  return async () => {
    for await (const _event of client.send(call, { signal }));
  };
};

interface Reading {
  readonly wallMs: number;
  readonly cpuUsPerCall: number;
  /** Of the first `level` requests, as the client saw them leave. */
  readonly startedWithinMs?: number;
}

/** The same closed loop with nothing around the call. */
const plainLoop = async (call: () => Promise<void>, level: number, requests: number): Promise<Reading> => {
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: level }, worker));
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuUsPerCall: (user + system) / requests };
};

/** The same through the command. */
const throughBench = async ({ kind, transport }: Way, level: number, requests: number): Promise<Reading> => {
  const args = `sweep --target openai --model m --base-url ${mock.url}/v1 --client ${kind} --transport ${transport} --levels ${level} --requests ${requests} --json --quiet`;
  const { code, stdout, stderr } = await bench(args.split(' '), { cwd: dir });
  if (code !== 0) throw new Error(stderr);
  const measured = (JSON.parse(stdout) as SweepReport).levels[0];
  if (!measured) throw new Error('no level in the report');
  const starts: number[] = [];
  for await (const record of readRecords(join(dir, 'results/latest/records.jsonl'))) {
    if (record.phase === 'measure' && record.index < level) starts.push(record.startedAt);
  }
  return {
    wallMs: measured.wallClockMs,
    cpuUsPerCall: ((measured.health?.cpuCores ?? 0) * measured.wallClockMs * 1000) / requests,
    startedWithinMs: Math.max(...starts) - Math.min(...starts),
  };
};

const calls = new Map<string, () => Promise<void>>([['node:http', bareCall]]);
for (const way of WAYS) calls.set(way.name, await plainCall(way));

console.log(
  `constant latency ${latency} ms, ${rounds} rounds per level, real time; warm, except that bench warms itself`,
);
console.log('level  way                  above ideal  CPU us/call  started within');
for (const call of calls.values()) await plainLoop(call, 50, 500);
for (const level of levels) {
  const requests = level * rounds;
  const line = (name: string, { wallMs, cpuUsPerCall, startedWithinMs }: Reading) =>
    console.log(
      [
        String(level).padStart(5),
        ` ${name.padEnd(19)}`,
        `${((wallMs / (rounds * latency) - 1) * 100).toFixed(2)} %`.padStart(12),
        cpuUsPerCall.toFixed(0).padStart(12),
        startedWithinMs === undefined ? '' : `${startedWithinMs.toFixed(1)} ms`.padStart(15),
      ].join(' '),
    );
  for (const [name, call] of calls) line(name, await plainLoop(call, level, requests));
  for (const way of WAYS) line(`bench, ${way.name}`, await throughBench(way, level, requests));
}
agent.destroy();
await mock.stop();
rmSync(dir, { recursive: true });
