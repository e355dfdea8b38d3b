import type { Millis } from '../../src/core/clock.ts';
import type { End, Start, Unnumbered } from '../engine/desk.ts';
import type { LatenessReport } from '../engine/lateness.ts';
import type { Refusal } from '../engine/listener.ts';
import type { Profile } from '../engine/profile.ts';
import type { Arrival } from '../engine/request.ts';
import type { Answer, WireRequest } from '../wire/wire.ts';

/** What a worker has to know before it can serve. */
export interface Assignment {
  readonly profile: Profile;
  readonly host: string;
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly maxBodyBytes: number | undefined;
  /** Number of this worker, from 0, of so many. */
  readonly number: number;
  readonly workers: number;
  /** Unix time, and the machine's monotonic time, at which model time is 0. */
  readonly epoch: number;
  readonly origin: Millis;
}

/** A request to the mock's own API, which any worker may receive. */
export type OwnRequest = Pick<WireRequest, 'method' | 'url' | 'body'>;

/** From a worker to the desk. `call` numbers what the worker asks. */
export type ToDesk =
  | { readonly type: 'listening'; readonly url: string; readonly port: number }
  | { readonly type: 'failed'; readonly code: string | undefined; readonly message: string }
  | {
      readonly type: 'ask';
      readonly call: number;
      readonly arrival: Arrival;
      readonly arrivedAt: Millis;
    }
  | { readonly type: 'end'; readonly call: number; readonly end: End }
  | { readonly type: 'note'; readonly unread: Unnumbered; readonly at: Millis }
  | { readonly type: 'own'; readonly call: number; readonly request: OwnRequest; readonly path: string }
  | { readonly type: 'done'; readonly errand: number; readonly lateness: LatenessReport };

/** From the desk to a worker. An `errand` is answered by `done`, after everything the worker has said before. */
export type ToWorker =
  | { readonly type: 'serve'; readonly assignment: Assignment }
  | { readonly type: 'start'; readonly call: number; readonly start: Start }
  | {
      readonly type: 'refuse';
      readonly call: number;
      readonly refusal: Refusal;
      readonly answerAt: Millis;
    }
  | { readonly type: 'pace'; readonly slowdown: number }
  | { readonly type: 'piece'; readonly call: number; readonly text: string }
  | { readonly type: 'answer'; readonly call: number; readonly answer: Answer }
  | {
      readonly type: 'errand';
      readonly errand: number;
      readonly profile?: Profile | undefined;
      readonly reset?: boolean | undefined;
    };

/** Puts off a task until everything that has already happened is dealt with. */
export type Defer = (task: () => void) => void;

/** Outgoing messages: those of one turn of the event loop travel together, because each crossing costs some 20 µs. */
export class Post<Message> {
  readonly #send: (batch: readonly Message[]) => void;
  readonly #defer: Defer;
  #batch: Message[] = [];

  constructor(send: (batch: readonly Message[]) => void, defer: Defer) {
    this.#send = send;
    this.#defer = defer;
  }

  put(message: Message): void {
    if (this.#batch.push(message) > 1) return;
    this.#defer(() => {
      const batch = this.#batch;
      this.#batch = [];
      this.#send(batch);
    });
  }
}
