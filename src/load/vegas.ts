import { type AdaptiveLimit, adaptive } from './adaptive.ts';
import type { Driver } from './driver.ts';

const START = 20;
/** The least latency is measured anew after so many attempts per unit of the limit. */
const PROBE_EVERY = 30;

const log10 = (limit: number): number => Math.max(1, Math.floor(Math.log10(Math.floor(limit))));

/**
 * Takes latency above the least one seen for a queue, queue = limit · (1 − least ÷ latency), and keeps it between
 * 3 log₁₀ limit and 6 log₁₀ limit (Netflix concurrency-limits, Vegas). Where latency varies by itself, as with language models,
 * it takes the variation for a queue and stays far too low.
 */
export const vegasLimit = (): AdaptiveLimit => {
  let least = 0;
  let sinceProbe = 0;
  return {
    initial: START,
    after(limit, { latency, dropped, inFlight }) {
      if (latency <= 0) return limit;
      if (++sinceProbe >= PROBE_EVERY * limit) {
        sinceProbe = 0;
        least = latency;
        return limit;
      }
      if (least === 0 || latency < least) {
        least = latency;
        return limit;
      }
      const step = log10(limit);
      if (dropped) return limit - step;
      if (inFlight * 2 < limit) return limit;
      const queue = Math.ceil(limit * (1 - least / latency));
      if (queue <= step) return limit + 6 * step;
      if (queue < 3 * step) return limit + step;
      return queue > 6 * step ? limit - step : limit;
    },
  };
};

/** See `vegasLimit`. */
export const vegas = (level: number): Driver => adaptive('vegas', level, vegasLimit());
