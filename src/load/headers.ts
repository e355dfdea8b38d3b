import type { Millis } from '../core/clock.ts';
import type { RateLimitDimension, RateLimitName } from '../core/rate-limit.ts';
import type { AttemptRecord } from '../core/record.ts';
import type { Departure, Pacer } from './pacer.ts';
import { Toll } from './toll.ts';

const DUST: Millis = 1e-6;
const MINUTE: Millis = 60_000;
/** A limit that takes longer to refill is one per day: pacing to it would stretch any batch over the day. */
const LONGEST_REFILL: Millis = 2 * MINUTE;
/** Until a response tells the limits, attempts leave one by one at this distance. */
const FEELING: Millis = 100;

/** One limit as learnt so far, and what this client has taken from it. */
interface Learnt {
  readonly toll: Toll;
  /** Per minute. */
  limit: number;
  /** The most that was ever left, and the call that told so: what the bucket holds at least. */
  burst: number;
  level: number;
  at: Millis;
  /** All that has left, ever: tells how much left after a given attempt. */
  taken: number;
}

/**
 * Paces by what the endpoint says: `limit` and `remaining` of every response set a bucket of ours, for each dimension the
 * headers name. A reading is as old as its attempt, so what was refilled and taken since then is added and taken off. Without
 * rate-limit headers there is nothing to pace by, and nothing is held.
 */
export const headerPace = (share: number): Pacer => {
  const limits = new Map<RateLimitName, Learnt>();
  const departures = new WeakMap<
    Departure,
    { readonly at: Millis; readonly taken: Map<RateLimitName, number> }
  >();
  let state: 'unknown' | 'told' | 'untold' = 'unknown';
  let lastAt: Millis = Number.NEGATIVE_INFINITY;
  const rate = ({ limit }: Learnt) => (limit * share) / MINUTE;
  const refill = (learnt: Learnt, now: Millis) => {
    learnt.level = Math.min(learnt.burst, learnt.level + (now - learnt.at) * rate(learnt));
    learnt.at = now;
  };
  const take = (now: Millis, name: RateLimitName, limit: number, remaining: number, departure: Departure) => {
    const toll = limits.get(name)?.toll ?? new Toll({ name });
    const own = toll.expected(departure.demand);
    const known = limits.get(name) ?? { toll, limit, burst: 0, level: 0, at: now, taken: 0 };
    const left = departures.get(departure);
    const since = known.taken - (left?.taken.get(name) ?? 0);
    known.limit = limit;
    known.burst = Math.max(known.burst, remaining + own, own);
    known.at = now;
    known.level = Math.min(known.burst, remaining - since + (now - (left?.at ?? now)) * rate(known));
    limits.set(name, known);
  };
  const learn = (now: Millis, departure: Departure, reading: NonNullable<AttemptRecord['rateLimit']>) => {
    for (const [name, { limit, remaining, reset }] of Object.entries(reading) as [
      RateLimitName,
      RateLimitDimension,
    ][]) {
      if (limit === undefined || remaining === undefined || limit <= 0) continue;
      if (reset !== undefined && reset > LONGEST_REFILL) continue;
      take(now, name, limit, remaining, departure);
    }
    state = limits.size > 0 ? 'told' : state;
  };
  return {
    name: 'headers',
    wait(now, { demand }) {
      if (state === 'unknown') return Math.max(0, lastAt + FEELING - now);
      let wait = 0;
      for (const learnt of limits.values()) {
        refill(learnt, now);
        const need = Math.min(learnt.burst, learnt.toll.expected(demand));
        wait = Math.max(wait, (need - learnt.level) / rate(learnt));
      }
      return wait > DUST ? wait : 0;
    },
    left(now, departure) {
      lastAt = now;
      for (const learnt of limits.values()) {
        refill(learnt, now);
        const amount = learnt.toll.expected(departure.demand);
        learnt.level -= amount;
        learnt.taken += amount;
      }
      departures.set(departure, {
        at: now,
        taken: new Map([...limits].map(([name, { taken }]) => [name, taken])),
      });
    },
    ended(now, departure, attempt, usage) {
      for (const { toll } of limits.values()) toll.actual(usage);
      if (attempt.rateLimit) learn(now, departure, attempt.rateLimit);
      else if (state === 'unknown' && attempt.headersAt !== undefined && !attempt.failure) state = 'untold';
    },
  };
};
