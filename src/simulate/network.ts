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

/** A hop's time for one attempt of one request. */
export type HopTime = (attempt: { readonly index: number; readonly attempt: number }) => Millis;

/** Both ways of a network. */
export interface Network {
  readonly out: HopTime;
  readonly back: HopTime;
}

/** Draws hop times; keyed by direction, request and attempt, so that they do not depend on what else is in flight. */
export const network = ({ delay, jitter }: Hop, rng: Rng): Network => {
  const direction = (name: string): HopTime => {
    if (jitter === 0) return () => delay;
    const own = rng.fork(name);
    return ({ index, attempt }) => delay + exponential(own.fork(index).fork(attempt), jitter);
  };
  return { out: direction('out'), back: direction('back') };
};
