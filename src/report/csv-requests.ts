import { stringify } from 'csv-stringify/sync';
import type { RequestRecord } from '../core/record.ts';
import { METRIC_NAMES, METRICS } from '../measure/metrics.ts';
import type { RequestReporter } from './reporter.ts';

type Field = readonly [name: string, of: (record: RequestRecord) => string | number | undefined];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Time between attempts: what is left of the request when its attempts are taken out. */
const backoff = ({ startedAt, endedAt, attempts }: RequestRecord): number => {
  const inAttempts = sum(attempts.map((attempt) => attempt.endedAt - attempt.startedAt));
  return attempts.length > 1 || attempts.length === 0 ? Math.max(0, endedAt - startedAt - inAttempts) : 0;
};

const FIELDS: readonly Field[] = [
  ['level_calls', ({ level }) => level],
  ['phase', ({ phase }) => phase],
  ['index', ({ index }) => index],
  ['outcome', ({ outcome }) => outcome],
  ['failure', ({ failure }) => failure?.kind],
  ['status', ({ attempts }) => attempts.at(-1)?.status],
  ['scheduled_at_ms', ({ scheduledAt }) => scheduledAt],
  ['started_at_ms', ({ startedAt }) => startedAt],
  ['ended_at_ms', ({ endedAt }) => endedAt],
  ['attempts', ({ attempts }) => attempts.length],
  ['rate_limited_attempts', ({ attempts }) => attempts.filter(({ status }) => status === 429).length],
  ['backoff_ms', backoff],
  // The metrics describe successes; of a failure they would be a number without a meaning.
  ...METRIC_NAMES.map(
    (name): Field => [
      METRICS[name].unit === 'ms' ? `${snakeCase(name)}_ms` : snakeCase(name),
      (record) => (record.outcome === 'ok' ? METRICS[name].of(record) : undefined),
    ],
  ),
  ['input_tokens', ({ usage }) => usage?.inputTokens],
];

/** One row per request, of every phase, in the order in which they ended; times in model milliseconds. */
export const csvRequests: RequestReporter = {
  format: 'csv-requests',
  file: 'requests.csv',
  head: stringify([FIELDS.map(([name]) => name)]),
  line: (record) => stringify([FIELDS.map(([, of]) => of(record))]),
};
