import type { Millis } from '../../core/clock.ts';
import type { RateLimitName, RateLimitReading } from '../../core/rate-limit.ts';
import type { AttemptRecord, RequestRecord } from '../../core/record.ts';

/** What happened in one stretch of a level. */
export interface Bucket {
  /** Attempts that ended in it, by how. */
  readonly ok: number;
  readonly rateLimited: number;
  readonly failed: number;
  /** Time average of requests open, backoff included, and of attempts on their way. */
  readonly requestsOpen: number;
  readonly attemptsOpen: number;
  /** The least that was left of each limit according to the headers that arrived in it, and of how much. */
  readonly budget: Readonly<Partial<Record<RateLimitName, Budget>>>;
}

/** What was left of a limit. */
export interface Budget {
  readonly remaining: number;
  readonly limit: number;
}

/** A level in equal stretches of time. */
export interface TimelineView {
  /** First start and last end of the level's requests. */
  readonly fromMs: Millis;
  readonly toMs: Millis;
  /** Where the first stretch begins: at or before `fromMs`. */
  readonly originMs: Millis;
  readonly widthMs: Millis;
  readonly buckets: readonly Bucket[];
}

/** More stretches than this tell no more in a picture. */
export const MOST_BUCKETS = 100;

/** Microseconds and counts as integers: their sums do not depend on the order of summing. */
interface Tally {
  ok: number;
  rateLimited: number;
  failed: number;
  requestMicros: number;
  attemptMicros: number;
  budget: Partial<Record<RateLimitName, Budget>>;
}

const emptyTally = (): Tally => ({
  ok: 0,
  rateLimited: 0,
  failed: 0,
  requestMicros: 0,
  attemptMicros: 0,
  budget: {},
});

const lower = (a: Budget | undefined, b: Budget): Budget =>
  a && (a.remaining < b.remaining || (a.remaining === b.remaining && a.limit >= b.limit)) ? a : b;

const pour = (into: Tally, from: Tally): void => {
  into.ok += from.ok;
  into.rateLimited += from.rateLimited;
  into.failed += from.failed;
  into.requestMicros += from.requestMicros;
  into.attemptMicros += from.attemptMicros;
  for (const [name, budget] of Object.entries(from.budget) as [RateLimitName, Budget][])
    into.budget[name] = lower(into.budget[name], budget);
};

const micros = (at: Millis): number => Math.round(at * 1000);

/**
 * A level's course in at most 100 stretches, folded from its requests in any order and in constant memory: stretches
 * double in length whenever they would become too many. Their edges are multiples of their length, so two timelines merge.
 */
export class Timeline {
  #width = 1000;
  #tallies = new Map<number, Tally>();
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  add(record: RequestRecord): void {
    const from = micros(record.startedAt);
    const to = micros(record.endedAt);
    this.#stretch(from, to);
    // Its attempts lie within it, unless the record is not one of ours: then they must not fall off the end either.
    for (const { startedAt, endedAt } of record.attempts) this.#stretch(micros(startedAt), micros(endedAt));
    this.#spread(from, to, 'requestMicros');
    for (const attempt of record.attempts) this.#addAttempt(attempt);
  }

  #addAttempt({ startedAt, headersAt, endedAt, status, failure, rateLimit }: AttemptRecord): void {
    const ended = micros(endedAt);
    this.#spread(micros(startedAt), ended, 'attemptMicros');
    const tally = this.#at(ended);
    if (status === 429) tally.rateLimited++;
    else if (failure) tally.failed++;
    else tally.ok++;
    const arrived = Math.max(startedAt, Math.min(headersAt ?? endedAt, endedAt));
    if (rateLimit) noteBudget(this.#at(micros(arrived)), rateLimit);
  }

  /** Adds all that another timeline holds. */
  merge(other: Timeline): void {
    if (other.#from > other.#to) return;
    this.#stretch(other.#from, other.#to);
    while (this.#width < other.#width) this.#double();
    for (const [index, tally] of other.#tallies) pour(this.#at(index * other.#width), tally);
  }

  /** The course so far in at most `most` stretches; those in which nothing happened are in it. */
  view(most = MOST_BUCKETS): TimelineView {
    while (this.#span() > most) this.#double();
    const first = this.#tallies.size > 0 ? Math.floor(this.#from / this.#width) : 0;
    const buckets = Array.from({ length: this.#span() }, (_, index): Bucket => {
      const { requestMicros, attemptMicros, ...counts } = this.#tallies.get(first + index) ?? emptyTally();
      return {
        ...counts,
        requestsOpen: requestMicros / this.#width,
        attemptsOpen: attemptMicros / this.#width,
      };
    });
    const isEmpty = buckets.length === 0;
    return {
      fromMs: isEmpty ? 0 : this.#from / 1000,
      toMs: isEmpty ? 0 : this.#to / 1000,
      originMs: (first * this.#width) / 1000,
      widthMs: this.#width / 1000,
      buckets,
    };
  }

  #span(): number {
    if (this.#from > this.#to) return 0;
    return Math.floor(this.#to / this.#width) - Math.floor(this.#from / this.#width) + 1;
  }

  #stretch(from: number, to: number): void {
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
    while (this.#span() > MOST_BUCKETS) this.#double();
  }

  #double(): void {
    const old = this.#tallies;
    this.#width *= 2;
    this.#tallies = new Map();
    for (const [index, tally] of old) pour(this.#tally(Math.floor(index / 2)), tally);
  }

  #at(instant: number): Tally {
    return this.#tally(Math.floor(instant / this.#width));
  }

  #tally(index: number): Tally {
    let tally = this.#tallies.get(index);
    if (!tally) {
      tally = emptyTally();
      this.#tallies.set(index, tally);
    }
    return tally;
  }

  #spread(from: number, to: number, part: 'requestMicros' | 'attemptMicros'): void {
    const width = this.#width;
    const first = Math.floor(from / width);
    const steps = Math.floor(to / width) - first;
    for (let step = 0; step <= steps; step++) {
      const index = first + step;
      const overlap = Math.min(to, (index + 1) * width) - Math.max(from, index * width);
      if (overlap > 0) this.#tally(index)[part] += overlap;
    }
  }
}

const noteBudget = (tally: Tally, reading: RateLimitReading): void => {
  for (const [name, { remaining, limit }] of Object.entries(reading) as [
    RateLimitName,
    { remaining?: number; limit?: number },
  ][]) {
    if (remaining === undefined || limit === undefined || !(limit > 0)) continue;
    tally.budget[name] = lower(tally.budget[name], { remaining, limit });
  }
};
