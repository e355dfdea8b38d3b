import type { Millis } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import type { Rng } from '../core/rng.ts';

/** What to do after a failed attempt. */
export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly delay: Millis };

/** Pure: it decides, the runner waits. */
export interface RetryPolicy {
  readonly name: string;
  /** One line for the screen: what it does. */
  readonly description: string;
  /** `attempt` counts the attempts made so far, from 1. */
  decide(failure: Failure, context: { readonly attempt: number; readonly rng: Rng }): RetryDecision;
}
