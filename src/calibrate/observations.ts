import type { Millis } from '../core/clock.ts';
import type { FailureKind } from '../core/failure.ts';
import type { RateLimitReading } from '../core/rate-limit.ts';
import type { RequestRecord } from '../core/record.ts';

/** An attempt that the endpoint let in, from its start to its end. */
export interface Stay {
  readonly startedAt: Millis;
  readonly endedAt: Millis;
  /** Point of the sweep's axis. */
  readonly level: number;
  /** Whether it ended with a whole answer; others took room but say nothing about how long an answer takes. */
  readonly whole: boolean;
  readonly headersAt: Millis | undefined;
  readonly firstTokenAt: Millis | undefined;
  readonly outputTokens: number | undefined;
}

/** An attempt as a rate limit sees it: let in or refused. */
export interface Knock {
  readonly at: Millis;
  readonly admitted: boolean;
  /** Point of the sweep's axis, and which call it was: the same number sends the same call at every level. */
  readonly level: number;
  readonly call: number;
  readonly tookMs: Millis;
  /** What a refusal said. */
  readonly message: string;
  readonly retryAfterMs: Millis | undefined;
  /** What its headers told of limits. */
  readonly told: RateLimitReading | undefined;
  /** Length of the prompt, where an answer to the same request told it. */
  readonly inputTokens: number | undefined;
}

/** What one stored run tells about its endpoint. Instants are milliseconds since the start of the run. */
export interface ObservedRun {
  readonly name: string;
  /** By start. */
  readonly stays: readonly Stay[];
  /** By start. */
  readonly knocks: readonly Knock[];
  readonly levels: readonly number[];
  readonly headers: readonly RateLimitReading[];
  /** Attempts that failed for other reasons than a rate limit, by kind and status. */
  readonly failures: ReadonlyMap<
    string,
    { readonly kind: FailureKind; readonly status: number | undefined; readonly count: number }
  >;
}

/** Ways in which an attempt fails that the endpoint never let in. */
const REFUSED: ReadonlySet<FailureKind> = new Set(['rate-limited']);

/** On our side, or nothing that a server of this kind does. */
const NOT_ITS_DOING: ReadonlySet<FailureKind> = new Set([
  'local',
  'cancelled',
  'quota',
  'unauthorized',
  'rejected',
]);

/** Takes from records what a model of the endpoint is fitted to; every phase counts, since every phase loads the endpoint. */
export const observe = async (
  name: string,
  records: Iterable<RequestRecord> | AsyncIterable<RequestRecord>,
): Promise<ObservedRun> => {
  const stays: Stay[] = [];
  const knocks: Knock[] = [];
  const levels = new Set<number>();
  const headers: RateLimitReading[] = [];
  const failures = new Map<string, { kind: FailureKind; status: number | undefined; count: number }>();
  for await (const record of records) {
    if (record.phase === 'measure') levels.add(record.level);
    for (const attempt of record.attempts) {
      const { startedAt, endedAt, failure, rateLimit } = attempt;
      if (rateLimit) headers.push(rateLimit);
      if (failure && NOT_ITS_DOING.has(failure.kind)) continue;
      const admitted = !(failure && REFUSED.has(failure.kind));
      knocks.push({
        at: startedAt,
        admitted,
        level: record.level,
        call: record.index,
        tookMs: endedAt - startedAt,
        message: admitted ? '' : (failure?.message ?? ''),
        retryAfterMs: failure?.retryAfter,
        told: rateLimit,
        inputTokens: record.usage?.inputTokens,
      });
      if (!admitted || endedAt <= startedAt) continue;
      if (failure) {
        const key = `${failure.kind} ${failure.status ?? ''}`;
        const known = failures.get(key) ?? { kind: failure.kind, status: failure.status, count: 0 };
        known.count++;
        failures.set(key, known);
      }
      const isLast = attempt === record.attempts.at(-1) && record.outcome === 'ok';
      stays.push({
        startedAt,
        endedAt: isLast ? (record.lastTokenAt ?? endedAt) : endedAt,
        level: record.level,
        whole: !failure && isLast,
        headersAt: attempt.headersAt,
        firstTokenAt: attempt.firstTokenAt,
        outputTokens: isLast ? record.usage?.outputTokens : undefined,
      });
    }
  }
  return {
    name,
    stays: stays.toSorted((a, b) => a.startedAt - b.startedAt),
    knocks: knocks.toSorted((a, b) => a.at - b.at),
    levels: [...levels].toSorted((a, b) => a - b),
    headers,
    failures,
  };
};
