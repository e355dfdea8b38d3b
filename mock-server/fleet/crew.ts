import type { Worker } from 'node:cluster';
import type { Ticket, Visitor } from '../engine/desk.ts';
import type { LatenessReport } from '../engine/lateness.ts';
import type { Answer } from '../wire/wire.ts';
import { Caller } from './caller.ts';
import { type Defer, Post, type ToDesk, type ToWorker } from './messages.ts';

/** Characters of one message: a ledger of many megabytes must not block the channel. */
const PIECE = 2 ** 18;

interface Member {
  readonly worker: Worker;
  readonly post: Post<ToWorker>;
  readonly tickets: Map<number, Ticket>;
}

interface Errand {
  open: number;
  readonly reports: LatenessReport[];
  readonly finish: (reports: readonly LatenessReport[]) => void;
}

/** The workers of a fleet as the desk sees them: who they are, whom they serve, and what they are asked to do. */
export class Crew {
  readonly #members: Member[] = [];
  readonly #errands = new Map<number, Errand>();
  readonly #defer: Defer;
  #count = 0;

  constructor(defer: Defer) {
    this.#defer = defer;
  }

  get workers(): readonly Worker[] {
    return this.#members.map(({ worker }) => worker);
  }

  /** Adds a worker; its number is its place. */
  add(worker: Worker): Post<ToWorker> {
    const send = (batch: readonly ToWorker[]) => {
      if (worker.isConnected()) worker.send(batch as ToWorker[]);
    };
    const post = new Post<ToWorker>(send, this.#defer);
    this.#members.push({ worker, post, tickets: new Map() });
    return post;
  }

  /** Tells all. */
  tell(message: ToWorker): void {
    for (const { post } of this.#members) post.put(message);
  }

  /** Has all do something; their reports come after everything they have said before. */
  errand(task: Pick<ToWorker & { readonly type: 'errand' }, 'profile' | 'reset'>) {
    const errand = this.#count++;
    return new Promise<readonly LatenessReport[]>((finish) => {
      this.#errands.set(errand, { open: this.#members.length, reports: [], finish });
      this.tell({ type: 'errand', errand, ...task });
    });
  }

  /** A worker has done its errand. */
  done({ errand, lateness }: ToDesk & { readonly type: 'done' }): void {
    const found = this.#errands.get(errand);
    if (!found) return;
    found.reports.push(lateness);
    if (--found.open > 0) return;
    this.#errands.delete(errand);
    found.finish(found.reports);
  }

  /** Brings an attempt before the desk on a worker's behalf. */
  seat(
    number: number,
    { call, arrival }: ToDesk & { readonly type: 'ask' },
    open: (visitor: Visitor) => Ticket,
  ): void {
    const member = this.#members[number];
    if (!member) return;
    const ticket = open(new Caller(member.post, call, arrival));
    member.tickets.set(call, ticket);
    ticket.begin();
  }

  /** An attempt of a worker is over. */
  dismiss(number: number, { call, end }: ToDesk & { readonly type: 'end' }): void {
    const tickets = this.#members[number]?.tickets;
    tickets?.get(call)?.close(end);
    tickets?.delete(call);
  }

  /** Sends a worker the answer to a request to the mock's own API. */
  answer(number: number, call: number, { status, headers, body }: Answer): void {
    const post = this.#members[number]?.post;
    let from = 0;
    for (; body.length - from > PIECE; from += PIECE)
      post?.put({ type: 'piece', call, text: body.slice(from, from + PIECE) });
    post?.put({ type: 'answer', call, answer: { status, headers, body: body.slice(from) } });
  }
}
