import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BARE, requestText, type Server, start, startMock, stop, usage } from './servers.ts';

const open = async (port: number): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return socket;
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

/** Whole answers of the mock beside those of the bare server, in turns. */
export const compareAnswers = async (rounds: number) => {
  const bare = await start(BARE, []);
  const mock = await startMock(['--profile=unlimited']);
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
