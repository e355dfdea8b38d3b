import { type Clock, type Millis, sleepUntil } from '../core/clock.ts';
import type { Arrivals } from './arrivals.ts';
import type { Driver } from './driver.ts';

/** An open loop's schedule and its only bound. */
export interface OpenLoop {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly arrivals: Arrivals;
  /** Arrivals after this offset are not due any more. */
  readonly duration: Millis;
  /** An arrival that finds as many open is dropped: recorded, never sent, never postponed. */
  readonly maxInFlight: number;
}

/**
 * Starts requests on an absolute schedule, whatever became of those before: users do not wait for each other. A start that is
 * late keeps its intended instant as `scheduledAt` and moves none after it, so a server that stalls cannot slow its own load down.
 */
export const openLoop = ({ clock, signal, arrivals, duration, maxInFlight }: OpenLoop): Driver => ({
  name: 'open-loop',
  async run({ claim, issue }) {
    const from = clock.now();
    let open = 0;
    let bug: { readonly error: unknown } | undefined;
    let onEnd = () => {};
    for (const offset of arrivals) {
      if (offset >= duration || signal.aborted || bug) break;
      const scheduledAt = from + offset;
      if (scheduledAt > clock.now()) await sleepUntil(clock, scheduledAt, signal).catch(() => {}); // stopped: the claim finds out
      const claimed = claim();
      const slot = claimed instanceof Promise ? await claimed : claimed;
      if (!slot) break;
      if (open >= maxInFlight) {
        await issue({ ...slot, scheduledAt, dropped: true });
        continue;
      }
      open++;
      void issue({ ...slot, scheduledAt })
        .catch((error: unknown) => {
          bug ??= { error };
        })
        .finally(() => {
          open--;
          onEnd();
        });
    }
    while (open > 0) {
      await new Promise<void>((resolve) => {
        onEnd = resolve;
      });
    }
    if (bug) throw bug.error;
  },
});
