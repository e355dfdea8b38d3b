import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BARE, requestText, type Server, start, startMock, stop, usage } from './servers.ts';

const TOKENS_PER_SECOND = 50;

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

const count = (piece: Buffer, needle: string): number => {
  let found = 0;
  for (let at = piece.indexOf(needle); at >= 0; at = piece.indexOf(needle, at + needle.length)) found++;
  return found;
};

const state = async (port: number) =>
  (await (await fetch(`http://127.0.0.1:${port}/__bench/state`)).json()) as {
    readonly lateness: { readonly p50Ms: number; readonly p99Ms: number };
  };

const startPaced = (tokens: number, workers: number): Promise<Server> =>
  startMock([
    '--profile=paced',
    '--set=latency.ttft=2s',
    `--set=output.tokens=${tokens}`,
    `--workers=${workers}`,
  ]);

/** What many streams at once cost a server, and how late it was. */
export interface StreamFigures {
  readonly server: 'bare' | 'mock';
  readonly streams: number;
  readonly deliveredPercent: number;
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
  readonly cpuMicrosPerToken: number | undefined;
  readonly kilobytesPerStream: number | undefined;
}

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

/** Plays streams of so many seconds at once. */
export const streaming = async (
  name: StreamFigures['server'],
  streams: number,
  seconds: number,
  workers: number,
): Promise<StreamFigures> => {
  const tokens = TOKENS_PER_SECOND * seconds;
  const server = name === 'mock' ? await startPaced(tokens, workers) : await start(BARE, []);
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
