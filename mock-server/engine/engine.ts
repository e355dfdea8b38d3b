import type { Clock, Millis } from '../../src/core/clock.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import { Case } from './case.ts';
import type { Desk, Ticket, Unnumbered, Visitor } from './desk.ts';
import { Lateness, type LatenessSummary } from './lateness.ts';
import { Ledger } from './ledger.ts';
import type { EngineListener } from './listener.ts';
import { assemble, type Fixtures, type Parts } from './parts.ts';
import type { Profile } from './profile.ts';
import { type Arrival, numbered } from './request.ts';
import { Session } from './session.ts';

/** How an engine is made; the clock decides whether it simulates, scales or serves in real time. */
export interface EngineOptions {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly seed: number;
  /** Speed factor of `clock`, to report lateness in real milliseconds. */
  readonly speed?: number | undefined;
  /** Desk in another process, for a server of several; its own otherwise. */
  readonly desk?: Desk | undefined;
  /** Told when load changes everyone's pace. */
  readonly paced?: ((slowdown: number) => void) | undefined;
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
export class Engine implements Desk {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly lateness: Lateness;
  readonly #fixtures: Fixtures;
  readonly #root: Rng;
  readonly #desk: Desk;
  #parts: Parts;
  #arrivals = 0;

  constructor({ clock, profile, seed, speed = 1, desk, paced = () => {} }: EngineOptions) {
    this.clock = clock;
    this.ledger = new Ledger();
    this.lateness = new Lateness();
    this.#root = createRng(seed);
    this.#desk = desk ?? this;
    this.#fixtures = {
      clock,
      speed,
      seed,
      ledger: this.ledger,
      lateness: this.lateness,
      load: { active: 0 },
      paced,
    };
    this.#parts = assemble(this.#fixtures, profile, this.#root);
  }

  get profile(): Profile {
    return this.#parts.profile;
  }

  /** Changes the behaviour for requests that arrive from now on; buckets start full. */
  set profile(profile: Profile) {
    this.#parts = assemble(this.#fixtures, profile, this.#root);
  }

  /** Everything that one answer needs, as of now. */
  get parts(): Parts {
    return this.#parts;
  }

  /** Answers one attempt. The listener may be called before this returns; the result is to be called if the client leaves. */
  serve(arrival: Arrival, listener: EngineListener, arrivedAt: Millis = this.clock.now()): () => void {
    const session = new Session(this.#fixtures, this.#desk, arrival, arrivedAt, listener);
    session.begin();
    return () => session.abandon();
  }

  /** Notes a request that the wire could not read. */
  refuse(unread: Unnumbered): void {
    this.#desk.note(unread, this.clock.now());
  }

  open(arrival: Arrival, arrivedAt: Millis, visitor: Visitor, decidedAt: Millis = arrivedAt): Ticket {
    const request = numbered(arrival, arrival.index ?? this.#arrivals++);
    return new Case(this.#parts, request, arrivedAt, decidedAt, visitor);
  }

  note(unread: Unnumbered, at: Millis): void {
    this.ledger.addUnread({ ...unread, index: unread.index ?? this.#arrivals++ }, at);
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
