import type { Millis } from '../core/clock.ts';
import type { RateLimitDimension, RateLimitName } from '../core/rate-limit.ts';
import type { RequestRecord } from '../core/record.ts';
import { Column } from '../stats/column.ts';
import type { Starts } from './silences.ts';

/** A bucket shows in the first part of a run or not at all. */
const HELD = 100_000;

/** A limit that takes longer to refill is one per hour or day: it says nothing about a pace per second. */
const LONGEST_REFILL: Millis = 120_000;

/** Which attempts of a block were let in, when the first was turned away, and what headers said about limits. */
export class Admissions {
  readonly #admittedAt = new Column();
  readonly #limits = new Map<RateLimitName, number>();
  #first429At: Millis | undefined;
  readonly #refusedAt = new Column();
  /** When each of them was told to come again; NaN where it was not. */
  readonly #againAt = new Column();

  add({ attempts }: RequestRecord): void {
    for (const { failure, startedAt, endedAt, rateLimit } of attempts) {
      if (rateLimit)
        for (const [name, told] of Object.entries(rateLimit)) this.#tell(name as RateLimitName, told);
      if (failure?.kind === 'rate-limited') {
        this.#first429At = Math.min(endedAt, this.#first429At ?? endedAt);
        if (this.#refusedAt.length >= HELD) continue;
        this.#refusedAt.push(startedAt);
        this.#againAt.push(endedAt + (failure.retryAfter ?? Number.NaN));
      } else if (this.#admittedAt.length < HELD) this.#admittedAt.push(startedAt);
    }
  }

  #tell(name: RateLimitName, { limit, reset }: RateLimitDimension): void {
    if (limit === undefined || (reset ?? 0) > LONGEST_REFILL) return;
    this.#limits.set(name, Math.min(limit, this.#limits.get(name) ?? limit));
  }

  /** End of the first attempt that was answered with a rate limit. */
  get first429At(): Millis | undefined {
    return this.#first429At;
  }

  /** First and last start of the attempts from `from` on that were answered with a rate limit; `undefined` without any. */
  refusalsFrom(from: Millis): { readonly first: Millis; readonly last: Millis } | undefined {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const at of this.#refusedAt.values) {
      if (at < from) continue;
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
    return first <= last ? { first, last } : undefined;
  }

  /** The first refusals in order of time, each with how many attempts had been let in before it. */
  refusals(most: number): readonly { readonly at: Millis; readonly admitted: number }[] {
    const admitted = this.#admittedAt.values.toSorted();
    let before = 0;
    return [...this.#refusedAt.values.toSorted().subarray(0, most)].map((at) => {
      while ((admitted[before] ?? Number.POSITIVE_INFINITY) <= at) before++;
      return { at, admitted: before };
    });
  }

  /** When attempts left that were let in, and when those that were not, in order of time. */
  get starts(): Starts {
    const [refusedAt, againAt] = [this.#refusedAt.values, this.#againAt.values];
    const order = Array.from(refusedAt.keys()).toSorted((a, b) => (refusedAt[a] ?? 0) - (refusedAt[b] ?? 0));
    return {
      admitted: this.#admittedAt.values.toSorted(),
      refused: Float64Array.from(order, (i) => refusedAt[i] ?? 0),
      againAt: Float64Array.from(order, (i) => againAt[i] ?? Number.NaN),
    };
  }

  /** Attempts that were let in, and that were answered with a rate limit. */
  get counts(): { readonly admitted: number; readonly refused: number } {
    return { admitted: this.#admittedAt.length, refused: this.#refusedAt.length };
  }

  /** Capacity per minute by dimension, the lowest that was told. */
  get limitsPerMinute(): ReadonlyMap<RateLimitName, number> {
    return this.#limits;
  }

  /** Attempts let in that started after `from` and up to `to`. */
  between(from: Millis, to: Millis): number {
    let count = 0;
    for (const at of this.#admittedAt.values) if (at > from && at <= to) count++;
    return count;
  }
}
