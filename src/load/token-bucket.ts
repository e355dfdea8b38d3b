import type { Millis } from '../core/clock.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import type { Departure, Pacer } from './pacer.ts';
import { Toll } from './toll.ts';

/** Rounding, in milliseconds, that must not make an attempt wait once more after exactly the time it was told. */
const DUST: Millis = 1e-6;

/**
 * A bucket like the endpoint's own: holds `burst`, refilled with `perSecond`, full at the start; a call leaves once the bucket
 * holds what it is expected to take, and the difference to what it took is settled when it has answered. What takes more than a
 * whole bucket leaves at a full one and is paid off afterwards. Where a response says how much is left at the endpoint and that
 * is less, ours is lowered to it: others may use the same limit, and a call may count more than it was expected to.
 */
export const tokenBucket = (limit: KnownLimit): Pacer => {
  const { perSecond, burst, name } = limit;
  const toll = new Toll(limit);
  const departed = new WeakMap<
    Departure,
    { readonly amount: number; readonly at: Millis; readonly taken: number }
  >();
  let level = burst;
  let at: Millis = 0;
  /** All that has left, ever. */
  let taken = 0;
  const refill = (now: Millis) => {
    level = Math.min(burst, level + ((now - at) * perSecond) / 1000);
    at = now;
  };
  return {
    name: `token bucket of ${name}`,
    wait(now, { demand }) {
      refill(now);
      const wait = ((Math.min(burst, toll.expected(demand)) - level) / perSecond) * 1000;
      return wait > DUST ? wait : 0;
    },
    left(now, departure) {
      refill(now);
      const amount = toll.expected(departure.demand);
      taken += amount;
      level -= amount;
      departed.set(departure, { amount, at: now, taken });
    },
    ended(now, departure, { rateLimit }, usage) {
      const left = departed.get(departure);
      if (!left) return;
      refill(now);
      const actual = toll.actual(usage);
      if (actual !== undefined) level = Math.min(burst, level + left.amount - actual);
      const remaining = rateLimit?.[name]?.remaining;
      if (remaining === undefined) return;
      // The reading is as old as the attempt: since then the bucket was refilled, and others of ours have left.
      const told = remaining + ((now - left.at) * perSecond) / 1000 - (taken - left.taken);
      level = Math.min(level, told);
    },
  };
};
