import type { Answer, Call, ProviderBlock, Usage } from '../core/call.ts';
import type { RateLimitReading } from '../core/rate-limit.ts';

/** Clients emit, the runner stamps: no client reads a clock, so none can time itself differently. */
export type ClientEvent =
  /** Status and headers have arrived. */
  | { readonly type: 'headers'; readonly status: number; readonly rateLimit: RateLimitReading | undefined }
  /** Non-empty text of a stream: as the user reads it, or as the model thinks. */
  | { readonly type: 'delta'; readonly channel: 'content' | 'reasoning'; readonly text: string }
  /** Part of a tool call of a stream: the next piece of its arguments; the first part also has id and name. */
  | ({ readonly type: 'delta'; readonly channel: 'tool'; readonly text: string } & ToolPart)
  /** All of an answer that was not streamed. */
  | ({ readonly type: 'answer' } & Answer)
  /** All of a streamed answer in its provider's form, where the next turn must pass it back as it is. */
  | { readonly type: 'blocks'; readonly blocks: readonly ProviderBlock[] }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** Only on a genuine end of the answer; an attempt without it is `truncated`. */
  | { readonly type: 'finish'; readonly reason: string };

/** Which tool call of an answer a piece belongs to. */
export interface ToolPart {
  /** Same for all pieces of one call, ascending from call to call. */
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
}

/** What an attempt is given beside its call. */
export interface SendOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Speaks one protocol to one endpoint. */
export interface Client {
  readonly name: string;
  /** Exactly one attempt: never retries, never sleeps. Throws `RequestError`, also when `signal` aborts. */
  send(call: Call, options: SendOptions): AsyncIterable<ClientEvent>;
}

/** What every client needs to know about its endpoint. */
export interface ClientOptions {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string;
  /** Sent with every request, over the client's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the SDK's own `fetch`: a lean transport, in-process engines, tests. */
  readonly fetch?: typeof fetch;
  /** Handed to every call of the SDK's own `fetch`. */
  readonly fetchOptions?: object;
}
