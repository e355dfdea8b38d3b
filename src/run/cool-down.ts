import { type Millis, sleepUntil } from '../core/clock.ts';
import type { Endpoint } from './endpoint.ts';
import type { Runtime } from './level.ts';
import type { LimitWatch, Refill } from './limit-watch.ts';

/** Limits per minute are full again by then; limits per day cannot be waited out. */
const LONGEST_COOLDOWN: Millis = 60_000;

/** How long was waited before a level, and why that was enough. */
export interface CoolDown {
  readonly waitedMs: Millis;
  readonly because: string;
}

/** What is said of a level before which nothing had been sent. */
export const NOTHING_SENT: CoolDown = { waitedMs: 0, because: 'nothing had been sent before' };

/** What a cool-down needs to know. */
export interface CoolDownPlan {
  readonly endpoint: Endpoint;
  /** Fixed wait, or `auto`: until the endpoint's limits are full again. */
  readonly cooldown: Millis | 'auto';
}

/** Waits until no level's leftovers can help or hurt the next one; `onWait` is told before a wait begins. */
export const coolDown = async (
  plan: CoolDownPlan,
  { clock, stop }: Runtime,
  watch: LimitWatch,
  onWait: (refill: Refill) => void,
): Promise<CoolDown> => {
  const refill = await refillOf(plan, watch);
  if (refill.wait > 0) onWait(refill);
  const from = clock.now();
  await sleepUntil(clock, from + refill.wait, stop.signal).catch(() => {}); // stopped: the caller looks at the signal
  return { waitedMs: refill.wait > 0 ? clock.now() - from : 0, because: refill.because };
};

const refillOf = async ({ cooldown, endpoint }: CoolDownPlan, watch: LimitWatch): Promise<Refill> => {
  if (cooldown !== 'auto') return { wait: cooldown, because: 'as asked for (--cooldown)' };
  if (!endpoint.untilFull) return watch.refill();
  const wait = await endpoint.untilFull();
  if (wait > LONGEST_COOLDOWN) {
    return {
      wait: LONGEST_COOLDOWN,
      because: 'one minute: the mock has a limit that takes longer to refill',
    };
  }
  return {
    wait,
    because: wait > 0 ? 'until the mock says its limits are full' : 'the mock says its limits are full',
  };
};
