import type { Millis } from '../../src/core/clock.ts';
import type { Standing } from './bucket.ts';
import type { Output } from './output.ts';

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
