import TinyQueue from 'tinyqueue';
import type { Clock, Millis } from './clock.ts';

interface Timer {
  readonly deadline: Millis;
  readonly sequence: number;
  state: 'set' | 'fired' | 'cancelled';
  fire: () => void;
}

const nothing = () => {};

const before = (a: Timer, b: Timer): number => a.deadline - b.deadline || a.sequence - b.sequence;

/** Below this many cancelled timers, sweeping them out costs more than it frees. */
const SWEEP_FROM = 1024;

/** Thrown when a virtual run waits for something that no timer will ever bring about. */
export class VirtualDeadlockError extends Error {
  /** Virtual instant at which nothing was left to happen. */
  readonly at: Millis;

  constructor(at: Millis, pending: string) {
    super(
      `virtual deadlock at ${at} ms: nothing is scheduled and the run has not finished; pending: ${pending}`,
    );
    this.name = 'VirtualDeadlockError';
    this.at = at;
  }
}

/** A turn of the event loop: after every microtask and every tick, whoever set them. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Settled for ever; its `then` is the cheapest microtask there is. */
const SETTLED = Promise.resolve();

/** So many timers may fire before signals, files and screens get their turn. */
const TIMERS_PER_TURN = 500;

/**
 * Discrete-event time: `now` jumps from one timer to the next, and `run` fires exactly one timer per drain, so whatever a timer
 * set in motion has settled before the next one fires, however deep its chain of promises is. No global is patched. Ties
 * fire in the order they were set.
 */
export class VirtualClock implements Clock {
  readonly epoch: number;
  #now: Millis = 0;
  #sequence = 0;
  #timers = new TinyQueue<Timer>([], before);
  #cancelled = 0;
  /** Real work under way, during which virtual time stands still. */
  readonly #aside = new Set<Promise<unknown>>();

  readonly #timersPerTurn: number;

  /**
   * `promisesOnly`: nothing in the run waits for anything but promises and this clock, no stream, no `process.nextTick`. Then
   * a drain needs no turn of the event loop and costs a fraction.
   */
  constructor(epoch = 0, { promisesOnly = false }: { readonly promisesOnly?: boolean } = {}) {
    this.epoch = epoch;
    this.#timersPerTurn = promisesOnly ? TIMERS_PER_TURN : 1;
  }

  now(): Millis {
    return this.#now;
  }

  schedule(deadline: Millis, fire: () => void): () => void {
    if (Number.isNaN(deadline)) throw new RangeError('a deadline must be a number');
    if (deadline === Number.POSITIVE_INFINITY) return () => {};
    const timer: Timer = {
      deadline: Math.max(deadline, this.#now),
      sequence: this.#sequence++,
      state: 'set',
      fire,
    };
    this.#timers.push(timer);
    return () => {
      if (timer.state !== 'set') return;
      timer.state = 'cancelled';
      timer.fire = nothing; // what it held on to may go long before its instant comes
      this.#cancelled++;
      this.#sweep();
    };
  }

  /**
   * Runs `main` to its end in virtual time. Rejects with its error, or with `VirtualDeadlockError`, for which `pending` says
   * what is still open.
   */
  async run<T>(main: () => Promise<T>, pending = () => 'whatever `main` waits for'): Promise<T> {
    let settled = false;
    const result = main().finally(() => {
      settled = true;
    });
    result.catch(() => {}); // observed again below; without this a deadlock would also report it as unhandled
    for (;;) {
      await turn();
      if (settled) return await result;
      // What the work sets in motion must drain first.
      if (this.#aside.size > 0) await Promise.allSettled(this.#aside);
      else if (!(await this.#fire(() => settled))) throw new VirtualDeadlockError(this.#now, pending());
    }
  }

  /**
   * Fires timers, one per drain, until it is time for a turn of the event loop; `false` if there was none. Between two timers
   * lies the end of the microtask queue: a tick set by a microtask runs when no microtask is left, however long their chains
   * are (Node's documented order). It does not wait for ticks that others set.
   */
  #fire(isOver: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let fired = 0;
      const step = () => {
        const mayGoOn = fired < this.#timersPerTurn && this.#aside.size === 0 && !isOver();
        const timer = mayGoOn ? this.#next() : undefined;
        if (!timer) {
          resolve(fired > 0);
          return;
        }
        fired++;
        this.#now = timer.deadline;
        try {
          timer.fire();
        } catch (error) {
          reject(error);
          return;
        }
        void SETTLED.then(drained);
      };
      const drained = () => process.nextTick(step);
      step();
    });
  }

  /** Does real work, such as writing a file, while virtual time stands still: it would look like a deadlock otherwise. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    const promise = work();
    this.#aside.add(promise);
    try {
      return await promise;
    } finally {
      this.#aside.delete(promise);
    }
  }

  /** Drops cancelled timers once they are the majority: a run sets one deadline per attempt and cancels nearly all. */
  #sweep(): void {
    if (this.#cancelled < SWEEP_FROM || this.#cancelled < this.#timers.length / 2) return;
    const set = this.#timers.data.filter(({ state }) => state === 'set');
    this.#timers = new TinyQueue(set, before);
    this.#cancelled = 0;
  }

  #next(): Timer | undefined {
    for (;;) {
      const timer = this.#timers.pop();
      if (timer?.state === 'cancelled') this.#cancelled--;
      else {
        if (timer) timer.state = 'fired';
        return timer;
      }
    }
  }
}
