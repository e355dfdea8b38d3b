import type { Millis } from '../../src/core/clock.ts';
import type { Standing } from './bucket.ts';
import type { LedgerOutcome, Unread } from './ledger-entry.ts';
import type { Refusal } from './listener.ts';
import type { Parts } from './parts.ts';
import type { FaultRule } from './profile.ts';
import type { Arrival } from './request.ts';

/** What an admitted attempt is told when its service starts. */
export interface Start {
  readonly index: number;
  /** Start of service; `undefined` after waiting for a slot: now. */
  readonly startedAt: Millis | undefined;
  readonly standings: readonly Standing[];
  readonly fault: FaultRule | undefined;
}

/** One attempt while the desk decides about it and while it is served. */
export interface Visitor {
  /** The attempt is refused; the answer is due at `answerAt`. */
  refused(refusal: Refusal, answerAt: Millis): void;
  /** Service starts, with the parts that hold for it. */
  started(start: Start, parts: Parts): void;
  /** Output tokens produced until `now`. */
  produced(now: Millis): number;
}

/** How an attempt ended, as whoever served it saw it. */
export interface End {
  readonly outcome: LedgerOutcome;
  readonly status: number | undefined;
  readonly endedAt: Millis;
  readonly startedAt: Millis | undefined;
  readonly plannedFirstAt: Millis | undefined;
  readonly firstAt: Millis | undefined;
  readonly plannedEndAt: Millis | undefined;
  readonly thinkingTokens: number;
  readonly outputTokens: number;
  /** Real milliseconds by which an answer that ended as planned was late. */
  readonly late: Millis | undefined;
}

/** An attempt's place at the desk. */
export interface Ticket {
  /** Asks for the decision, which may come before this returns. */
  begin(): void;
  /** The attempt is over, answered or not; to be called once. */
  close(end: End): void;
}

/** A request that could not be read, before it is numbered. */
export type Unnumbered = Omit<Unread, 'index'> & { readonly index: number | undefined };

/** Where attempts are numbered, admitted and accounted for: one desk per server, however many processes serve. */
export interface Desk {
  open(arrival: Arrival, arrivedAt: Millis, visitor: Visitor): Ticket;
  /** Notes a request that could not be read. */
  note(unread: Unnumbered, at: Millis): void;
}
