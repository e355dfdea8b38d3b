import type { Millis } from '../src/core/clock.ts';
import type { Alarm, AlarmClock } from './engine/alarm.ts';

const nothing = () => {};

/** A link of a ring of alarms, which is empty where it is linked to itself. Taking one out costs nothing, wherever it is. */
class Entry implements Alarm {
  readonly #clock: WheelClock | undefined;
  readonly fire: () => void;
  deadline: Millis = Number.POSITIVE_INFINITY;
  before: Entry = this;
  after: Entry = this;

  constructor(fire: () => void, clock?: WheelClock) {
    this.fire = fire;
    this.#clock = clock;
  }

  get isLinked(): boolean {
    return this.after !== this;
  }

  /** Adds an entry that is in no ring as the last of this one. */
  append(entry: Entry): void {
    const last = this.before;
    entry.before = last;
    entry.after = this;
    last.after = entry;
    this.before = entry;
  }

  unlink(): void {
    const { before, after } = this;
    before.after = after;
    after.before = before;
    this.before = this;
    this.after = this;
  }

  set(deadline: Millis): void {
    this.clear();
    this.deadline = deadline;
    this.#clock?.enter(this);
  }

  clear(): void {
    if (this.isLinked) this.#clock?.remove(this);
  }
}

/** What the clocks of several processes have in common. */
export interface SharedTime {
  /** Unix time at which all of them read 0, if it is known already. */
  readonly epoch?: number;
  /** The machine's time at which all of them read 0. */
  readonly origin: Millis;
  /** The machine's time, the same for all its processes. */
  monotonic(): Millis;
}

/** How far this process's timer is ahead of the machine's: of a few readings the one that was interrupted least. */
const offsetOf = (monotonic: () => Millis): Millis => {
  let offset = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < 20; reading++) {
    const before = performance.now();
    const machine = monotonic();
    const after = performance.now();
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    offset = (before + after) / 2 - machine;
  }
  return offset;
};

/** Slots of one turn of the wheel, 1 ms each; what lies further ahead waits in its slot for a later turn. */
const SLOTS = 4096;
/** After a tick that took this long others are probably due already: the next one follows at once. */
const LONG_TICK: Millis = 0.25;
/** With at most this many timers pending the last moments before a deadline are waited out in turns of the event loop. */
const FEW = 64;
/** With few timers pending: the clock looks at them at least this often. */
const LONGEST_SLEEP: Millis = 100;
/** How long before a deadline a sleep ends: as much as this machine was seen to oversleep, within these bounds. */
const SHORTEST_MARGIN: Millis = 0.1;
const LONGEST_MARGIN: Millis = 2.5;

/**
 * Real time with one timer for all: a wheel of 1 ms slots with absolute deadlines. A thousand streams then cost one timer
 * per millisecond instead of one per chunk. With few timers pending it is as exact as `SystemClock`, with many up to a
 * millisecond late, never early.
 */
export class WheelClock implements AlarmClock {
  readonly epoch: number;
  readonly #origin: Millis;
  /** Of each slot the ring of its entries. */
  readonly #slots: readonly Entry[] = Array.from({ length: SLOTS }, () => new Entry(nothing));
  /** What was in the slot that is being turned and has not been looked at. */
  readonly #turning = new Entry(nothing);
  #pending = 0;
  /** The slot that was turned to last; it may still hold entries of the current millisecond. */
  #turned = 0;
  #armed = false;
  #timer: NodeJS.Timeout | undefined;
  /** A turn of the event loop is already asked for. */
  #awaited = false;
  /** When the clock looks at its timers next. */
  #wakesAt: Millis = 0;
  /** How long before a deadline a sleep must end. */
  #margin: Millis = 1;

  /** A clock of its own, or one that goes exactly as those of other processes do. */
  constructor(shared?: SharedTime) {
    this.epoch = shared?.epoch ?? Date.now();
    this.#origin = shared ? shared.origin + offsetOf(shared.monotonic) : performance.now();
    this.#turned = Math.floor(this.now());
  }

  /** Runs a task when everything that has already happened is dealt with. */
  defer(task: () => void): void {
    setImmediate(task);
  }

  now(): Millis {
    return performance.now() - this.#origin;
  }

  schedule(deadline: Millis, fire: () => void): () => void {
    const entry = new Entry(fire, this);
    entry.set(deadline);
    return () => entry.clear();
  }

  alarm(fire: () => void): Alarm {
    return new Entry(fire, this);
  }

  /** Takes up an entry by its deadline: for its alarm only. */
  enter(entry: Entry): void {
    const { deadline } = entry;
    if (Number.isNaN(deadline)) throw new RangeError('a deadline must be a number');
    const slot = Math.max(Math.floor(deadline), this.#turned);
    const ring = this.#slots[slot % SLOTS];
    if (!ring) return; // never
    ring.append(entry);
    this.#pending++;
    // Among many a tick that is at most a millisecond away is soon enough, and must not be put off again and again.
    if (!this.#armed) this.#arm();
    else if (deadline < this.#wakesAt && (this.#pending <= FEW || this.#wakesAt > this.now() + 1))
      this.#arm();
  }

  /** Gives up an entry: for its alarm only. */
  remove(entry: Entry): void {
    entry.unlink();
    this.#pending--;
  }

  /** Sleeps until shortly before the next deadline; with few timers the rest is waited out in turns of the event loop. */
  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#armed = true;
    const now = this.now();
    const left = this.#pending > FEW ? 1 : this.#nextWithin(LONGEST_SLEEP, now);
    const sleep = this.#pending > FEW ? 1 : Math.floor(left - this.#margin);
    if (sleep < 1) {
      this.#turnSoon(now);
      return;
    }
    this.#wakesAt = now + sleep;
    this.#timer = setTimeout(this.#wake, sleep);
  }

  #turnSoon(now: Millis): void {
    this.#wakesAt = now;
    if (!this.#awaited) setImmediate(this.#tick);
    this.#awaited = true;
  }

  /** After a sleep: learns by how much this machine oversleeps, so that it wakes before deadlines but not long before. */
  #wake = (): void => {
    const over = this.now() - this.#wakesAt;
    const step = over + SHORTEST_MARGIN > this.#margin ? 0.1 : -0.005; // settles where 1 sleep in 20 is too long
    this.#margin = Math.min(Math.max(this.#margin + step, SHORTEST_MARGIN), LONGEST_MARGIN);
    this.#timer = undefined;
    this.#tick();
  };

  /** Time until the next deadline, at most `ahead`. */
  #nextWithin(ahead: Millis, now: Millis): Millis {
    let first = now + ahead;
    for (let slot = this.#turned; slot <= first; slot++) {
      const ring = this.#slots[slot % SLOTS];
      for (let entry = ring?.after; entry && entry !== ring; entry = entry.after)
        if (entry.deadline < first) first = entry.deadline;
    }
    return first - now;
  }

  #tick = (): void => {
    this.#awaited = false;
    const now = this.now();
    const last = Math.floor(now);
    // After a pause longer than one turn every slot is visited once.
    const first = Math.max(this.#turned, last - SLOTS + 1);
    this.#turned = last;
    for (let slot = first; slot <= last; slot++) this.#turn(slot % SLOTS, now);
    if (this.#pending === 0) this.#armed = false;
    else if (this.now() - now > LONG_TICK) this.#turnSoon(now);
    else this.#arm();
  };

  #turn(slot: number, now: Millis): void {
    const ring = this.#slots[slot];
    if (!ring?.isLinked) return;
    // What a fired entry sets for this slot waits for the next tick, else one that is always due would never let go.
    const turning = this.#turning;
    ring.append(turning);
    ring.unlink();
    while (turning.isLinked) {
      const entry = turning.after;
      if (entry.deadline > now) {
        entry.unlink();
        ring.append(entry);
      } else {
        this.remove(entry);
        entry.fire();
      }
    }
  }
}
