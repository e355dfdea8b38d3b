import type { Millis } from '../../src/core/clock.ts';
import { exponential, type Rng } from '../../src/core/rng.ts';
import type { Profile } from './profile.ts';

/** Tells whether an instant lies in an episode; instants must not go backwards. */
export type Episodes = (now: Millis) => boolean;

/** Alternates quiet times and episodes of exponential length (a two-state Markov process), so that failures cluster. */
export const episodes = (spec: NonNullable<Profile['overload']>, rng: Rng): Episodes => {
  let raging = false;
  let next = exponential(rng, spec.every);
  return (now) => {
    while (next <= now) {
      raging = !raging;
      next += exponential(rng, raging ? spec.lasting : spec.every);
    }
    return raging;
  };
};
