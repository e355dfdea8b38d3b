import type {
  Breakage,
  Ending,
  EngineListener,
  Opening,
  Refusal,
} from '../../mock-server/engine/listener.ts';
import type { Output } from '../../mock-server/engine/output.ts';
import type { EngineRequest } from '../../mock-server/engine/request.ts';
import type { ClientEvent } from '../client/client.ts';
import type { Clock, Millis } from '../core/clock.ts';
import { RequestError } from '../core/errors.ts';
import type { Failure } from '../core/failure.ts';
import { deltaOf, WholeAnswer } from './answer-events.ts';
import { headersOf } from './shown-limits.ts';

const RESET: Failure = { kind: 'reset', message: 'read ECONNRESET' };

/** How an SDK would name what breaks an answer after its headers. */
const BREAKS: Readonly<Record<Exclude<Breakage, 'stall' | 'reset'>, Failure>> = {
  truncate: { kind: 'truncated', message: 'the answer ended without its terminal event' },
  garbage: { kind: 'protocol', message: 'the answer cannot be read' },
  error: { kind: 'server', message: 'The server had an error' },
};

/** What a delivery must be told about its attempt. */
export interface Shipment {
  readonly clock: Clock;
  readonly reading: EngineRequest['reading'];
  /** Of the tool call that the answer may be. */
  readonly id: string;
  /** How long everything travels. */
  readonly back: Millis;
  /** The failure that stands for a refusal. */
  refusal(refusal: Refusal): RequestError;
  /** The last event has been taken, or the reader has left before it. */
  closed(): void;
}

interface Reader {
  resolve(result: IteratorResult<ClientEvent, undefined>): void;
  reject(failure: RequestError): void;
}

/**
 * One attempt on its way back: events from the engine, delivered one hop later, in order. Written out as an iterator, since a
 * generator costs three microtasks an event, and a simulation does little else.
 */
export class Delivery implements EngineListener, AsyncIterableIterator<ClientEvent, undefined> {
  readonly #shipment: Shipment;
  readonly #events: ClientEvent[] = [];
  #reader: Reader | undefined;
  #failure: RequestError | undefined;
  #output: Output | undefined;
  #over = false;
  #closed = false;
  #status: number | undefined;

  constructor(shipment: Shipment) {
    this.#shipment = shipment;
  }

  /** Status of the answer, once its reader has seen it. */
  get status(): number | undefined {
    return this.#status;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ClientEvent, undefined>> {
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#serve();
    });
  }

  return(): Promise<IteratorResult<ClientEvent, undefined>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The attempt was given up: nothing more is waited for. */
  give(failure: RequestError): void {
    this.#failure ??= failure;
    this.#serve();
  }

  refused(refusal: Refusal): undefined {
    this.#fail(this.#shipment.refusal(refusal));
    return undefined;
  }

  opened({ output, standings }: Opening): void {
    this.#output = output;
    const { reading, id } = this.#shipment;
    const { tool: name } = output;
    const called: readonly ClientEvent[] =
      reading.stream && name !== undefined
        ? [{ type: 'delta', channel: 'tool', text: '', index: 0, id, name }]
        : [];
    this.#arrive(() => this.#events.push(headersOf(standings), ...called));
  }

  chunks(from: number, to: number): void {
    const output = this.#output;
    if (output && to > from) this.#arrive(() => this.#events.push(deltaOf(output, from, to)));
  }

  finished({ output, cachedTokens, standings }: Opening, from: number, ending: Ending): void {
    const { stream, inputTokens } = this.#shipment.reading;
    const reasoning = output.thinkingTokens;
    this.#arrive(() => {
      if (!stream) this.#events.push(headersOf(standings), new WholeAnswer(output, this.#shipment.id));
      else if (output.chunks > from) this.#events.push(deltaOf(output, from, output.chunks));
      const usage = {
        inputTokens,
        outputTokens: reasoning + output.visibleTokens,
        ...(cachedTokens > 0 ? { cachedTokens } : {}),
        ...(reasoning > 0 ? { reasoningTokens: reasoning } : {}),
      };
      this.#events.push({ type: 'usage', usage }, { type: 'finish', reason: output.reason });
      // A client that reads to the end waits for a late terminator, though it has seen the last token.
      this.#over = !(stream && ending === 'late-done');
    });
  }

  done(): void {
    this.#arrive(() => {
      this.#over = true;
    });
  }

  broken(how: Breakage, opening: Opening): void {
    if (how === 'error' && !this.#shipment.reading.stream) {
      this.refused({ rejection: { kind: 'status', status: 500 }, standings: [] });
      return;
    }
    if (how === 'reset') {
      this.#fail(new RequestError(this.#output ? { ...RESET, status: 200 } : RESET));
      return;
    }
    if (!this.#output) this.opened(opening);
    if (how !== 'stall') this.#fail(new RequestError({ ...BREAKS[how], status: 200 }));
  }

  #fail(failure: RequestError): void {
    this.#arrive(() => {
      this.#failure ??= failure;
    });
  }

  #arrive(deliver: () => void): void {
    const { clock, back } = this.#shipment;
    const arrive = () => {
      deliver();
      this.#serve();
    };
    if (back === 0) arrive();
    else clock.schedule(clock.now() + back, arrive);
  }

  /** Gives a waiting reader what is next: events in order, then how it ended. */
  #serve(): void {
    const reader = this.#reader;
    if (!reader) return;
    const event = this.#closed ? undefined : this.#events.shift();
    if (event) {
      if (event.type === 'headers') this.#status = event.status;
      reader.resolve({ done: false, value: event });
    } else if (this.#closed) reader.resolve({ done: true, value: undefined });
    else if (this.#failure) {
      this.#close();
      reader.reject(this.#failure);
    } else if (this.#over) {
      this.#close();
      reader.resolve({ done: true, value: undefined });
    } else return;
    this.#reader = undefined;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#shipment.closed();
  }
}
