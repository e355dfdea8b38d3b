import type { Clock, Millis } from '../../src/core/clock.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import type { Admission } from './admission.ts';
import { Lateness, type LatenessSummary } from './lateness.ts';
import { Ledger } from './ledger.ts';
import type { EngineListener } from './listener.ts';
import { assemble, type Fixtures, type Parts } from './parts.ts';
import type { Profile } from './profile.ts';
import type { EngineRequest } from './request.ts';
import { Session } from './session.ts';

/** How an engine is made; the clock decides whether it simulates, scales or serves in real time. */
export interface EngineOptions {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly seed: number;
  /** Speed factor of `clock`, to report lateness in real milliseconds. */
  readonly speed?: number | undefined;
  /** Limits that are kept elsewhere, for servers of several processes. */
  readonly admission?: Admission | undefined;
}

/** The engine's condition at one instant. */
export interface EngineState {
  readonly active: number;
  readonly queued: number;
  /** Model time until every bucket is full again. */
  readonly fullInMs: Millis;
  readonly lateness: LatenessSummary;
  readonly profile: string;
  readonly speed: number;
  readonly seed: number;
}

/** Tokens and time: admits requests, lets them wait, and plays their answers to a listener. Knows nothing of HTTP. */
export class Engine {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly lateness: Lateness;
  readonly #fixtures: Fixtures;
  readonly #root: Rng;
  readonly #admission: Admission | undefined;
  #parts: Parts;
  #arrivals = 0;

  constructor({ clock, profile, seed, speed = 1, admission }: EngineOptions) {
    this.clock = clock;
    this.ledger = new Ledger();
    this.lateness = new Lateness();
    this.#root = createRng(seed);
    this.#admission = admission;
    this.#fixtures = {
      clock,
      speed,
      seed,
      ledger: this.ledger,
      lateness: this.lateness,
      load: { active: 0 },
    };
    this.#parts = assemble(this.#fixtures, profile, this.#root, admission);
  }

  get profile(): Profile {
    return this.#parts.profile;
  }

  /** Changes the behaviour for requests that arrive from now on; buckets start full. */
  set profile(profile: Profile) {
    this.#parts = assemble(this.#fixtures, profile, this.#root, this.#admission);
  }

  /** Index for a request that brings none: its place in the order of arrival. */
  nextIndex(): number {
    return this.#arrivals++;
  }

  /** Answers one attempt. The listener may be called before this returns; the result is to be called if the client leaves. */
  serve(request: EngineRequest, listener: EngineListener): () => void {
    const session = new Session(this.#parts, request, listener);
    session.begin();
    return () => session.abandon();
  }

  /** Buckets full, ledger and lateness empty, arrivals from 0; running answers go on. */
  reset(): void {
    this.#parts.admission.reset();
    this.ledger.reset();
    this.lateness.reset();
    this.#arrivals = 0;
  }

  state(): EngineState {
    const { admission, line, profile, load } = this.#parts;
    return {
      active: load.active,
      queued: line.queued,
      fullInMs: admission.fullIn(this.clock.now()),
      lateness: this.lateness.summary(),
      profile: profile.name,
      speed: this.#fixtures.speed,
      seed: this.#fixtures.seed,
    };
  }
}
