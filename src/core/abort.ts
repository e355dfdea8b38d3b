import type { Clock, Millis } from './clock.ts';

/** Why a deadline signal aborted; told apart from the user's Ctrl-C by its class. */
export class DeadlineError extends Error {
  constructor(duration: Millis) {
    super(`no complete answer within ${Math.round(duration)} ms`);
    this.name = 'DeadlineError';
  }
}

/** A signal that aborts after `duration` on `clock`, or with `parent`. `cancel` must be called when the work is over. */
export interface Deadline {
  readonly signal: AbortSignal;
  cancel(): void;
}

/**
 * `AbortSignal.timeout` and `AbortSignal.any` for any clock: timeouts must fire in virtual and scaled time too, and must
 * leave neither a timer nor a listener behind, since a run makes one per attempt.
 */
export const deadline = (clock: Clock, duration: Millis, parent: AbortSignal): Deadline => {
  const controller = new AbortController();
  const stop = clock.schedule(clock.now() + duration, () => {
    leave();
    controller.abort(new DeadlineError(duration));
  });
  const leave = onceAborted(parent, () => {
    stop();
    controller.abort(parent.reason);
  });
  return {
    signal: controller.signal,
    cancel() {
      leave();
      stop();
    },
  };
};

interface Waiter {
  readonly call: () => void;
  /** Its place in the row. */
  at: number;
}

interface Row {
  readonly waiters: Waiter[];
  readonly listener: () => void;
}

/**
 * Who waits for a signal. One listener serves them all, since adding one costs more than a simulated answer; and an array,
 * since a list or a set of callbacks leaves dead links behind that keep one another alive until the next full collection.
 */
const rows = new WeakMap<AbortSignal, Row>();

const rowOf = (signal: AbortSignal): Row => {
  const known = rows.get(signal);
  if (known) return known;
  const waiters: Waiter[] = [];
  const row = {
    waiters,
    listener() {
      for (const { call } of waiters.splice(0)) call();
    },
  };
  rows.set(signal, row);
  return row;
};

/** Calls `call` when the signal aborts, or at once if it has. Returns what leaves the row; to leave twice is harmless. */
const onceAborted = (signal: AbortSignal, call: () => void): (() => void) => {
  if (signal.aborted) {
    call();
    return () => {};
  }
  const { waiters, listener } = rowOf(signal);
  if (waiters.length === 0) signal.addEventListener('abort', listener, { once: true });
  const own: Waiter = { call, at: waiters.length };
  waiters.push(own);
  return () => {
    if (waiters[own.at] !== own) return;
    const last = waiters.pop();
    if (last && last !== own) {
      waiters[own.at] = last;
      last.at = own.at;
    }
    if (waiters.length === 0) signal.removeEventListener('abort', listener);
  };
};
