import { HeaderList } from './header-list.ts';
import { type PooledRequest, type PooledResponse, poolFor } from './undici-pool.ts';

/** The part of a `Response` that the SDKs read. Its body is a stream of bytes that can be iterated, as they do. */
class LeanResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: HeaderList;
  readonly url: string;
  readonly body: PooledResponse['body'];

  constructor(url: string, { statusCode, headers, body }: PooledResponse) {
    this.status = statusCode;
    this.ok = statusCode >= 200 && statusCode < 300;
    this.headers = new HeaderList(headers);
    this.url = url;
    this.body = body;
  }

  text(): Promise<string> {
    return this.body.text();
  }

  json(): Promise<unknown> {
    return this.body.json();
  }
}

/**
 * A `fetch` for the SDKs' option of that name, straight onto `undici`: no web streams, no `Request`, no `Response`, which is
 * most of what a call through the platform's `fetch` costs. Unlike that one it follows no redirects and asks for no compression.
 */
export const leanFetch = (baseUrl: string): typeof fetch => {
  const { origin } = new URL(baseUrl);
  const send = poolFor(origin);
  const lean = async (address: string, init: RequestInit): Promise<LeanResponse> => {
    const response = await send({
      path: address.slice(origin.length),
      method: (init.method ?? 'GET') as PooledRequest['method'],
      headers: Object.fromEntries(init.headers as Headers),
      body: (init.body ?? null) as string | null,
      signal: init.signal ?? null,
    });
    return new LeanResponse(address, response);
  };
  return lean as unknown as typeof fetch;
};
