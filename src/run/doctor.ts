import { type Clock, type Millis, sleepUntil } from '../core/clock.ts';
import { quantile } from '../stats/quantile.ts';

/** How late timers fire on this machine, in real milliseconds. */
export interface TimerReading {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Sets `count` timers one after the other, `every` apart, and notes how late each fires. */
export const timerLateness = async (clock: Clock, count: number, every: Millis): Promise<TimerReading> => {
  const late: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = clock.now() + every;
    await sleepUntil(clock, at);
    late.push(clock.now() - at);
  }
  late.sort((a, b) => a - b);
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: late.at(-1) ?? 0 };
};

/** What the machine and the harness cost, in real milliseconds. */
export interface DoctorFigures {
  readonly timers: TimerReading;
  readonly eventLoopDelayP99: number;
  /** Median of a call that the mock answers at once. */
  readonly sdkCall: number;
  readonly fetchCall: number;
}

/** What to make of the figures. */
export interface Diagnosis {
  /** Whether measurements in real time can be trusted to a hundredth of a second. */
  readonly sound: boolean;
  /** Largest round factor at which the harness stays a small part of what is measured; 1 if none does. */
  readonly safeSpeed: number;
  readonly advice: readonly string[];
}

/** The call that the advice is for: the guide's, 3.84 s, and as many at once as the default sweep has at most. */
const TYPICAL_CALL: Millis = 3840;
const TYPICAL_LEVEL = 30;
/** The harness may add this share to a call, and keep a core this busy. */
const OVERHEAD_SHARE = 0.02;
const BUSY_SHARE = 0.5;
const SPEEDS = [400, 200, 100, 80, 60, 40, 30, 20, 10, 5, 2, 1];
const LATE_TIMER = 5;
const LATE_LOOP = 20;

/** Judges the figures. Pure. */
export const diagnose = ({ timers, eventLoopDelayP99, sdkCall, fetchCall }: DoctorFigures): Diagnosis => {
  const byOverhead = (OVERHEAD_SHARE * TYPICAL_CALL) / Math.max(sdkCall, 1e-6);
  const byBusy = (BUSY_SHARE * TYPICAL_CALL) / (TYPICAL_LEVEL * Math.max(sdkCall, 1e-6));
  const byTimers = (OVERHEAD_SHARE * TYPICAL_CALL) / Math.max(timers.p99, 1e-6);
  const largest = Math.min(byOverhead, byBusy, byTimers);
  const safeSpeed = SPEEDS.find((speed) => speed <= largest) ?? 1;
  const sound = timers.p99 <= LATE_TIMER && eventLoopDelayP99 <= LATE_LOOP;
  return {
    sound,
    safeSpeed,
    advice: [
      ...(timers.p99 > LATE_TIMER
        ? [
            `Timers fire up to ${timers.p99.toFixed(1)} ms late at p99: this machine is busy. Measure when it is not.`,
          ]
        : []),
      ...(eventLoopDelayP99 > LATE_LOOP
        ? [
            `The event loop stands still for ${eventLoopDelayP99.toFixed(0)} ms at p99 though nothing runs: look for what else uses the cores.`,
          ]
        : []),
      ...(sdkCall > 4 * fetchCall && sdkCall > 2
        ? [
            'The SDK takes several times as long as a bare call: --client http measures the endpoint with less in between.',
          ]
        : []),
      `Up to --speed ${safeSpeed}, the harness adds at most 2 % to a call of 3.84 s and leaves half a core free at 30 at once.`,
    ],
  };
};
