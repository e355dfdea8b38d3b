import { cpus } from 'node:os';
import { type Clock, type Millis, sleep } from '../core/clock.ts';

const WINDOW: Millis = 300;

/** Below this share of idle time the machine is doing something else. */
const QUIET = 0.75;

const idleMillis = (): number => cpus().reduce((sum, { times }) => sum + times.idle, 0);

/**
 * Watches the machine for a moment in which nothing of ours runs: true if others use more than a quarter of it. Idle time is held
 * against the clock, so that time that a hypervisor gave to others counts as taken.
 */
export const isHostBusy = async (clock: Clock, signal?: AbortSignal): Promise<boolean> => {
  const cores = cpus().length;
  const [from, idle] = [clock.now(), idleMillis()];
  await sleep(clock, WINDOW, signal);
  return cores > 0 && (idleMillis() - idle) / (cores * (clock.now() - from)) < QUIET;
};
