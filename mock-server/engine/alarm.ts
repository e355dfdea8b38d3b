import type { Clock, Millis } from '../../src/core/clock.ts';

/** A timer that is set again and again, for one deadline at a time. */
export interface Alarm {
  /** Fires once, at or after `deadline`; what it was set for before is forgotten. */
  set(deadline: Millis): void;
  /** Does not fire, until it is set again. */
  clear(): void;
}

/** A clock whose alarms cost less than as many timers. */
export interface AlarmClock extends Clock {
  alarm(fire: () => void): Alarm;
}

const nothing = () => {};

/** An alarm on a clock that knows timers alone. */
class TimerAlarm implements Alarm {
  readonly #clock: Clock;
  readonly #fire: () => void;
  #cancel: () => void = nothing;

  constructor(clock: Clock, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  set(deadline: Millis): void {
    this.#cancel();
    this.#cancel = this.#clock.schedule(deadline, this.#fire);
  }

  clear(): void {
    this.#cancel();
  }
}

const hasAlarms = (clock: Clock): clock is AlarmClock => 'alarm' in clock;

/** An alarm that calls `fire`, by the clock's own means where it has any. */
export const alarmOn = (clock: Clock, fire: () => void): Alarm =>
  hasAlarms(clock) ? clock.alarm(fire) : new TimerAlarm(clock, fire);
