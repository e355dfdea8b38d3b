import type { Millis } from '../core/clock.ts';
import type { AttemptRecord, RequestRecord } from '../core/record.ts';

/** The right to start one request. */
export interface Slot {
  readonly index: number;
  /** When the load model wants it to start. */
  readonly scheduledAt: Millis;
  /** It is due and will not be sent: to be recorded only. */
  readonly dropped?: true;
}

/** What a claim brings: the right to start one request, or that nothing is left. */
export type Claim = Slot | undefined;

/** What a driver may do; it sees neither clients nor policies. */
export interface LevelContext {
  /**
   * Claims the next slot, or `undefined` once nothing is left to start. A promise where what comes next is not known yet (an
   * arrival, a step of a workflow): to be awaited only then, since each await is a turn in which others may go first.
   */
  claim(): Claim | Promise<Claim>;
  /**
   * Performs one request (or records that it was dropped), or as much of it as its slot is held for: a request that gives its slot back between attempts
   * resolves without a record and is claimed again. Never rejects: failure is data.
   */
  issue(slot: Slot): Promise<RequestRecord | undefined>;
}

/** Decides when requests start, and nothing else. Resolves when all that it started have ended. */
export interface Driver {
  readonly name: string;
  /** Told of every attempt as it ends, for limits that learn. */
  onAttempt?(attempt: AttemptRecord): void;
  run(context: LevelContext): Promise<void>;
}
