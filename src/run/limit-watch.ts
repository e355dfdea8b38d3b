import type { Clock, Millis } from '../core/clock.ts';
import type { RateLimitDimension, RateLimitName } from '../core/rate-limit.ts';
import type { AttemptRecord } from '../core/record.ts';

const ONE_MINUTE: Millis = 60_000;
/** A limit per minute is full again after about a minute; what takes far longer is one per day and cannot be waited out. */
const LONGEST_REFILL: Millis = 2 * ONE_MINUTE;

/** How long to leave an endpoint alone so that its limits are full again, and how that is known. */
export interface Refill {
  readonly wait: Millis;
  readonly because: string;
}

interface Reading {
  readonly dimension: RateLimitDimension;
  readonly readAt: Millis;
}

/** Follows what the responses of a run say about the endpoint's limits. */
export class LimitWatch {
  readonly #clock: Clock;
  readonly #readings = new Map<RateLimitName, Reading>();
  #wasLimited = false;
  #lastAt: Millis | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes note of one attempt. Headers count from when they arrived: a long stream ends long after it told its limits. */
  onAttempt({ rateLimit, failure, headersAt, endedAt }: AttemptRecord): void {
    const readAt = headersAt ?? endedAt;
    if (failure?.kind === 'rate-limited') this.#wasLimited = true;
    this.#lastAt = Math.max(endedAt, this.#lastAt ?? endedAt);
    for (const [name, dimension] of Object.entries(rateLimit ?? {}) as [
      RateLimitName,
      RateLimitDimension,
    ][]) {
      const known = this.#readings.get(name);
      if (!known || known.readAt <= readAt) this.#readings.set(name, { dimension, readAt });
    }
  }

  /** What to wait for before the next level. */
  refill(): Refill {
    const now = this.#clock.now();
    const waits = [...this.#readings.values()].flatMap(({ dimension, readAt }) => {
      const wait = untilFull(dimension);
      return wait === undefined ? [] : [Math.max(0, wait - (now - readAt))];
    });
    if (waits.length > 0) {
      const wait = Math.max(0, ...waits.filter((each) => each <= LONGEST_REFILL));
      if (wait > 0) return { wait, because: 'until the rate-limit headers say full' };
      const beyond = Math.max(...waits) > LONGEST_REFILL;
      return {
        wait: 0,
        because: beyond
          ? 'the rate-limit headers tell of a limit that takes minutes or more to refill, which is not waited for'
          : 'the rate-limit headers say full',
      };
    }
    if (!this.#wasLimited) return { wait: 0, because: 'no limit known: neither headers nor 429s' };
    // A level that was not refused may have used up part of what the bucket held.
    const wait = Math.max(0, ONE_MINUTE - (now - (this.#lastAt ?? now)));
    return {
      wait,
      because: 'one minute since the last answer: there were 429s, and no header tells the limit',
    };
  }
}

const untilFull = ({ limit, remaining, reset }: RateLimitDimension): Millis | undefined => {
  if (limit !== undefined && remaining !== undefined && remaining >= limit) return 0;
  if (reset !== undefined) return reset;
  // No reset given: at worst the bucket is refilled within its minute.
  return limit !== undefined && remaining !== undefined ? ONE_MINUTE * (1 - remaining / limit) : undefined;
};
