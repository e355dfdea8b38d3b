import type { SweepSettings } from '../config/resolve.ts';
import { SystemClock } from '../core/clock.ts';
import { timerLateness } from '../run/doctor.ts';

const TIMERS = 30;
const EVERY_MS = 10;
const MOST_TRIES = 3;

/** Up to which lateness of timers (99th percentile, real ms) a machine keeps up with a speed, the fastest first. */
const PACES = [
  { speed: Number.POSITIVE_INFINITY, latest: 4 },
  { speed: 20, latest: 12 },
  { speed: 10, latest: Number.POSITIVE_INFINITY },
] as const;

/**
 * The settings at a speed that this machine can hold now. A speed that was asked for stays; the default falls where timers
 * come late even with nothing to do, since at 40 times real time each millisecond of that counts as 40.
 */
export const withFittingSpeed = async (settings: SweepSettings): Promise<SweepSettings> => {
  if (!settings.speedMayFall || settings.dryRun) return settings;
  // One hiccup is no busy machine: only timers that stay late through every try slow the run down.
  let p99 = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < MOST_TRIES && p99 > PACES[0].latest; tries++) {
    p99 = Math.min(p99, (await timerLateness(new SystemClock(), TIMERS, EVERY_MS)).p99);
  }
  const most = PACES.find(({ latest }) => p99 <= latest)?.speed ?? settings.speed;
  return { ...settings, speed: Math.min(settings.speed, most) };
};

/** Why a run is slower than usual, for the screen. */
export const slowerBecause = (speed: number, usual: number): string =>
  `this machine is busy, so the mock lives ${speed} and not ${usual} times faster than real time: the run takes ${usual / speed} times as long (--speed ${usual} to insist)`;
