import type { ServerResponse } from 'node:http';
import type { Headers, Outlet, SendOptions } from '../wire/wire.ts';

/** ASCII is written as Latin-1, which saves the encoder's work. */
const encodingOf = (text: string, bytes: number): 'latin1' | 'utf8' =>
  text.length === bytes ? 'latin1' : 'utf8';

/** Bytes of a text. What is known to be ASCII is not looked at: that would copy a text that is still in pieces. */
const bytesOf = (text: string, ascii: boolean): number => (ascii ? text.length : Buffer.byteLength(text));

/**
 * Idle connections stay open, so that a client never meets a closing one; this tells clients that they may keep theirs. The
 * server's own time-out, which would say so too, costs two changes of a timer for each request.
 */
const KEEP_ALIVE = 'timeout=600';

/** The line before a chunk, by its size in bytes. */
const SIZE_LINES = Array.from({ length: 1024 }, (_, bytes) => `${bytes.toString(16)}\r\n`);
const sizeLine = (bytes: number): string => SIZE_LINES[bytes] ?? `${bytes.toString(16)}\r\n`;

/**
 * An answer on a socket. Streamed pieces are framed here (RFC 9112, 7.1) and written to the socket as one string, because
 * `ServerResponse.write` makes three writes of each; the head and the end are node's.
 */
export class SocketOutlet implements Outlet {
  readonly #response: ServerResponse;
  #headIsOut = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  send(status: number, headers: Headers, body: string, options?: SendOptions): void {
    const response = this.#response;
    const bytes = bytesOf(body, options?.ascii === true);
    const fields: Record<string, string | number> = headers;
    fields['content-length'] = bytes;
    fields['keep-alive'] = KEEP_ALIVE;
    response.writeHead(status, fields);
    if (options?.hangUp) this.#hangUp();
    response.end(body, encodingOf(body, bytes));
  }

  begin(status: number, headers: Headers): void {
    const fields: Record<string, string> = headers;
    fields['keep-alive'] = KEEP_ALIVE;
    this.#response.writeHead(status, fields);
  }

  write(text: string, ascii = false): void {
    const response = this.#response;
    const { socket } = response;
    if (!this.#headIsOut || !socket || !response.chunkedEncoding) {
      // Head and first piece leave together. Without a socket an earlier answer of the connection is still on its way;
      // without chunks the client speaks HTTP/1.0.
      this.#headIsOut = true;
      response.write(text);
      return;
    }
    const bytes = bytesOf(text, ascii);
    socket.write(`${sizeLine(bytes)}${text}\r\n`, encodingOf(text, bytes));
  }

  end(text: string, hangUp = false): void {
    if (hangUp) this.#hangUp();
    this.#response.end(text);
  }

  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  /** Closes the connection once the answer is out, without having announced it. */
  #hangUp(): void {
    const { socket } = this.#response;
    this.#response.on('finish', () => socket?.destroy());
  }
}
