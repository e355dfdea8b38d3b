import type { Millis } from '../core/clock.ts';
import { exponential, type Rng } from '../core/rng.ts';

/**
 * How long one hop between client and server takes: `delay` at least, and an exponential `jitter` on top, on average.
 *
 * Without any noise a simulated server and its clients lock into step, and a run shows queues that no real one has: a
 * bucket refilled every tick met twenty clients in the same tick for ever.
 */
export interface Hop {
  readonly delay: Millis;
  readonly jitter: Millis;
}

/** Which way a hop goes. */
export type Direction = 'out' | 'back';

/** Draws a hop's time; keyed by request, attempt and direction, so that it does not depend on what else is in flight. */
export const hopTime = (
  { delay, jitter }: Hop,
  rng: Rng,
  { index, attempt }: { readonly index: number; readonly attempt: number },
  direction: Direction,
): Millis =>
  jitter === 0 ? delay : delay + exponential(rng.fork(direction).fork(index).fork(attempt), jitter);
