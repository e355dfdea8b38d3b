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
  const onParent = () => {
    stop();
    controller.abort(parent.reason);
  };
  const stop = clock.schedule(clock.now() + duration, () => {
    parent.removeEventListener('abort', onParent);
    controller.abort(new DeadlineError(duration));
  });
  if (parent.aborted) onParent();
  else parent.addEventListener('abort', onParent, { once: true });
  return {
    signal: controller.signal,
    cancel() {
      parent.removeEventListener('abort', onParent);
      stop();
    },
  };
};
