import type { Call } from '../core/call.ts';
import { RequestError, UsageError } from '../core/errors.ts';
import type { ClientEvent } from './client.ts';

/** A request's body before it becomes JSON. */
export type JsonBody = Readonly<Record<string, unknown>>;

/** What a request body depends on besides its call. */
export interface Addressee {
  readonly model: string;
  /** OpenAI itself, which has renamed a parameter that many compatible servers know only by its old name. */
  readonly isOpenAi: boolean;
}

/** Makes sense of one streamed answer, frame by frame. Static types of frames are a promise, not a fact: read with care. */
export interface FrameReader {
  /** Adds what a frame says to `out`. Throws `RequestError` where the frame reports a failure. */
  read(frame: unknown, out: ClientEvent[]): void;
  /** Why the answer ended; `undefined` until its terminal event has come. */
  readonly finishReason: string | undefined;
}

/** One HTTP API of a provider, apart from how its bytes travel: the SDK's client and the raw one share it. */
export interface Api {
  /** In the plural, for messages: `chat completions`. */
  readonly name: string;
  /** Below the base URL. */
  readonly path: string;
  /** Throws `UsageError` for a call that it cannot carry. */
  body(call: Call, addressee: Addressee): JsonBody;
  /** Adds what a whole answer says to `out` and returns why it ended; `undefined` if it is no answer of this API. */
  whole(answer: unknown, out: ClientEvent[]): string | undefined;
  reader(): FrameReader;
}

type Wish = Exclude<keyof Call, 'messages' | 'maxTokens' | 'stream' | 'model' | 'endpoint'>;

/** Refuses a call that asks for what an API has no field for: left out silently, something else would be measured. */
export const refuse = (api: string, call: Call, wishes: readonly Wish[]): void => {
  const wish = wishes.find((name) => call[name] !== undefined);
  if (wish === undefined) return;
  throw new UsageError(
    `the scenario asks for ${wish}, which the API of ${api} does not have`,
    `Leave ${wish} out of the scenario, or choose another --target or endpoint.`,
  );
};

/** A frame by which a provider says, under HTTP 200, that the answer has failed. */
export const failureFrame = (error: unknown): Error => {
  const { message, type, code } =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  return Object.assign(new Error(typeof message === 'string' ? message : 'the endpoint reports an error'), {
    error: error ?? {},
    type,
    code,
  });
};

/** The failure of an answer that is of another kind than its API has. */
export const notAnAnswer = (api: string, status: number | undefined): RequestError =>
  new RequestError({
    kind: 'protocol',
    message: `the answer is none of the API of ${api}: it does not say why it ended`,
    ...(status === undefined ? {} : { status }),
  });

/** An object to read fields from, whatever it is. */
export const fieldsOf = <Shape extends object>(value: unknown): Partial<Shape> =>
  typeof value === 'object' && value !== null ? (value as Partial<Shape>) : {};
