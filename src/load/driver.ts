import type { Millis } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';

/** The right to start one request. */
export interface Slot {
  readonly index: number;
  /** When the load model wants it to start. */
  readonly scheduledAt: Millis;
}

/** What a driver may do; it sees neither clients nor policies. */
export interface LevelContext {
  /** Claims the next slot, or `undefined` once nothing is left to start. */
  claim(): Slot | undefined;
  /** Performs one request. Never rejects: failure is data. */
  issue(slot: Slot): Promise<RequestRecord>;
}

/** Decides when requests start, and nothing else. Resolves when all that it started have ended. */
export interface Driver {
  readonly name: string;
  run(context: LevelContext): Promise<void>;
}
