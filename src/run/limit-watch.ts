import type { Clock, Millis } from '../core/clock.ts';
import type { RateLimitDimension, RateLimitReading } from '../core/rate-limit.ts';
import type { AttemptRecord } from '../core/record.ts';

/** Wait that covers any per-minute limit whose state is unknown. */
const ONE_MINUTE: Millis = 60_000;

/** How long to leave an endpoint alone so that its limits are full again, and how that is known. */
export interface Refill {
  readonly wait: Millis;
  readonly because: string;
}

/** Follows what the responses of a level say about the endpoint's limits. */
export class LimitWatch {
  readonly #clock: Clock;
  #reading: RateLimitReading | undefined;
  #readAt: Millis = 0;
  #sawLimit = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes note of one attempt. Responses may overtake one another; the last to arrive is the best there is. */
  onAttempt({ rateLimit, failure, endedAt }: AttemptRecord): void {
    if (failure?.kind === 'rate-limited') this.#sawLimit = true;
    if (!rateLimit || endedAt < this.#readAt) return;
    this.#reading = rateLimit;
    this.#readAt = endedAt;
  }

  /** What to wait for before the next level. */
  refill(): Refill {
    const since = this.#clock.now() - this.#readAt;
    const waits = Object.values(this.#reading ?? {})
      .map(untilFull)
      .filter((wait) => wait !== undefined);
    if (waits.length > 0) {
      const wait = Math.max(0, Math.max(...waits) - since);
      return {
        wait,
        because: wait > 0 ? 'until the rate-limit headers say full' : 'the rate-limit headers say full',
      };
    }
    if (this.#sawLimit)
      return { wait: ONE_MINUTE, because: 'one minute: 429s were seen and no header tells the limit' };
    return { wait: 0, because: 'no limit known: neither headers nor 429s' };
  }
}

const untilFull = ({ limit, remaining, reset }: RateLimitDimension): Millis | undefined => {
  if (limit !== undefined && remaining !== undefined && remaining >= limit) return 0;
  if (reset !== undefined) return reset;
  // No reset given: at worst the bucket is refilled within its minute.
  return limit !== undefined && remaining !== undefined ? ONE_MINUTE * (1 - remaining / limit) : undefined;
};
