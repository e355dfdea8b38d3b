import { type AdaptiveLimit, adaptive } from './adaptive.ts';
import type { Driver } from './driver.ts';

const START = 20;
const SMOOTHING = 0.2;
const TOLERANCE = 1.5;
const QUEUE = 4;
/** Attempts over which the long-term latency is averaged, exponentially; the first few in plain mean. */
const WINDOW = 600;
const FIRST = 10;

/**
 * Follows the ratio of long-term to present latency (Netflix concurrency-limits, Gradient2):
 * limit · clamp(1.5 · long ÷ latency, ½, 1) + 4, smoothed by 0.2; unchanged while less than half of the limit is used.
 * Refusals do not count, so against a rate limit it climbs to the level and stays there.
 */
export const gradient2Limit = (): AdaptiveLimit => {
  let long = 0;
  let count = 0;
  return {
    initial: START,
    after(limit, { latency, inFlight }) {
      if (latency <= 0) return limit;
      count++;
      const weight = count <= FIRST ? 1 / count : 2 / (WINDOW + 1);
      long += (latency - long) * weight;
      if (long / latency > 2) long *= 0.9;
      if (inFlight < limit / 2) return limit;
      const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * long) / latency));
      return limit * (1 - SMOOTHING) + (limit * gradient + QUEUE) * SMOOTHING;
    },
  };
};

/** See `gradient2Limit`. */
export const gradient2 = (level: number): Driver => adaptive('gradient2', level, gradient2Limit());
