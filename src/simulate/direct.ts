import type { Engine } from '../../mock-server/engine/engine.ts';
import type { Breakage, EngineListener, Opening, Refusal } from '../../mock-server/engine/listener.ts';
import { type Output, textOf, visibleText } from '../../mock-server/engine/output.ts';
import { NO_OVERRIDE } from '../../mock-server/engine/override.ts';
import type { EngineRequest } from '../../mock-server/engine/request.ts';
import { openaiRefusal } from '../../mock-server/wire/openai-dialect.ts';
import { promptTokens } from '../../mock-server/wire/prompt.ts';
import { wholeMillis, wholeSeconds } from '../../mock-server/wire/reset-format.ts';
import { classify, statusKind } from '../client/classify.ts';
import type { Client, ClientEvent } from '../client/client.ts';
import type { Call } from '../core/call.ts';
import type { Millis } from '../core/clock.ts';
import { RequestError } from '../core/errors.ts';
import type { Failure } from '../core/failure.ts';
import type { Rng } from '../core/rng.ts';
import { parseTag, TAG_HEADER } from './attempt-tag.ts';
import { type Hop, hopTime } from './network.ts';

/** What the direct client needs: an engine in this process, and a network between the two. */
export interface DirectOptions {
  readonly engine: Engine;
  readonly model: string;
  readonly hop: Hop;
  readonly rng: Rng;
}

const KEY = 'mock-key';

const RESET: Failure = { kind: 'reset', message: 'read ECONNRESET' };

/** How an SDK would name what breaks an answer after its headers. */
const BREAKS: Readonly<Record<Exclude<Breakage, 'stall' | 'reset'>, Failure>> = {
  truncate: { kind: 'truncated', message: 'the answer ended without its terminal event' },
  garbage: { kind: 'protocol', message: 'the answer cannot be read' },
  error: { kind: 'server', message: 'The server had an error' },
};

/** The failure that an SDK would have made of this refusal, by way of the same status, code and wait. */
const refusalError = (refusal: Refusal, engine: Engine, model: string): RequestError => {
  const { limits } = engine.profile;
  const { status, error } = openaiRefusal(refusal, {
    requestId: '',
    method: 'POST',
    path: '/v1/chat/completions',
    key: KEY,
    model,
    now: engine.clock.now(),
    epoch: engine.clock.epoch,
    taken: 0,
    retryAfter: limits?.retryAfter ?? true,
    retryAfterMs: limits?.retryAfterMs ?? false,
  });
  const { rejection } = refusal;
  const tooLarge = rejection.kind === 'too-large';
  const wait = 'wait' in rejection && !tooLarge && (limits?.retryAfter ?? true) ? rejection.wait : undefined;
  const toldWait =
    wait === undefined ? undefined : limits?.retryAfterMs ? wholeMillis(wait) : wholeSeconds(wait) * 1000;
  return new RequestError({
    kind: statusKind(status, [error.code, error.type]),
    message: `${status} ${error.message}`,
    status,
    ...(toldWait === undefined ? {} : { retryAfter: toldWait }),
    ...(tooLarge ? { shouldRetry: false } : {}),
  });
};

/** Text is made only where somebody reads it. */
const deltaOf = (output: Output, from: number, to: number): ClientEvent => ({
  type: 'delta',
  channel: 'content',
  get text() {
    return textOf(output, from, to);
  },
});

const wholeOf = (output: Output): ClientEvent => ({
  type: 'answer',
  get text() {
    return visibleText(output);
  },
});

/** One attempt on its way: events from the engine, delivered one hop later, in order. */
class Delivery implements EngineListener {
  readonly #events: ClientEvent[] = [];
  readonly #options: DirectOptions;
  readonly #request: EngineRequest;
  readonly #back: Millis;
  #failure: RequestError | undefined;
  #output: Output | undefined;
  #over = false;
  #wake = () => {};

  constructor(options: DirectOptions, request: EngineRequest, back: Millis) {
    this.#options = options;
    this.#request = request;
    this.#back = back;
  }

  #arrive(deliver: () => void): void {
    const { clock } = this.#options.engine;
    const arrive = () => {
      deliver();
      this.#wake();
    };
    if (this.#back === 0) arrive();
    else clock.schedule(clock.now() + this.#back, arrive);
  }

  #fail(failure: RequestError): void {
    this.#arrive(() => {
      this.#failure ??= failure;
    });
  }

  /** The attempt was given up: nothing more is waited for. */
  give(failure: RequestError): void {
    this.#failure ??= failure;
    this.#wake();
  }

  refused(refusal: Refusal): undefined {
    this.#fail(refusalError(refusal, this.#options.engine, this.#options.model));
    return undefined;
  }

  opened({ output }: Opening): void {
    this.#output = output;
    this.#arrive(() => this.#events.push({ type: 'headers', status: 200, rateLimit: undefined }));
  }

  chunks(from: number, to: number): void {
    const output = this.#output;
    if (output && to > from) this.#arrive(() => this.#events.push(deltaOf(output, from, to)));
  }

  finished(...[{ output, cachedTokens }, from, ending]: Parameters<EngineListener['finished']>): void {
    const { stream, inputTokens } = this.#request.reading;
    const reasoning = output.thinkingTokens;
    this.#arrive(() => {
      if (stream) {
        if (output.chunks > from) this.#events.push(deltaOf(output, from, output.chunks));
      } else {
        this.#events.push({ type: 'headers', status: 200, rateLimit: undefined }, wholeOf(output));
      }
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
    const { stream } = this.#request.reading;
    if (how === 'error' && !stream) {
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

  /** What has arrived since the last call; `undefined` once nothing more will. Throws the attempt's failure. */
  async take(): Promise<readonly ClientEvent[] | undefined> {
    while (this.#events.length === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#events.splice(0);
  }
}

const readingOf = (call: Call, model: string): EngineRequest['reading'] => ({
  model,
  stream: call.stream,
  inputTokens: promptTokens(call.messages),
  maxTokens: call.maxTokens,
  thinkingShown: false,
});

/**
 * A client straight onto the engine: no bytes, no wire format, the same records as through an SDK but for the rate-limit
 * headers, which nobody writes here.
 */
export const directClient = (options: DirectOptions): Client => ({
  name: 'direct',
  async *send(call, { signal, headers }) {
    const { engine, hop, rng, model } = options;
    const named = parseTag(headers?.[TAG_HEADER] ?? '');
    const request: EngineRequest = {
      ...named,
      reading: readingOf(call, model),
      endpoint: 'chat',
      key: KEY,
      override: NO_OVERRIDE,
      requestId: '',
    };
    const delivery = new Delivery(options, request, hopTime(hop, rng, named, 'back'));
    let status: number | undefined;
    let leave = () => {};
    const out = hopTime(hop, rng, named, 'out');
    const { clock } = engine;
    const cancel = clock.schedule(clock.now() + out, () => {
      leave = engine.serve(request, delivery);
    });
    const onAbort = () => {
      cancel();
      leave();
      delivery.give(classify(signal.reason, { status, signal, secrets: [KEY] }));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (let events = await delivery.take(); events; events = await delivery.take()) {
        for (const event of events) {
          if (event.type === 'headers') status = event.status;
          yield event;
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  },
});
