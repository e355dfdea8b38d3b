import type { Usage } from '../core/call.ts';
import type { Millis } from '../core/clock.ts';
import type { Demand } from '../core/known-limit.ts';
import type { AttemptRecord } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';

/** One attempt on its way out, from when it asks until it has ended; pacers may remember it by identity. */
export interface Departure {
  readonly demand: Demand;
  /** Chance of this attempt alone. */
  readonly rng: Rng;
}

/** One reason to let attempts wait. It looks at the clock only through `now`, and never waits itself: `PaceLine` does. */
export interface Pacer {
  readonly name: string;
  /** How long this attempt has to wait as things stand; 0 if it may leave now. */
  wait(now: Millis, departure: Departure): Millis;
  /**
   * What each attempt waits beyond `wait` on its own, so that those who waited for the same thing do not leave together.
   * Without it, attempts leave in line, each when `wait` lets it.
   */
  spread?(rng: Rng): Millis;
  /** The attempt leaves. */
  left?(now: Millis, departure: Departure): void;
  /** The attempt has ended, with what it used if it told. */
  ended?(now: Millis, departure: Departure, attempt: AttemptRecord, usage: Usage | undefined): void;
}

/** All that may hold an attempt back, as one: asked before every attempt, told of how each ended. */
export interface Pace {
  /** Resolves when the attempt may leave; `undefined` if that is now. Rejects with the signal's reason. */
  admit(departure: Departure, signal: AbortSignal): Promise<void> | undefined;
  ended(departure: Departure, attempt: AttemptRecord, usage: Usage | undefined): void;
}
