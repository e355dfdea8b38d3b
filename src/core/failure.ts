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
  | 'refused'
  | 'unreachable'
  | 'reset'
  | 'timeout'
  | 'stalled'
  | 'truncated'
  | 'protocol'
  // it is on our side
  | 'local'
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
  /** Every further request would fail alike: `always` ends the run, `unproven` ends it if nothing has succeeded yet. */
  readonly endsRun: 'always' | 'unproven' | 'never';
  /** The endpoint had accepted the request: its tokens are most likely paid for. */
  readonly charged?: true;
  /** What the user can do; `undefined` where the label says it all. */
  readonly hint?: string;
}

/** The one table about failures: generic code asks it and never branches on a kind. */
export const FAILURES: Readonly<Record<FailureKind, FailureTrait>> = {
  'rate-limited': { label: 'rate limit (429)', endsRun: 'never' },
  quota: {
    label: 'quota or credit exhausted',
    endsRun: 'always',
    hint: 'Check the plan, the credit balance and the spend limit of this account.',
  },
  overloaded: { label: 'overloaded (503, 529)', endsRun: 'never' },
  server: { label: 'server error (5xx)', endsRun: 'never', charged: true },
  unauthorized: {
    label: 'not authorized (401)',
    endsRun: 'always',
    hint: 'Check the key: is it set, complete, of this provider, and allowed to use this model?',
  },
  rejected: {
    label: 'request refused (4xx)',
    endsRun: 'unproven',
    hint: 'Check --model, --base-url and the scenario: the endpoint does not accept this request.',
  },
  refused: {
    label: 'connection refused',
    endsRun: 'always',
    hint: 'Nothing listens there: is the server running, and are host and port of --base-url right?',
  },
  unreachable: {
    label: 'no connection',
    endsRun: 'unproven',
    hint: 'Are host name, protocol and port of --base-url right, and is the network there?',
  },
  local: {
    label: 'out of sockets or files on this machine',
    endsRun: 'always',
    hint: 'Raise the limit of open files (ulimit -n) or use lower levels.',
  },
  reset: { label: 'connection lost', endsRun: 'never', charged: true },
  timeout: { label: 'no answer in time', endsRun: 'never', charged: true },
  stalled: { label: 'answer stopped arriving', endsRun: 'never', charged: true },
  truncated: { label: 'answer cut off', endsRun: 'never', charged: true },
  protocol: {
    label: 'unreadable answer',
    charged: true,
    endsRun: 'unproven',
    hint: 'Does --base-url end in the API root (for example http://host:8000/v1)?',
  },
  cancelled: { label: 'cancelled by us', endsRun: 'never' },
};
