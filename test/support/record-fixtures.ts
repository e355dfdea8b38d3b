import fc from 'fast-check';
import type { Millis } from '../../src/core/clock.ts';
import type { Failure, FailureKind } from '../../src/core/failure.ts';
import type { AttemptRecord, RequestRecord } from '../../src/core/record.ts';

/** A failure of a kind, in the fewest words. */
export const failure = (kind: FailureKind): Failure => ({ kind, message: kind });

/** An attempt that took from one instant to another, with what it failed with, if it did. */
export const attempt = (startedAt: Millis, endedAt: Millis, kind?: FailureKind): AttemptRecord => ({
  startedAt,
  endedAt,
  ...(kind === undefined ? { status: 200 } : { failure: failure(kind) }),
  ...(kind === 'rate-limited' ? { status: 429 } : {}),
});

/** A measured request made of its attempts; starts with the first and ends with the last unless told otherwise. */
export const request = (
  attempts: readonly AttemptRecord[],
  overrides: Partial<RequestRecord> = {},
): RequestRecord => {
  const last = attempts.at(-1);
  const startedAt = overrides.startedAt ?? attempts[0]?.startedAt ?? 0;
  return {
    level: 1,
    index: 0,
    phase: 'measure',
    scheduledAt: startedAt,
    startedAt,
    endedAt: last?.endedAt ?? startedAt,
    attempts,
    outcome: !last?.failure ? 'ok' : last.failure.kind === 'cancelled' ? 'cancelled' : 'failed',
    ...(last?.failure ? { failure: last.failure } : {}),
    ...overrides,
  };
};

/** What a generated request meets, as lengths of time; instants follow from the slot it lands in. */
interface Course {
  /** From the slot's being free to the request's being scheduled, and from there to its start. */
  readonly idle: Millis;
  readonly late: Millis;
  readonly retried: readonly {
    readonly kind: FailureKind;
    readonly duration: Millis;
    readonly backoff: Millis;
    /** By a limiter, before the attempt. */
    readonly held: Millis;
  }[];
  readonly last: { readonly kind: FailureKind | undefined; readonly duration: Millis; readonly held: Millis };
  readonly tokens: number | undefined;
}

/** A closed loop of `level` slots as it was recorded, in the order in which its requests completed. */
export interface Run {
  readonly level: number;
  readonly records: readonly RequestRecord[];
}

/** Lays a request out in time from the instant at which its slot became free. */
const layOut = (course: Course, free: Millis, level: number, index: number): RequestRecord => {
  const scheduledAt = free + course.idle;
  const attempts: AttemptRecord[] = [];
  let now = scheduledAt + course.late;
  const add = (held: Millis, duration: Millis, kind: FailureKind | undefined) => {
    const startedAt = now + held;
    attempts.push({
      ...(startedAt > now ? { readyAt: now } : {}),
      ...attempt(startedAt, startedAt + duration, kind),
    });
    now = startedAt + duration;
  };
  for (const { kind, duration, backoff, held } of course.retried) {
    add(held, duration, kind);
    now += backoff;
  }
  add(course.last.held, course.last.duration, course.last.kind);
  const usage = { inputTokens: 10, outputTokens: course.tokens ?? 0 };
  return request(attempts, {
    level,
    index,
    scheduledAt,
    ...(course.last.kind === undefined && course.tokens !== undefined ? { usage } : {}),
  });
};

/** What is left of a request when the run is stopped at an instant. */
const cut = (record: RequestRecord, at: Millis): RequestRecord => {
  if (record.endedAt <= at) return record;
  const attempts = record.attempts
    .filter(({ startedAt }) => startedAt < at)
    .map((each) =>
      each.endedAt <= at
        ? each
        : {
            ...(each.readyAt === undefined ? {} : { readyAt: each.readyAt }),
            ...attempt(each.startedAt, at, 'cancelled'),
          },
    );
  const { level, index, scheduledAt, startedAt } = record;
  return request(attempts, { level, index, scheduledAt, startedAt, endedAt: at, outcome: 'cancelled' });
};

const simulate = (
  level: number,
  courses: readonly Course[],
  from: Millis,
  stopAfter: Millis | undefined,
): Run => {
  const free = Array.from({ length: level }, () => from);
  const stopAt = from + (stopAfter ?? Number.POSITIVE_INFINITY);
  const records: RequestRecord[] = [];
  for (const [index, course] of courses.entries()) {
    const earliest = Math.min(...free);
    const record = cut(layOut(course, earliest, level, index), stopAt);
    if (record.attempts.length === 0) continue; // would have started after the stop
    free[free.indexOf(earliest)] = record.endedAt;
    records.push(record);
  }
  return { level, records: records.toSorted((a, b) => a.endedAt - b.endedAt) };
};

const RETRIED = ['rate-limited', 'server', 'overloaded', 'timeout', 'reset'] as const;
const FINAL = [...RETRIED, 'truncated', 'protocol', 'stalled', 'rejected'] as const;

const courseOf = (time: fc.Arbitrary<Millis>, last: fc.Arbitrary<FailureKind | undefined>) =>
  fc.record({
    idle: fc.oneof(fc.constant(0), time),
    late: fc.oneof(fc.constant(0), time),
    retried: fc.array(
      fc.record({
        kind: fc.constantFrom(...RETRIED),
        duration: time,
        backoff: fc.oneof(fc.constant(0), time),
        held: fc.oneof(fc.constant(0), time),
      }),
      { maxLength: 3 },
    ),
    last: fc.record({ kind: last, duration: time, held: fc.oneof(fc.constant(0), time) }),
    tokens: fc.option(fc.nat(500), { nil: undefined }),
  });

/** Times in milliseconds up to `max`, to the nanosecond: what a real clock can tell apart. */
const nanoseconds = (max: Millis): fc.Arbitrary<Millis> =>
  fc.integer({ min: 0, max: max * 1e6 }).map((count) => count / 1e6);

/** Lengths of time as a real clock gives them; zero and whole milliseconds are frequent in virtual time. */
const length = fc.oneof(nanoseconds(20_000), fc.integer({ min: 0, max: 20_000 }), fc.constant(0));

const endings = {
  mixed: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(...FINAL)),
  'all-failed': fc.constantFrom(...FINAL),
} as const;

/** Valid closed-loop runs: retries, failures, waits, some stopped in the middle so that requests are cancelled. */
export const runs = (ending: keyof typeof endings = 'mixed', maxLevel = 12): fc.Arbitrary<Run> =>
  fc
    .record({
      level: fc.integer({ min: 1, max: maxLevel }),
      courses: fc.array(courseOf(length, endings[ending]), { minLength: 1, maxLength: 40 }),
      from: fc.oneof(fc.constant(0), nanoseconds(1e7)),
      stopAfter: fc.option(nanoseconds(60_000), { nil: undefined }),
    })
    .map(({ level, courses, from, stopAfter }) => simulate(level, courses, from, stopAfter));

/** Paths of all numbers in a value that JSON cannot hold; `JSON.stringify` would turn each into `null`, silently. */
export const notFinite = (value: unknown, path = '$'): readonly string[] => {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => notFinite(part, `${path}.${key}`));
};
