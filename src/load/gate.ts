import type { Millis } from '../core/clock.ts';
import type { Pacer } from './pacer.ts';

/** How long the gate stays shut where a refusal names no time. */
const UNTOLD: Millis = 1000;
/** Nobody waits longer on an endpoint's word; both SDKs draw the line there. */
const LONGEST: Millis = 60_000;

/**
 * One gate for all: a 429 shuts it for as long as its `retry-after` asks, in whole seconds, for attempts that retry and for new
 * ones. Each then leaves at a time of its own within `spread`, since all at once would be refused again at once.
 */
export const gate = (spread: Millis): Pacer => {
  let opensAt: Millis = Number.NEGATIVE_INFINITY;
  return {
    name: 'gate',
    wait: (now) => Math.max(0, opensAt - now),
    spread: (rng) => rng.next() * spread,
    ended(now, _departure, { failure }) {
      if (failure?.kind !== 'rate-limited' && failure?.kind !== 'overloaded') return;
      const told = Math.ceil((failure.retryAfter ?? UNTOLD) / 1000) * 1000;
      opensAt = Math.max(opensAt, now + Math.min(LONGEST, told));
    },
  };
};
