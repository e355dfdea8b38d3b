import type { Usage } from './call.ts';
import type { Millis } from './clock.ts';
import type { Failure } from './failure.ts';
import type { RateLimitReading } from './rate-limit.ts';

/** Which part of a run a request belongs to; only `measure` counts towards a level's figures. */
export type Phase = 'warmup' | 'reference' | 'measure';

/** What became of a request: `dropped` never left, `cancelled` was stopped by us and counts neither way. */
export type Outcome = 'ok' | 'failed' | 'dropped' | 'cancelled';

/** One HTTP exchange. Instants are model milliseconds since the start of the run. */
export interface AttemptRecord {
  /**
   * When the attempt would have left had no limiter held it, if one did: `startedAt − readyAt` is the limiter's wait. Of a
   * retry that had given its slot back, the instant at which it had a slot again.
   */
  readonly readyAt?: Millis;
  readonly startedAt: Millis;
  /** When the response's status and headers had arrived. */
  readonly headersAt?: Millis;
  /** First non-empty content or tool delta of this attempt; reasoning does not count. Streams only. */
  readonly firstTokenAt?: Millis;
  /** First thought that the model showed. Streams only. */
  readonly firstReasoningAt?: Millis;
  readonly endedAt: Millis;
  readonly status?: number;
  readonly failure?: Failure;
  /** What it cost, in USD, by the usage told or estimated; failed attempts may cost too. Only where a price is known. */
  readonly costUsd?: number;
  /** What the response's rate-limit headers said. */
  readonly rateLimit?: RateLimitReading;
  /** What a failed attempt had told of its usage, or had sent of its answer, before it failed. */
  readonly lost?: { readonly usage?: Usage; readonly chunks: number };
}

/** The one fact that flows from driver to report. Instants only: every duration is derived from it. */
export interface RequestRecord {
  /** Point of the sweep's axis at which it ran: calls at once, or requests per second in an open loop. */
  readonly level: number;
  /** Number of the repeat (block) that it belongs to, from 0; absent where each level runs once. */
  readonly block?: number;
  /** Number of the request within its level, phase and block, from 0; the same index sends the same call at every level. */
  readonly index: number;
  readonly phase: Phase;
  /** Number of the workflow's item that asked for it, from 0; the request's index then only tells the order of starts. */
  readonly item?: number;
  /** Name of the call within its item, unique there; item and step send the same call at every level. */
  readonly step?: string;
  /** When the workflow asked for it; whatever of the item had ended by then, it may depend on. */
  readonly askedAt?: Millis;
  /** When the load model wanted it to start; response time counts from here. */
  readonly scheduledAt: Millis;
  /** When its first attempt left; service time counts from here. Of a request without attempts, when it could have left. */
  readonly startedAt: Millis;
  /** First and last content delta of the attempt that succeeded; streams only. */
  readonly firstTokenAt?: Millis;
  readonly lastTokenAt?: Millis;
  /** Content deltas of that attempt, and the longest wait between two of them; streams only. A delta may hold several tokens. */
  readonly chunks?: number;
  readonly longestGapMs?: Millis;
  readonly endedAt: Millis;
  readonly usage?: Usage;
  readonly attempts: readonly AttemptRecord[];
  readonly outcome: Outcome;
  /** The slot was free for others between the attempts. */
  readonly released?: true;
  /** The last attempt's failure, where there was no success. */
  readonly failure?: Failure;
}

/** A sink of facts: file, live progress. None of these may throw. */
export interface Recorder {
  /** A request has ended. */
  record(record: RequestRecord): void;
  /** A request starts. */
  begin?(request: Pick<RequestRecord, 'level' | 'phase' | 'index'>): void;
  /** A request has ended; its record follows as soon as no start is waiting. */
  finish?(request: Pick<RequestRecord, 'level' | 'phase' | 'index'>): void;
  /** An attempt has ended; its request may go on. */
  attempt?(attempt: AttemptRecord): void;
  /** An item of a workflow has ended: all its calls are over. */
  itemEnded?(item: { readonly level: number; readonly phase: Phase; readonly item: number }): void;
}
