import TinyQueue from 'tinyqueue';
import type { Clock, Millis } from '../../src/core/clock.ts';

interface Appointment {
  readonly deadline: Millis;
  readonly sequence: number;
  cancelled: boolean;
  readonly fire: () => void;
}

/**
 * Time as a busy server's work passes: it runs `slowdown` times slower than `base`. Answers are planned in work time, so
 * that a change of load stretches or shortens whatever is left of every answer, streamed or not, at the cost of one timer.
 */
export class WorkClock implements Clock {
  readonly epoch: number;
  readonly #base: Clock;
  readonly #appointments = new TinyQueue<Appointment>(
    [],
    (a, b) => a.deadline - b.deadline || a.sequence - b.sequence,
  );
  #slowdown = 1;
  #work: Millis;
  #at: Millis;
  #sequence = 0;
  #armed: Appointment | undefined;
  #disarm: () => void = () => {};

  constructor(base: Clock) {
    this.epoch = base.epoch;
    this.#base = base;
    this.#at = base.now();
    this.#work = this.#at;
  }

  /** How many base milliseconds one millisecond of work takes now. */
  get slowdown(): number {
    return this.#slowdown;
  }

  set slowdown(value: number) {
    if (value === this.#slowdown) return;
    this.#work = this.now();
    this.#at = this.#base.now();
    this.#slowdown = value;
    this.#armed = undefined;
    this.#arm();
  }

  now(): Millis {
    return this.#work + (this.#base.now() - this.#at) / this.#slowdown;
  }

  schedule(deadline: Millis, fire: () => void): () => void {
    const appointment: Appointment = { deadline, sequence: this.#sequence++, cancelled: false, fire };
    this.#appointments.push(appointment);
    this.#arm();
    return () => {
      appointment.cancelled = true;
    };
  }

  #arm(): void {
    while (this.#appointments.peek()?.cancelled) this.#appointments.pop();
    const first = this.#appointments.peek();
    if (first === this.#armed) return;
    this.#disarm();
    this.#armed = first;
    if (!first) return;
    this.#disarm = this.#base.schedule(this.#at + (first.deadline - this.#work) * this.#slowdown, () =>
      this.#ring(),
    );
  }

  #ring(): void {
    const due = this.#armed;
    this.#armed = undefined;
    // The appointed instant has come by definition: rounding must not postpone it.
    const now = Math.max(this.now(), due?.deadline ?? 0);
    this.#work = now;
    this.#at = this.#base.now();
    for (;;) {
      const first = this.#appointments.peek();
      if (!first || (!first.cancelled && first.deadline > now)) break;
      this.#appointments.pop();
      if (!first.cancelled) first.fire();
    }
    this.#arm();
  }
}
