import { type Clock, type Millis, sleepUntil } from '../core/clock.ts';
import type { Driver, LevelContext } from './driver.ts';

/** How a driver's slots are let in one after the other. */
export interface Ramp {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Slots to let in; claims beyond that many are not delayed. */
  readonly slots: number;
  /** From the first slot to where one more would come: slot i starts at i × over ÷ slots. */
  readonly over: Millis;
}

/** The same driver, its slots let in evenly, so that they neither start in one burst nor keep step with each other. */
export const ramped = (driver: Driver, { clock, signal, slots, over }: Ramp): Driver => ({
  name: driver.name,
  onAttempt: (attempt) => driver.onAttempt?.(attempt),
  run(context: LevelContext) {
    const from = clock.now();
    let claims = 0;
    const later = async (at: Millis) => {
      await sleepUntil(clock, at, signal).catch(() => {}); // stopped: the claim itself finds out
      return context.claim();
    };
    return driver.run({
      ...context,
      claim() {
        const slot = claims++;
        const at = from + (slot * over) / slots;
        return slot >= slots || at <= clock.now() ? context.claim() : later(at);
      },
    });
  },
});
