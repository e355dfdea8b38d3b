import type { Client } from '../client/client.ts';
import type { Millis } from '../core/clock.ts';
import type { Phase } from '../core/record.ts';

/** Which attempt of which request; lets an endpoint with a ledger join its records with ours. */
export interface AttemptTag {
  readonly level: number;
  readonly phase: Phase;
  /** Number of the repeat, from 0. */
  readonly block: number;
  readonly index: number;
  readonly attempt: number;
}

/** Counts that an endpoint keeps of its own, and how punctual it was. */
export interface EndpointCount {
  readonly attempts: number;
  readonly ok: number;
  readonly rateLimited: number;
  /** How much later than planned it sent, at the 99th percentile; nothing of the kind in a simulation. */
  readonly latenessP99RealMs?: number;
}

/** What a run needs of its target besides an answer: some of it only the mock can give. */
export interface Endpoint {
  readonly client: Client;
  /** Headers that name the attempt; only for endpoints that understand them. */
  tag?(tag: AttemptTag): Readonly<Record<string, string>>;
  /** Model time until every rate limit is full again, if the endpoint can tell. */
  untilFull?(): Promise<Millis>;
  /** The endpoint's own count of a level's measured attempts. */
  count?(level: number): Promise<EndpointCount>;
}
