import { type AdaptiveLimit, adaptive } from './adaptive.ts';
import type { Driver } from './driver.ts';

const START = 4;
const CUT = 0.9;

/**
 * Additive increase, multiplicative decrease: +1 ÷ limit for each success, × 0.9 for each attempt that was turned away.
 * Doubles every round until the first refusal. The one of the three that suits an endpoint with a rate limit, which says no
 * instead of getting slower.
 */
export const aimdLimit = (): AdaptiveLimit => {
  let searching = true;
  return {
    initial: START,
    after(limit, { dropped }) {
      if (dropped) {
        searching = false;
        return limit * CUT;
      }
      return searching ? limit + 1 : limit + 1 / limit;
    },
  };
};

/** See `aimdLimit`. */
export const aimd = (level: number): Driver => adaptive('aimd', level, aimdLimit());
