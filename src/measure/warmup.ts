import type { Millis } from '../core/clock.ts';
import { quantile } from '../stats/quantile.ts';

/** Median cycles that count as warm-up once all slots are taken. */
const WARMUP_CYCLES = 1.5;

/** Where the steady part of a block begins. */
export interface Warmup {
  /** From the block's start until `level` requests were open at once. */
  readonly rampMs: Millis;
  /** Requests that start from here on count. */
  readonly steadyFrom: Millis;
}

/**
 * Ends the warm-up of a block at its ramp + 1.5 median cycles. The ramp is read off the requests themselves: it is over when
 * `level` of them are open for the first time. One that never gets there has none.
 */
export const warmupOf = (scheduledAt: Float64Array, endedAt: Float64Array, level: number): Warmup => {
  const starts = scheduledAt.slice().sort();
  const from = starts[0] ?? 0;
  const rampMs = (firstTimeFull(starts, endedAt.slice().sort(), level) ?? from) - from;
  const cycles = endedAt.map((end, i) => end - (scheduledAt[i] ?? end)).sort();
  return { rampMs, steadyFrom: from + rampMs + WARMUP_CYCLES * quantile(cycles, 0.5) };
};

const firstTimeFull = (starts: Float64Array, ends: Float64Array, level: number): Millis | undefined => {
  let ended = 0;
  for (const [started, start] of starts.entries()) {
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= start) ended++;
    if (started + 1 - ended >= level) return start;
  }
  return undefined;
};
