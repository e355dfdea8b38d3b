import { createServer, IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, ScaledClock } from '../../src/core/clock.ts';
import { type App, createApp } from '../app.ts';
import { Engine } from '../engine/engine.ts';
import type { Profile } from '../engine/profile.ts';
import { namedProfile } from '../profiles/index.ts';
import { WheelClock } from '../wheel-clock.ts';
import { SocketOutlet } from './socket-outlet.ts';

/** How a mock server is started. */
export interface MockServerOptions {
  /** A profile, or the name of a built-in one. */
  readonly profile: Profile | string;
  /** Loopback unless another interface is named. */
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port?: number;
  /** Model time over real time. */
  readonly speed?: number;
  readonly seed?: number;
  /** Model time; replaces real time and `speed`. */
  readonly clock?: Clock;
  /** Larger bodies are answered with 413. */
  readonly maxBodyBytes?: number;
}

/** A listening mock server. */
export interface MockServer {
  /** Origin without a trailing slash: `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly port: number;
  readonly engine: Engine;
  /** Brings in what other processes of the server know; engine and ledger are then up to date. */
  gather(): Promise<void>;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 32 * 2 ** 20;

/** What a body is given to when the last of it is in. */
type OnBody = (body: Buffer, oversized: boolean) => void;

/**
 * A request whose body is kept as it comes from the parser. Nobody reads these as streams, and a stream's buffer, events and
 * flow cost a tenth of an answer.
 */
class WholeRequest extends IncomingMessage {
  #pieces: Buffer[] = [];
  #size = 0;
  #most = 0;
  #onBody: OnBody | undefined;
  /** In the parser's hands until the last of it is in: what node asks before it lets go of a request. */
  override readableEnded = false;

  /** Given the body once it is in, at most `most` bytes of it. */
  collect(most: number, onBody: OnBody): void {
    this.#most = most;
    this.#onBody = onBody;
  }

  /** Nothing is held back that could flow: node asks for it once the answer is out. */
  override resume(): this {
    return this;
  }

  override push(piece: Buffer | null): boolean {
    if (piece === null) {
      this.readableEnded = true;
      const [only] = this.#pieces;
      const body = this.#pieces.length === 1 && only ? only : Buffer.concat(this.#pieces);
      this.#onBody?.(body, this.#size > this.#most);
    } else {
      this.#size += piece.length;
      // Read on: a client that is still sending when the connection closes never sees its answer.
      if (this.#size <= this.#most) this.#pieces.push(piece);
      else this.#pieces.length = 0;
    }
    return true;
  }
}

const answer = (app: App, maxBodyBytes: number, message: WholeRequest, response: ServerResponse): void =>
  message.collect(maxBodyBytes, (body, oversized) => {
    const { method = 'GET', url = '/', headers } = message;
    const request = { method, url, headers, body: body.toString(), oversized };
    const abandon = app.handle(request, new SocketOutlet(response));
    if (!response.writableEnded) response.on('close', abandon);
  });

/** Where an app listens. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly maxBodyBytes: number | undefined;
}

/** Opens an app's sockets. */
export const listen = async (
  app: App,
  options: ListenOptions,
): Promise<Omit<MockServer, 'engine' | 'gather'>> => {
  const { host, port, maxBodyBytes = MAX_BODY_BYTES } = options;
  const server = createServer(
    {
      IncomingMessage: WholeRequest,
      noDelay: true,
      keepAliveTimeout: 0,
      requestTimeout: 0,
      headersTimeout: 0,
      keepAlive: true,
    },
    (message, response) => answer(app, maxBodyBytes, message, response),
  );
  server.maxRequestsPerSocket = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 4096 }, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** The app on real sockets: the carrier whose figures count. */
export const startMockServer = async (options: MockServerOptions): Promise<MockServer> => {
  const { host = '127.0.0.1', port = 0, speed = 1, seed = 1, maxBodyBytes } = options;
  const profile = typeof options.profile === 'string' ? namedProfile(options.profile) : options.profile;
  const clock = options.clock ?? (speed === 1 ? new WheelClock() : new ScaledClock(new WheelClock(), speed));
  const engine = new Engine({ clock, profile, seed, speed });
  const app = createApp(engine, seed);
  const server = await listen(app, { host, port, maxBodyBytes });
  return { ...server, engine, gather: () => Promise.resolve() };
};
