import type { Millis } from './clock.ts';

/** What became of an attempt that brought no complete answer. One word each, so that no two causes share a count. */
export type FailureKind =
  // the endpoint said no
  | 'rate-limited'
  | 'quota'
  | 'overloaded'
  | 'server'
  | 'unauthorized'
  | 'rejected'
  // the answer did not arrive whole
  | 'unreachable'
  | 'reset'
  | 'timeout'
  | 'stalled'
  | 'truncated'
  | 'protocol'
  // we stopped it
  | 'cancelled';

/** An attempt's failure as a fact, not an exception. */
export interface Failure {
  readonly kind: FailureKind;
  /** The endpoint's or the transport's own words, shortened, without keys. */
  readonly message: string;
  /** HTTP status, if an answer came. */
  readonly status?: number;
  /** What `retry-after-ms` or `retry-after` asks for. */
  readonly retryAfter?: Millis;
  /** The endpoint's `x-should-retry`, which both SDKs obey over the status. */
  readonly shouldRetry?: boolean;
}

interface FailureTrait {
  /** Plain words for tables and messages. */
  readonly label: string;
  /** The kind can be cured by waiting; what is retried in the end is the retry policy's decision. */
  readonly transient: boolean;
  /** Every further request would fail alike: `always` ends the run, `unproven` ends it if nothing has succeeded yet. */
  readonly endsRun: 'always' | 'unproven' | 'never';
  /** What the user can do; `undefined` where the label says it all. */
  readonly hint?: string;
}

/** The one table about failures: generic code asks it and never branches on a kind. */
export const FAILURES: Readonly<Record<FailureKind, FailureTrait>> = {
  'rate-limited': { label: 'rate limit (429)', transient: true, endsRun: 'never' },
  quota: {
    label: 'quota or credit exhausted',
    transient: false,
    endsRun: 'always',
    hint: 'Check the plan, the credit balance and the spend limit of this account.',
  },
  overloaded: { label: 'overloaded (503, 529)', transient: true, endsRun: 'never' },
  server: { label: 'server error (5xx)', transient: true, endsRun: 'never' },
  unauthorized: {
    label: 'not authorized (401)',
    transient: false,
    endsRun: 'always',
    hint: 'Check the key: is it set, complete, of this provider, and allowed to use this model?',
  },
  rejected: {
    label: 'request refused (4xx)',
    transient: false,
    endsRun: 'unproven',
    hint: 'Check --model, --base-url and the scenario: the endpoint does not accept this request.',
  },
  unreachable: {
    label: 'no connection',
    transient: true,
    endsRun: 'always',
    hint: 'Is the server running, and are host and port of --base-url right?',
  },
  reset: { label: 'connection lost', transient: true, endsRun: 'never' },
  timeout: { label: 'no answer in time', transient: true, endsRun: 'never' },
  stalled: { label: 'answer stopped arriving', transient: false, endsRun: 'never' },
  truncated: { label: 'answer cut off', transient: false, endsRun: 'never' },
  protocol: {
    label: 'unreadable answer',
    transient: false,
    endsRun: 'unproven',
    hint: 'Does --base-url end in the API root (for example http://host:8000/v1)?',
  },
  cancelled: { label: 'cancelled by us', transient: false, endsRun: 'never' },
};
