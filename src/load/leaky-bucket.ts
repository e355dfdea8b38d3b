import type { Millis } from '../core/clock.ts';
import type { KnownLimit } from '../core/known-limit.ts';
import type { Pacer } from './pacer.ts';
import { Toll } from './toll.ts';

const DUST: Millis = 1e-6;

/** An even stream: each call keeps its distance from the one before, whatever credit a pause would have earned. */
export const leakyBucket = (limit: KnownLimit): Pacer => {
  const toll = new Toll(limit);
  let freeAt: Millis = Number.NEGATIVE_INFINITY;
  return {
    name: `leaky bucket of ${limit.name}`,
    wait: (now) => (freeAt - now > DUST ? freeAt - now : 0),
    left(now, { demand }) {
      freeAt = Math.max(now, freeAt) + (toll.expected(demand) / limit.perSecond) * 1000;
    },
    ended(_now, _departure, _attempt, usage) {
      toll.actual(usage); // only to learn how long answers are
    },
  };
};
