import type { AttemptRecord, RequestRecord } from '../core/record.ts';

/** A figure that each successful request may have one sample of. */
export interface Metric {
  readonly label: string;
  readonly unit: 'ms' | 'tokens' | 'tokens/s';
  readonly better: 'lower' | 'higher';
  /** The request's sample, or `undefined` where the metric does not apply to it. */
  of(record: RequestRecord): number | undefined;
}

/** The attempt that brought the answer; `undefined` unless the request succeeded. */
const successfulAttempt = (record: RequestRecord): AttemptRecord | undefined =>
  record.outcome === 'ok' ? record.attempts.at(-1) : undefined;

/**
 * The catalogue: every table, file and comparison iterates it. All of them describe successful requests only; failures
 * are counted apart, since a fast failure must not improve a percentile. Formulas: docs/metrics.md.
 */
export const METRICS = {
  serviceTime: {
    label: 'request latency (with retries)',
    unit: 'ms',
    better: 'lower',
    of: (record) => record.endedAt - record.startedAt,
  },
  attemptTime: {
    label: 'latency of the attempt that succeeded',
    unit: 'ms',
    better: 'lower',
    of(record) {
      const attempt = successfulAttempt(record);
      return attempt && attempt.endedAt - attempt.startedAt;
    },
  },
  addedLatency: {
    label: 'latency added by retries and limiters',
    unit: 'ms',
    better: 'lower',
    of(record) {
      const last = successfulAttempt(record);
      if (!last) return undefined;
      const first = record.attempts[0] ?? last;
      // Of two differences that cancel out, so that nothing added is exactly nothing.
      return last.startedAt - (first.readyAt ?? first.startedAt);
    },
  },
  responseTime: {
    label: 'latency from the intended start',
    unit: 'ms',
    better: 'lower',
    of: (record) => record.endedAt - record.scheduledAt,
  },
  ttft: {
    label: 'time to first token',
    unit: 'ms',
    better: 'lower',
    of(record) {
      const attempt = successfulAttempt(record);
      return attempt?.firstTokenAt === undefined ? undefined : attempt.firstTokenAt - attempt.startedAt;
    },
  },
  ttfr: {
    label: 'time to first reasoning token',
    unit: 'ms',
    better: 'lower',
    of(record) {
      const attempt = successfulAttempt(record);
      return attempt?.firstReasoningAt === undefined
        ? undefined
        : attempt.firstReasoningAt - attempt.startedAt;
    },
  },
  itl: {
    label: 'mean gap between chunks',
    unit: 'ms',
    better: 'lower',
    of: ({ firstTokenAt, lastTokenAt, chunks = 0 }) =>
      firstTokenAt === undefined || lastTokenAt === undefined || chunks < 2
        ? undefined
        : (lastTokenAt - firstTokenAt) / (chunks - 1),
  },
  longestGap: {
    label: 'longest gap between chunks',
    unit: 'ms',
    better: 'lower',
    of: ({ longestGapMs, chunks = 0 }) => (chunks < 2 ? undefined : longestGapMs),
  },
  tpot: {
    label: 'time per output token',
    unit: 'ms',
    better: 'lower',
    of({ firstTokenAt, lastTokenAt, usage }) {
      // Reasoning is paid for as output but streamed before the first token that counts.
      const streamed = (usage?.outputTokens ?? 0) - (usage?.reasoningTokens ?? 0);
      if (firstTokenAt === undefined || lastTokenAt === undefined || streamed < 2) return undefined;
      return (lastTokenAt - firstTokenAt) / (streamed - 1);
    },
  },
  outputRate: {
    label: 'output tokens per second of a request',
    unit: 'tokens/s',
    better: 'higher',
    of(record) {
      const attempt = successfulAttempt(record);
      const duration = attempt ? attempt.endedAt - attempt.startedAt : 0;
      return record.usage && duration > 0 ? (record.usage.outputTokens / duration) * 1000 : undefined;
    },
  },
  outputTokens: {
    label: 'output tokens per request',
    unit: 'tokens',
    better: 'higher',
    of: (record) => record.usage?.outputTokens,
  },
} as const satisfies Readonly<Record<string, Metric>>;

/** Name of a metric of the catalogue. */
export type MetricName = keyof typeof METRICS;

/** The names, in the catalogue's order. */
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];
