import type { Call } from '../core/call.ts';
import type { RequestError } from '../core/errors.ts';
import { type Api, notAnAnswer } from './api.ts';
import { classify, type Progress, truncated } from './classify.ts';
import type { ClientEvent, SendOptions } from './client.ts';
import type { HeaderView } from './header-view.ts';
import { readBodyBytes, readRateLimit } from './rate-headers.ts';
import { TokenTally } from './token-tally.ts';

/** A response whose status and headers have arrived. */
export interface Opened {
  readonly status: number;
  readonly headers: HeaderView;
  /** The whole answer's JSON, or its frames as they come. */
  answer(): Promise<unknown>;
}

/** What an SDK returns from a call: the answer, and before it the response. */
export interface SentBySdk extends PromiseLike<unknown> {
  asResponse(): Promise<Response>;
}

/** The response to a call of an SDK. */
export const openedBySdk = async (sent: SentBySdk): Promise<Opened> => {
  const { status, headers } = await sent.asResponse();
  return { status, headers, answer: async () => sent };
};

/** One attempt: what to send, how it travels, and what must never be repeated in a message. */
export interface Attempt {
  readonly api: Api;
  readonly call: Call;
  readonly secrets: readonly string[];
  open(options: { readonly signal: AbortSignal; readonly headers?: Record<string, string> }): Promise<Opened>;
}

const isFrames = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

/**
 * Makes one attempt: its headers as soon as they arrive, then what the API makes of the answer. Whatever goes wrong on the way
 * is classified by how far the attempt had come.
 */
export async function* attempt(
  { api, call, secrets, open }: Attempt,
  { signal, headers }: SendOptions,
): AsyncGenerator<ClientEvent> {
  let status: number | undefined;
  let bodyBytes: number | undefined;
  const progress = (): Progress => ({ status, bodyBytes, signal, secrets });
  const tally = new TokenTally(call);
  const events: ClientEvent[] = [];
  try {
    const response = await open({ signal, ...(headers ? { headers: { ...headers } } : {}) });
    status = response.status;
    bodyBytes = readBodyBytes(response.headers);
    yield { type: 'headers', status, rateLimit: readRateLimit(response.headers) };
    const answer = await response.answer();
    let reason: string | undefined;
    if (isFrames(answer)) {
      const reader = api.reader();
      for await (const frame of answer) {
        reader.read(frame, events);
        for (const event of events) {
          tally.add(event);
          yield event;
        }
        events.length = 0;
      }
      // An aborted or cut stream ends the loop without an error: only the terminal event makes it an answer.
      if (reader.finishReason === undefined || signal.aborted) throw truncated(progress());
      reason = reader.finishReason;
    } else {
      reason = api.whole(answer, events);
      if (reason === undefined) throw notAnAnswer(api.name, status);
      for (const event of events) {
        tally.add(event);
        yield event;
      }
    }
    const usage = tally.estimate();
    if (usage) yield { type: 'usage', usage };
    yield { type: 'finish', reason };
  } catch (error) {
    const failed = classify(error, progress());
    throw isCharged(failed) ? failed.with(tally.partial()) : failed;
  }
}

/** Whether the model has probably worked for an answer that failed: it began, or it was given up before it did. */
const isCharged = ({ failure: { kind, status } }: RequestError): boolean =>
  status === undefined ? kind === 'timeout' || kind === 'cancelled' : status < 400;
