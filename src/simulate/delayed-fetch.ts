import { type Clock, type Millis, sleep } from '../core/clock.ts';
import { parseTag, TAG_HEADER } from './attempt-tag.ts';
import type { Network } from './network.ts';

/** A body whose every piece, and whose end, arrives `back` later than it was sent. */
const delayed = (
  body: ReadableStream<Uint8Array>,
  clock: Clock,
  back: Millis,
): ReadableStream<Uint8Array> => {
  const reader = body.getReader();
  let cancelled = false;
  return new ReadableStream({
    start(controller) {
      const later = (deliver: () => void) =>
        clock.schedule(clock.now() + back, () => {
          if (!cancelled) deliver();
        });
      const pass = async (): Promise<void> => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          later(() => controller.enqueue(value));
        }
        later(() => controller.close());
      };
      // An abort reaches a reader at once; whatever else breaks the body travels like the rest of it.
      pass().catch((error: unknown) =>
        isAbort(error) ? controller.error(error) : later(() => controller.error(error)),
      );
    },
    cancel(reason) {
      cancelled = true;
      return reader.cancel(reason);
    },
  });
};

const isAbort = (error: unknown): boolean => !(error instanceof TypeError);

/** A `fetch` with a hop before and behind it, for SDKs in virtual time: the same draws as the direct client's. */
export const delayedFetch =
  (inner: typeof fetch, clock: Clock, { out, back: wayBack }: Network): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const named = parseTag(request.headers.get(TAG_HEADER) ?? '');
    const back = wayBack(named);
    await sleep(clock, out(named), request.signal);
    let response: Response;
    try {
      response = await inner(request);
    } catch (error) {
      if (!isAbort(error)) await sleep(clock, back, request.signal);
      throw error;
    }
    const { status, headers, body } = response;
    const travelling = body && back > 0 ? delayed(body, clock, back) : body;
    await sleep(clock, back, request.signal);
    return new Response(travelling, { status, headers });
  };
