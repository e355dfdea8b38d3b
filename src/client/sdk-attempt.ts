import { classify, type Progress } from './classify.ts';
import type { ClientEvent, SendOptions } from './client.ts';
import { readBodyBytes, readRateLimit } from './rate-headers.ts';

/** What both SDKs return from a call: the answer, and before it the response. */
interface ApiPromise<Answer> extends PromiseLike<Answer> {
  asResponse(): Promise<Response>;
}

/** What an SDK takes beside the body. */
interface RequestOptions {
  readonly signal: AbortSignal;
  readonly headers?: Record<string, string>;
}

/**
 * One attempt through an SDK: its headers as soon as they arrive, then what `read` makes of the answer. Both await the same
 * exchange. Whatever goes wrong on the way is classified by how far the attempt had come.
 */
export async function* sdkAttempt<Answer>(
  send: (options: RequestOptions) => ApiPromise<Answer>,
  read: (answer: Answer, progress: () => Progress) => AsyncIterable<ClientEvent> | Iterable<ClientEvent>,
  { signal, headers }: SendOptions,
  secret: string,
): AsyncGenerator<ClientEvent> {
  let status: number | undefined;
  let bodyBytes: number | undefined;
  const progress = (): Progress => ({ status, bodyBytes, signal, secret });
  try {
    const promise = send({ signal, ...(headers ? { headers: { ...headers } } : {}) });
    const response = await promise.asResponse();
    status = response.status;
    bodyBytes = readBodyBytes(response.headers);
    yield { type: 'headers', status, rateLimit: readRateLimit(response.headers) };
    yield* read(await promise, progress);
  } catch (error) {
    throw classify(error, progress());
  }
}
