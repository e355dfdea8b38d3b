import type { Millis } from '../core/clock.ts';

/**
 * Largest number of intervals open at once. A request that starts at the very instant another ends has taken its slot
 * over, so ends are counted before starts.
 */
export const maxInFlight = (startedAt: Float64Array, endedAt: Float64Array): number => {
  const starts = startedAt.slice().sort();
  const ends = endedAt.slice().sort();
  let open = 0;
  let max = 0;
  let ended = 0;
  for (const start of starts) {
    while (ended < ends.length && (ends[ended] ?? Number.POSITIVE_INFINITY) <= start) {
      ended++;
      open--;
    }
    open++;
    if (open > max) max = open;
  }
  return max;
};

/** Time average of the number of open intervals over a window that holds them all: their summed length ÷ its length. */
export const meanInFlight = (summedDuration: Millis, window: Millis): number =>
  window > 0 ? summedDuration / window : 0;
