import type { Millis } from '../../src/core/clock.ts';
import type { LimitsSpec } from './profile.ts';

/** Slices that count as the recent past. */
const MEMORY = 6;

/**
 * Limits how fast traffic may grow, whatever its level: starts within one slice of time may exceed the busiest of the six
 * slices before by a factor. Providers publish no thresholds; this shape is ours.
 */
export class Ramp {
  readonly #spec: NonNullable<LimitsSpec['ramp']>;
  /** Starts by slice number, of the recent past and the present. */
  readonly #starts = new Map<number, number>();

  constructor(spec: NonNullable<LimitsSpec['ramp']>) {
    this.#spec = spec;
  }

  /** Time until a start is allowed; 0 allows and counts it. */
  admit(now: Millis): Millis {
    const { floor, factor, slice } = this.#spec;
    const present = Math.floor(now / slice);
    let busiest = 0;
    for (const [number, starts] of this.#starts) {
      if (number < present - MEMORY) this.#starts.delete(number);
      else if (number < present) busiest = Math.max(busiest, starts);
    }
    const starts = this.#starts.get(present) ?? 0;
    if (starts + 1 > Math.max(floor, factor * busiest)) return (present + 1) * slice - now;
    this.#starts.set(present, starts + 1);
    return 0;
  }
}
