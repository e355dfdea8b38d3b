import type { Client, ClientEvent } from '../../src/client/client.ts';
import { DeadlineError } from '../../src/core/abort.ts';
import { type Clock, type Millis, sleepUntil } from '../../src/core/clock.ts';
import { RequestError } from '../../src/core/errors.ts';
import type { Failure } from '../../src/core/failure.ts';

/** What one attempt does: answer or fail after a while, or hang. */
export type Step =
  | { readonly after: Millis; readonly fail?: Failure; readonly events?: readonly ClientEvent[] }
  | 'hang';

/** Requests as they are open on the far side. */
export interface ScriptedClient extends Client {
  readonly open: () => number;
  readonly maxOpen: () => number;
  readonly attempts: () => number;
}

const ANSWER: readonly ClientEvent[] = [
  { type: 'headers', status: 200, rateLimit: undefined },
  { type: 'usage', usage: { inputTokens: 10, outputTokens: 5 } },
  { type: 'finish', reason: 'stop' },
];

/** A client on a clock that follows a script; `script` is asked once per attempt, numbered from 0 over the whole run. */
export const scriptedClient = (clock: Clock, script: (attempt: number) => Step): ScriptedClient => {
  let open = 0;
  let maxOpen = 0;
  let attempts = 0;
  return {
    name: 'scripted',
    open: () => open,
    maxOpen: () => maxOpen,
    attempts: () => attempts,
    async *send(_call, { signal }) {
      const step = script(attempts++);
      open++;
      maxOpen = Math.max(maxOpen, open);
      try {
        await sleepUntil(clock, step === 'hang' ? Number.MAX_VALUE : clock.now() + step.after, signal);
        if (step === 'hang') return;
        if (step.fail) throw new RequestError(step.fail);
        yield* step.events ?? ANSWER;
      } catch (error) {
        if (error instanceof RequestError) throw error;
        const late = error instanceof DeadlineError;
        throw new RequestError({ kind: late ? 'timeout' : 'cancelled', message: String(error) });
      } finally {
        open--;
      }
    },
  };
};
