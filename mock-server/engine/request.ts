import type { Override } from './override.ts';

/** A tool the answer may or must call, with arguments that fit its schema. */
export interface ToolWish {
  readonly name: string;
  readonly argumentsJson: string;
  /** The request leaves no choice. */
  readonly required: boolean;
}

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

/** An attempt as it arrives: without an index of its own it is given its place in the order of arrival. */
export type Arrival = Omit<EngineRequest, 'index'> & { index: number | undefined };

/** The request that an arrival becomes once it has an index: the same object, because copies are what a busy server pays for. */
export const numbered = (arrival: Arrival, index: number): EngineRequest => {
  arrival.index ??= index;
  return arrival as EngineRequest;
};
