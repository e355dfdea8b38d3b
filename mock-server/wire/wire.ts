import type { Millis } from '../../src/core/clock.ts';
import type { Standing } from '../engine/bucket.ts';
import type { Opening, Refusal } from '../engine/listener.ts';
import type { Reading } from '../engine/request.ts';

/** Header fields by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** One HTTP request, read whole by a carrier. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Fields by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** The body was larger than the carrier takes; `body` is then empty. */
  readonly oversized: boolean;
}

/** What a carrier may know about a whole answer. */
export interface SendOptions {
  /** Closes the connection afterwards without having said so. */
  readonly hangUp?: boolean;
  /** The body is ASCII: nobody needs to look. */
  readonly ascii?: boolean;
}

/** Where an answer goes; a carrier knows how to move it, and how to make a reset hurt. */
export interface Outlet {
  /** A whole answer. */
  send(status: number, headers: Headers, body: string, options?: SendOptions): void;
  /** The head of a streamed answer. */
  begin(status: number, headers: Headers): void;
  /** `ascii` saves the carrier from looking at the text. */
  write(text: string, ascii?: boolean): void;
  /** The last piece and the end of the body, in one write. */
  end(text: string, hangUp?: boolean): void;
  /** Breaks the connection at once. */
  reset(): void;
}

/** A complete answer that is not streamed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What a field must hold: a `count` is a whole number of at least 1, `objects` a list of objects that is not empty. */
export type FieldType = 'string' | 'boolean' | 'count' | 'objects' | 'prompt';

/** A request that is wrong before the engine sees it. */
export type Problem =
  | { readonly kind: 'no-route' | 'method' | 'too-large' | 'no-key' | 'no-version'; readonly detail?: string }
  | { readonly kind: 'json' | 'invalid'; readonly detail: string; readonly parameter?: string }
  | { readonly kind: 'missing' | 'unknown' | 'empty'; readonly parameter: string }
  | {
      readonly kind: 'mistyped';
      readonly parameter: string;
      /** Index of the wrong one, where the field is a list. */
      readonly place?: number;
      readonly expected: FieldType | 'object';
      readonly value: unknown;
    }
  | { readonly kind: 'too-small'; readonly parameter: string; readonly value: unknown }
  | { readonly kind: 'no-model'; readonly detail: string };

/** The circumstances of an answer that its headers tell. */
export interface Circumstances {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly model: string;
  /** Model time now, and Unix time of model time 0. */
  readonly now: Millis;
  readonly epoch: number;
  /** Time since the request arrived. */
  readonly taken: Millis;
  readonly retryAfter: boolean;
  readonly retryAfterMs: boolean;
}

/** A provider's manner of speaking about errors and limits. */
export interface Dialect {
  readonly name: 'openai' | 'azure' | 'gemini' | 'anthropic';
  /** Header fields of every successful answer. */
  headers(standings: readonly Standing[], at: Circumstances): Record<string, string>;
  refusal(refusal: Refusal, at: Circumstances): Answer;
  problem(problem: Problem, at: Circumstances): Answer;
}

/** Turns one answer into bytes: whole, or frame by frame. */
export interface Encoder {
  /** Whether the chunks of this answer, or the whole of it, are certainly ASCII. */
  ascii(opening: Opening, part: 'chunks' | 'whole'): boolean;
  whole(opening: Opening): string;
  /** Frames before the first chunk. */
  open(opening: Opening): string;
  chunks(from: number, to: number): string;
  /** Frames after the last chunk, without the terminator. */
  close(): string;
  /** The last frame, by which a client knows that the answer is whole. */
  terminator(): string;
  /** An error event in the middle of a stream. */
  failure(): string;
}

/** What an endpoint makes of a request body. */
export interface Parsed {
  readonly reading: Reading;
  encoder(identity: Identity): Encoder;
}

/** Names and times that make two answers of the same content differ. */
export interface Identity {
  /** Unique per attempt, hexadecimal. */
  readonly id: string;
  /** Unix seconds in model time. */
  readonly created: number;
}

/** One generating API. */
export interface Endpoint {
  readonly name: string;
  parse(body: JsonObject): Parsed | Problem;
}

/** A parsed JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells objects from everything else JSON can be. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
