import type { App } from '../app.ts';
import type { Outlet } from '../wire/wire.ts';

const resetError = (message: string): TypeError =>
  new TypeError(message, { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });

/**
 * Answers one web-standard request. A reset before the headers rejects like a failed fetch, a later one breaks the body.
 * There is no connection to hang up on: `close-early` shows nothing here.
 */
export const respond = async (app: App, request: Request): Promise<Response> => {
  const { signal } = request;
  signal.throwIfAborted();
  const body = await request.text();
  const url = new URL(request.url);
  const encoder = new TextEncoder();
  return new Promise((resolve, reject) => {
    let abandon = () => {};
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
    const onAbort = () => {
      abandon();
      reject(signal.reason);
      if (stream) stream.error(signal.reason);
      stream = undefined;
    };
    const over = () => {
      stream = undefined;
      signal.removeEventListener('abort', onAbort);
    };
    const outlet: Outlet = {
      send(status, headers, text) {
        over();
        resolve(new Response(text, { status, headers }));
      },
      begin(status, headers) {
        const readable = new ReadableStream<Uint8Array>({
          start(controller) {
            stream = controller;
          },
          cancel() {
            over();
            abandon();
          },
        });
        resolve(new Response(readable, { status, headers }));
      },
      write: (text) => stream?.enqueue(encoder.encode(text)),
      end(text) {
        if (text !== '') stream?.enqueue(encoder.encode(text));
        stream?.close();
        over();
      },
      reset() {
        reject(resetError('fetch failed'));
        stream?.error(resetError('terminated'));
        over();
      },
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const headers = Object.fromEntries(request.headers);
    const message = {
      method: request.method,
      url: url.pathname + url.search,
      headers,
      body,
      oversized: false,
    };
    abandon = app.handle(message, outlet);
  });
};

/** A `fetch` that never leaves the process, for the SDKs' `fetch` option: `new OpenAI({ fetch: mockFetch(app) })`. */
export const mockFetch =
  (app: App): typeof fetch =>
  (input, init) =>
    respond(app, new Request(input, init));
