import { createParser } from 'eventsource-parser';
import { failureFrame } from './api.ts';
import { attempt, type Opened } from './attempt.ts';
import type { Client, ClientOptions } from './client.ts';
import { HeaderList } from './header-list.ts';
import { apiOf, type Protocol } from './provider-apis.ts';
import { type PooledResponse, poolFor } from './undici-pool.ts';

const AUTHORIZATION: Readonly<Record<Protocol, (key: string) => Readonly<Record<string, string>>>> = {
  openai: (key) => ({ authorization: `Bearer ${key}` }),
  anthropic: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
};

/** The same wire formats without an SDK, straight over `undici`: what a call costs that no library wraps. */
export const httpClient = (
  protocol: Protocol,
  { baseUrl, model, apiKey, headers: extra = {} }: ClientOptions,
): Client => {
  const { origin, pathname, hostname } = new URL(baseUrl);
  const root = pathname.replace(/\/+$/, '');
  const send = poolFor(origin);
  const own = {
    'content-type': 'application/json',
    'user-agent': 'sweetspot',
    ...AUTHORIZATION[protocol](apiKey),
    ...extra,
  };
  const addressee = { model, isOpenAi: hostname === 'api.openai.com' };
  return {
    name: `${protocol} over http`,
    send(call, options) {
      const api = apiOf(protocol, call);
      const body = JSON.stringify(api.body(call, addressee));
      const path = root + api.path;
      return attempt(
        {
          api,
          call,
          secrets: [apiKey, ...Object.values(extra)],
          open: async ({ signal, headers }) =>
            opened(
              await send({
                path,
                method: 'POST',
                headers: headers ? { ...own, ...headers } : own,
                body,
                signal,
              }),
              call.stream,
            ),
        },
        options,
      );
    },
  };
};

const opened = async (response: PooledResponse, stream: boolean): Promise<Opened> => {
  const { statusCode: status, body } = response;
  const headers = new HeaderList(response.headers);
  if (status < 200 || status > 299) throw statusError(status, headers, await body.text());
  const isJson = /\bjson\b/i.test(headers.get('content-type') ?? '');
  return {
    status,
    headers,
    async answer() {
      if (stream) return frames(body);
      const text = await body.text();
      return isJson && text !== '' ? JSON.parse(text) : text;
    },
  };
};

/** An HTTP error with the fields by which an SDK's would be classified. */
const statusError = (status: number, headers: HeaderList, text: string): Error => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const told = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  const { message, code, type } = failureFrame(told) as Error & { code?: unknown; type?: unknown };
  const words = told === undefined ? text : message;
  return Object.assign(new Error(`${status} ${words}`), { status, headers, error: body, code, type });
};

/** The JSON of each server-sent event. Ends at `[DONE]` or with the body; what is left after `[DONE]` is read and dropped. */
async function* frames(body: PooledResponse['body']): AsyncGenerator<unknown> {
  const texts: string[] = [];
  const parser = createParser({
    onEvent({ event, data }) {
      texts.push(event === 'error' ? `{"error":${data}}` : data);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    for (const text of texts) {
      if (text === '[DONE]') {
        void body.dump().catch(() => {});
        return;
      }
      const frame: unknown = JSON.parse(text);
      if (typeof frame === 'object' && frame !== null && 'error' in frame && frame.error)
        throw failureFrame(innermost(frame.error));
      yield frame;
    }
    texts.length = 0;
  }
}

/** An error event holds its error in a field of that name, or is it. */
const innermost = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'error' in error && error.error ? error.error : error;
