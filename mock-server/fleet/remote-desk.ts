import type { Millis } from '../../src/core/clock.ts';
import type { Desk, Ticket, Unnumbered, Visitor } from '../engine/desk.ts';
import type { Parts } from '../engine/parts.ts';
import type { Arrival } from '../engine/request.ts';
import type { Post, ToDesk, ToWorker } from './messages.ts';

/** The desk as a worker sees it: every decision is asked for, every end reported. */
export class RemoteDesk implements Desk {
  readonly #post: Post<ToDesk>;
  readonly #visitors = new Map<number, Visitor>();
  #calls = 0;

  constructor(post: Post<ToDesk>) {
    this.#post = post;
  }

  open(arrival: Arrival, arrivedAt: Millis, visitor: Visitor): Ticket {
    const call = this.#calls++;
    return {
      begin: () => {
        this.#visitors.set(call, visitor);
        this.#post.put({ type: 'ask', call, arrival, arrivedAt });
      },
      close: (end) => {
        this.#visitors.delete(call);
        this.#post.put({ type: 'end', call, end });
      },
    };
  }

  note(unread: Unnumbered, at: Millis): void {
    this.#post.put({ type: 'note', unread, at });
  }

  /** Passes a decision on to whoever waits for it; who has left meanwhile has told the desk so. */
  decided(message: ToWorker & { readonly type: 'start' | 'refuse' }, parts: Parts): void {
    const visitor = this.#visitors.get(message.call);
    if (message.type === 'start') visitor?.started(message.start, parts);
    else visitor?.refused(message.refusal, message.answerAt);
  }
}
