import type { Millis } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import type { Rng } from '../core/rng.ts';

/** What to do after a failed attempt. */
export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly delay: Millis };

/** What a decision may depend on, besides the failure. */
export interface RetryContext {
  /** Attempts made so far, from 1. */
  readonly attempt: number;
  /** Chance of this decision alone. */
  readonly rng: Rng;
  /** The delay before the attempt that failed; `undefined` for the first. */
  readonly previous?: Millis | undefined;
}

/** It decides, the runner waits. */
export interface RetryPolicy {
  readonly name: string;
  /** One line for the screen: what it does. */
  readonly description: string;
  decide(failure: Failure, context: RetryContext): RetryDecision;
  /** Told of every attempt that ended, before the decision; only for policies with a memory. */
  observe?(attempt: { readonly number: number; readonly failure: Failure | undefined }): void;
  /** The same policy without what it remembers, for a new stretch of load; itself if it remembers nothing. */
  fresh?(): RetryPolicy;
}

/** What all retry policies can be told. */
export interface RetrySettings {
  readonly maxRetries: number;
  /** First delay of a backoff that grows; the delay of one that does not. */
  readonly base: Millis;
  readonly cap: Millis;
  /** Whether a failure is worth another attempt. */
  readonly retryOn: (failure: Failure) => boolean;
}

/** Retries in words: `at most 2 retries`. */
export const atMost = (maxRetries: number): string =>
  `at most ${maxRetries} ${maxRetries === 1 ? 'retry' : 'retries'}`;
