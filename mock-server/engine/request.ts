import type { Millis } from '../../src/core/clock.ts';
import type { Override } from './override.ts';
import type { Output, ToolWish } from './output.ts';
import type { Standing } from './bucket.ts';

/** What a request asks for. */
export interface Reading {
  readonly model: string;
  readonly stream: boolean;
  readonly inputTokens: number;
  /** Upper bound of thinking and visible tokens together. */
  readonly maxTokens: number | undefined;
  /** Exact output length, for calls that generate nothing (embeddings). */
  readonly outputTokens?: number | undefined;
  /** The request asks for reasoning, of at most this many tokens. */
  readonly thinkingBudget?: number | undefined;
  /** Reasoning travels in the answer; otherwise it only takes its time. */
  readonly thinkingShown: boolean;
  readonly tool?: ToolWish | undefined;
  /** The answer must be this JSON text. */
  readonly json?: string | undefined;
}

/** What the engine needs to know of one attempt; nothing in it speaks of HTTP. */
export interface EngineRequest {
  readonly reading: Reading;
  /** Name of the group of requests it belongs to, for the ledger. */
  readonly tag: string;
  /** Number of the request: every draw is keyed by it, so that neither concurrency nor tag reshuffles the workload. */
  readonly index: number;
  /** Number of the attempt; only faults and episodes depend on it. */
  readonly attempt: number;
  /** Which API it came through, for the ledger. */
  readonly endpoint: string;
  /** Who is asking; limits hold per key. */
  readonly key: string;
  readonly override: Override;
  /** The SDK's own count of attempts before this one. */
  readonly retryCount?: number | undefined;
  /** Name of the answer: 32 hexadecimal digits. */
  readonly requestId: string;
}

/** Why a request gets no answer of tokens. */
export type Rejection =
  | {
      readonly kind: 'rate-limited' | 'too-large';
      /** The limit that refused. */
      readonly standing: Standing;
      readonly requested: number;
      /** Time until this request would fit. */
      readonly wait: Millis;
    }
  | { readonly kind: 'ramp'; readonly wait: Millis }
  | { readonly kind: 'queue-full'; readonly status: 429 | 503 }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'quota' | 'unauthorized' | 'forbidden' }
  | { readonly kind: 'status'; readonly status: number };

/** A refusal, and what the limits looked like after it. */
export interface Refusal {
  readonly rejection: Rejection;
  readonly standings: readonly Standing[];
}

/** An admitted request's answer, as known before its first token. */
export interface Opening {
  readonly output: Output;
  readonly cachedTokens: number;
  readonly standings: readonly Standing[];
}

/** How an answer breaks. */
export type Breakage = 'reset' | 'truncate' | 'garbage' | 'error' | 'stall';

/**
 * Receives one answer, in order: `refused` alone; or, for streams, `opened`, `chunks`*, `finished`; or, for whole answers,
 * `finished` alone. `done` follows only where `finished` said that the end comes late. `broken` ends an answer at any point,
 * except that after a stall the connection stays open until the client leaves.
 */
export interface EngineListener {
  /** The refusal is due; returns the status it was told with, for the ledger. */
  refused(refusal: Refusal): number | undefined;
  opened(opening: Opening): void;
  /** Chunks `from` (included) to `to` (excluded) are due. */
  chunks(from: number, to: number): void;
  /** The answer is complete; chunks from `from` on have not been passed before. */
  finished(opening: Opening, from: number, ending: Ending): void;
  /** The late end of an answer whose `finished` announced it. */
  done(): void;
  broken(how: Breakage, opening: Opening): void;
}

/** How an answer ends: at once, its terminator late, its last byte late, or with the connection closed unannounced. */
export type Ending = 'prompt' | 'late-done' | 'late-end' | 'close-early';
