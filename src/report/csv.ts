import { stringify } from 'csv-stringify/sync';
import type { LevelReport, SweepReport } from '../analyze/report.ts';
import { FAILURES, type FailureKind } from '../core/failure.ts';
import { COLUMNS, fieldName } from './columns.ts';
import type { Reporter } from './reporter.ts';

type Field = readonly [name: string, of: (level: LevelReport, report: SweepReport) => unknown];

const KINDS = Object.keys(FAILURES) as readonly FailureKind[];
const fieldOf = (kind: FailureKind): string => kind.replaceAll('-', '_');

const FIELDS: readonly Field[] = [
  ...COLUMNS.map((column): Field => [fieldName(column), (level) => column.value(level)]),
  ['sweet_spot', ({ level }, { sweetSpot }) => sweetSpot?.level === level],
  ['admissible', ({ admissible }) => admissible],
  ['inadmissible_because', ({ inadmissibleBecause }) => inadmissibleBecause],
  ['complete', ({ complete }) => complete],
  ['sent_requests', ({ counts }) => counts.requests],
  ['ok_requests', ({ counts }) => counts.ok],
  ['dropped_requests', ({ counts }) => counts.dropped],
  ['cancelled_requests', ({ counts }) => counts.cancelled],
  ['sent_attempts', ({ counts }) => counts.attempts],
  ['slot_service_ms', ({ slotTime }) => slotTime.serviceMs],
  ['slot_failed_attempts_ms', ({ slotTime }) => slotTime.failedAttemptsMs],
  ['slot_backoff_ms', ({ slotTime }) => slotTime.backoffMs],
  ['slot_cancelled_ms', ({ slotTime }) => slotTime.cancelledMs],
  ['slot_idle_ms', ({ slotTime }) => slotTime.idleMs],
  ['time_unit', (_level, { meta }) => meta['timeUnit']],
  ['cooldown_ms', ({ cooldown }) => cooldown?.waitedMs],
  ...KINDS.map((kind): Field => [`${fieldOf(kind)}_failed_requests`, ({ failures }) => failures[kind] ?? 0]),
  ...KINDS.map(
    (kind): Field => [`${fieldOf(kind)}_failed_attempts`, ({ failedAttempts }) => failedAttempts[kind] ?? 0],
  ),
];

/** One row per level with every figure, unrounded and with its unit in the name; an unknown figure is empty. */
export const csv: Reporter = {
  format: 'csv',
  extension: 'csv',
  render: (report) =>
    stringify(
      [
        FIELDS.map(([name]) => name),
        ...report.levels.map((level) => FIELDS.map(([, of]) => of(level, report))),
      ],
      { cast: { boolean: String } },
    ),
};
