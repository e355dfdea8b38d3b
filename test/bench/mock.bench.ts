/**
 * Speed of the mock server, as ratios and lateness within one run: `npm run bench:mock`. The server runs in a process of its
 * own and measures its own lateness; this process is a bare client on raw sockets.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { MOCK_NODE_FLAGS, mockEntry } from '../../src/cli/mock-process.ts';

const BARE = fileURLToPath(new URL('./bare-server.ts', import.meta.url));
const TOKENS_PER_SECOND = 50;

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

const start = async (
  program: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<Server> => {
  const child = fork(program, args, { stdio: 'inherit', execArgv: [...flags] });
  const [message] = (await once(child, 'message')) as [{ readonly port: number }];
  return { child, port: message.port };
};

const stop = async ({ child }: Server): Promise<void> => {
  child.send({ type: 'stop' });
  await once(child, 'exit');
};

/** Processes of a server: its own and, with workers, theirs. */
const processesOf = (pid: number): readonly number[] => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => processesOf(Number(child)))];
};

/** CPU seconds and resident bytes of all processes of a server; `undefined` where there is no /proc. */
const usage = ({ child }: Server): { readonly cpu: number; readonly memory: number } | undefined => {
  try {
    let cpu = 0;
    let memory = 0;
    for (const pid of processesOf(child.pid ?? 0)) {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      cpu += (Number(fields[11]) + Number(fields[12])) / 100;
      memory += Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
    }
    return { cpu, memory };
  } catch {
    return undefined;
  }
};

/** A connection that reads into one shared buffer, so that the client costs as little as possible. */
const openCounting = async (port: number, onRead: (piece: Buffer) => void): Promise<Socket> => {
  const socket = connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer: SHARED,
      callback: (bytes, buffer) => {
        onRead(Buffer.from(buffer.buffer, 0, bytes));
        return true;
      },
    },
  });
  await once(socket, 'connect');
  return socket;
};

const SHARED = Buffer.from(new ArrayBuffer(65_536));

const open = async (port: number): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return socket;
};

const requestText = (body: object): string => {
  const json = JSON.stringify(body);
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: mock\r\ncontent-type: application/json\r\nauthorization: Bearer k\r\ncontent-length: ${json.length}\r\n\r\n${json}`;
};

const count = (piece: Buffer, needle: string): number => {
  let found = 0;
  for (let at = piece.indexOf(needle); at >= 0; at = piece.indexOf(needle, at + needle.length)) found++;
  return found;
};

interface StreamFigures {
  readonly server: 'bare' | 'mock';
  readonly streams: number;
  readonly deliveredPercent: number;
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
  readonly cpuMicrosPerToken: number | undefined;
  readonly kilobytesPerStream: number | undefined;
}

const state = async (port: number) =>
  (await (await fetch(`http://127.0.0.1:${port}/__bench/state`)).json()) as {
    readonly lateness: { readonly p50Ms: number; readonly p99Ms: number };
  };

const startMock = (tokens: number, workers: number): Promise<Server> =>
  start(
    mockEntry,
    ['--profile=paced', '--set=latency.ttft=2s', `--set=output.tokens=${tokens}`, `--workers=${workers}`],
    MOCK_NODE_FLAGS,
  );

/** Tokens of each warm-up stream: a program's first seconds, before it is compiled, say nothing of the hours after them. */
const WARM_UP_TOKENS = 100;

/** A bare client of many streams at once. */
class StreamLoad {
  readonly #sockets: Socket[] = [];
  #frames = 0;
  #ended = 0;
  #finish = () => {};

  #onRead = (piece: Buffer): void => {
    this.#frames += count(piece, '"delta":{"content":"');
    if (piece.includes('data: [DONE]') && ++this.#ended === this.#sockets.length) this.#finish();
  };

  async connect(port: number, streams: number): Promise<void> {
    while (this.#sockets.length < streams) this.#sockets.push(await openCounting(port, this.#onRead));
  }

  /** One stream of `tokens` on each connection; the result is how many tokens came. */
  async play(tokens: number): Promise<number> {
    const request = requestText({
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
      max_tokens: tokens,
    });
    this.#frames = 0;
    this.#ended = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#finish = resolve;
    for (const [index, socket] of this.#sockets.entries()) {
      // Spread over a second, and over one token's time, as independent clients would be.
      const token = Math.floor((index / this.#sockets.length) * TOKENS_PER_SECOND);
      setTimeout(() => socket.write(request), (token + (index % 200) / 200) * (1000 / TOKENS_PER_SECOND));
    }
    const patience = setTimeout(resolve, (tokens / TOKENS_PER_SECOND + 15) * 1000);
    await promise;
    clearTimeout(patience);
    return this.#frames;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

const streaming = async (
  name: StreamFigures['server'],
  streams: number,
  seconds: number,
  workers: number,
): Promise<StreamFigures> => {
  const tokens = TOKENS_PER_SECOND * seconds;
  const server = name === 'mock' ? await startMock(tokens, workers) : await start(BARE, []);
  const load = new StreamLoad();
  const idle = usage(server);
  await load.connect(server.port, streams);
  await load.play(WARM_UP_TOKENS);
  await fetch(`http://127.0.0.1:${server.port}/__bench/reset`, { method: 'POST' });
  const before = usage(server);
  const frames = await load.play(tokens);
  const after = usage(server);
  const { lateness } = await state(server.port);
  load.close();
  await stop(server);
  return {
    server: name,
    streams,
    deliveredPercent: Math.round((frames / (streams * tokens)) * 1000) / 10,
    latenessP50Ms: Math.round(lateness.p50Ms * 100) / 100,
    latenessP99Ms: Math.round(lateness.p99Ms * 100) / 100,
    cpuMicrosPerToken:
      before && after && Math.round(((after.cpu - before.cpu) * 1e7) / (streams * tokens)) / 10,
    kilobytesPerStream: idle && after && Math.round((after.memory - idle.memory) / streams / 102.4) / 10,
  };
};

const CONNECTIONS = 32;

/**
 * Keeps this process awake. A client that sleeps between answers has to be woken for each, which costs the server's core more
 * than sending it, and the slower server more often: without this the ratio shows mostly that.
 */
const stayAwake = (): (() => void) => {
  let awake = true;
  const turn = () => {
    if (awake) setImmediate(turn);
  };
  turn();
  return () => {
    awake = false;
  };
};

/** The whole answers of a server under closed-loop load, over connections that stay open from turn to turn. */
class AnswerLoad {
  readonly #server: Server;
  readonly #request = requestText({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
  readonly #sockets: Socket[] = [];
  #answers = 0;
  #busy = 0;
  #isOn = false;
  #drained = () => {};

  constructor(server: Server) {
    this.#server = server;
  }

  async connect(): Promise<void> {
    for (let connection = 0; connection < CONNECTIONS; connection++) {
      const socket = await open(this.#server.port);
      socket.on('data', () => this.#answered(socket));
      this.#sockets.push(socket);
    }
  }

  /** Requests per second, and CPU microseconds per request. */
  async turn(seconds: number): Promise<{ readonly rate: number; readonly cpuMicros: number }> {
    this.#answers = 0;
    this.#isOn = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    const before = usage(this.#server);
    const started = performance.now();
    for (const socket of this.#sockets) this.#ask(socket);
    await new Promise((wake) => setTimeout(wake, seconds * 1000));
    const rate = (this.#answers / (performance.now() - started)) * 1000;
    const after = usage(this.#server);
    const answers = this.#answers;
    this.#isOn = false;
    await promise;
    return { rate, cpuMicros: before && after ? ((after.cpu - before.cpu) / answers) * 1e6 : Number.NaN };
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #ask(socket: Socket): void {
    this.#busy++;
    socket.write(this.#request);
  }

  #answered(socket: Socket): void {
    this.#busy--;
    this.#answers++;
    if (this.#isOn) this.#ask(socket);
    else if (this.#busy === 0) this.#drained();
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Length of a turn: a machine's speed drifts within seconds, and two servers are compared only by turns that follow each other. */
const TURN_SECONDS = 0.5;

const compareThroughput = async (rounds: number) => {
  const bare = await start(BARE, []);
  const mock = await start(mockEntry, ['--profile=unlimited'], MOCK_NODE_FLAGS);
  const loads = { bare: new AnswerLoad(bare), mock: new AnswerLoad(mock) };
  const sleep = stayAwake();
  for (const load of [loads.bare, loads.mock]) {
    await load.connect();
    await load.turn(2);
  }
  const turns = { bare: [] as number[], mock: [] as number[] };
  const cpu = { bare: [] as number[], mock: [] as number[] };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['bare', 'mock'] as const) : (['mock', 'bare'] as const);
    for (const name of order) {
      const figures = await loads[name].turn(TURN_SECONDS);
      turns[name].push(figures.rate);
      cpu[name].push(figures.cpuMicros);
    }
    ratios.push((turns.mock[round] ?? Number.NaN) / (turns.bare[round] ?? Number.NaN));
  }
  sleep();
  for (const load of [loads.bare, loads.mock]) load.close();
  await stop(bare);
  await stop(mock);
  const sorted = ratios.toSorted((a, b) => a - b);
  const quartile = (share: number): number =>
    Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN) * 100) / 100;
  return {
    bareRequestsPerSecond: Math.round(median(turns.bare)),
    mockRequestsPerSecond: Math.round(median(turns.mock)),
    ratio: Math.round(median(ratios) * 100) / 100,
    ratioQuartiles: [quartile(0.25), quartile(0.75)],
    bareCpuMicros: Math.round(median(cpu.bare)),
    mockCpuMicros: Math.round(median(cpu.mock)),
  };
};

const quick = process.argv.includes('--quick');
const workers = Number(
  process.argv.find((argument) => /^--workers=/.test(argument))?.slice('--workers='.length) ?? 1,
);
const only = process.argv.find((argument) => /^--only=/.test(argument))?.slice('--only='.length);
if (!only || only === 'throughput') console.log('whole answers', await compareThroughput(quick ? 10 : 40));
for (const streams of quick ? [1000] : [500, 1000, 2000])
  if (!only || only === 'streams')
    for (const server of ['bare', 'mock'] as const)
      console.log('streams', await streaming(server, streams, quick ? 4 : 8, workers));
