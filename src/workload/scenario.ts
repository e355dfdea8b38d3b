import type { Call } from '../core/call.ts';
import type { Rng } from '../core/rng.ts';

/** A named workload: what to send, and how much of it makes one batch. */
export interface Scenario {
  readonly name: string;
  /** One line for lists: what it is and where it comes from. */
  readonly description: string;
  /** Requests of one batch at one level, unless the user says otherwise. */
  readonly requests: number;
  /** Pure in `(index, rng)`: the same index sends the same call at every level and on every machine. */
  call(index: number, rng: Rng): Call;
}

/** Returns its argument; gives a scenario file its types. */
export const defineScenario = <const S extends Scenario>(scenario: S): S => scenario;
