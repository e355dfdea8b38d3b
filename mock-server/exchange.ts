import type { Millis } from '../src/core/clock.ts';
import type { Engine } from './engine/engine.ts';
import type { Breakage, Ending, EngineListener, Opening, Refusal } from './engine/listener.ts';
import type { Caller } from './request-fields.ts';
import { dataFrame, eventFrame } from './wire/sse.ts';
import type { Answer, Circumstances, Dialect, Encoder, Outlet, WireRequest } from './wire/wire.ts';

const JSON_TYPE = 'application/json';
/** JSON that breaks off, with bytes in it that no text has: for clients that trust their input. */
const GARBAGE_BODY = '{"id":"\u0000\uFFFD","object":"chat.comp';

const half = (text: string): string => text.slice(0, Math.floor(text.length / 2));

/** What is known of a request when it arrives. */
type Arrived = Pick<Visit, 'request' | 'caller' | 'path' | 'outlet' | 'dialect' | 'requestId'>;

/** One HTTP request on its way through the server: knows the circumstances that its answer's headers tell. */
export class Visit {
  readonly request: WireRequest;
  readonly caller: Caller;
  readonly path: string;
  readonly outlet: Outlet;
  readonly dialect: Dialect;
  readonly requestId: string;
  readonly #engine: Engine;
  readonly arrivedAt: Millis;

  constructor(engine: Engine, { request, caller, path, outlet, dialect, requestId }: Arrived) {
    this.#engine = engine;
    this.arrivedAt = engine.clock.now();
    this.request = request;
    this.caller = caller;
    this.path = path;
    this.outlet = outlet;
    this.dialect = dialect;
    this.requestId = requestId;
  }

  /** The circumstances as of now. */
  circumstances(model = ''): Circumstances {
    const { clock, profile } = this.#engine;
    const now = clock.now();
    return {
      requestId: this.requestId,
      method: this.request.method,
      path: this.path,
      key: this.caller.key,
      model,
      now,
      epoch: clock.epoch,
      taken: now - this.arrivedAt,
      retryAfter: profile.limits?.retryAfter ?? true,
      retryAfterMs: profile.limits?.retryAfterMs ?? false,
    };
  }

  /** Sends an answer that was never streamed. */
  send({ status, headers, body }: Answer): void {
    this.outlet.send(status, headers, body);
  }
}

/** Translates the engine's events into one HTTP answer. */
export class Exchange implements EngineListener {
  readonly #visit: Visit;
  readonly #encoder: Encoder;
  readonly #model: string;
  readonly #stream: boolean;
  #ending: Ending = 'prompt';
  #ascii = false;

  constructor(visit: Visit, encoder: Encoder, model: string, stream: boolean) {
    this.#visit = visit;
    this.#encoder = encoder;
    this.#model = model;
    this.#stream = stream;
  }

  refused(refusal: Refusal): number {
    const answer = this.#visit.dialect.refusal(refusal, this.#visit.circumstances(this.#model));
    this.#visit.send(answer);
    return answer.status;
  }

  opened(opening: Opening): void {
    const { outlet } = this.#visit;
    const headers = this.#head(opening, 'text/event-stream; charset=utf-8');
    headers['cache-control'] = 'no-cache';
    outlet.begin(200, headers);
    this.#ascii = this.#encoder.ascii(opening, 'chunks');
    const frames = this.#encoder.open(opening);
    if (frames !== '') outlet.write(frames);
  }

  chunks(from: number, to: number): void {
    this.#visit.outlet.write(this.#encoder.chunks(from, to), this.#ascii);
  }

  finished(opening: Opening, from: number, ending: Ending): void {
    const { outlet } = this.#visit;
    this.#ending = ending;
    const hangUp = ending === 'close-early';
    if (this.#stream) {
      const rest = this.#encoder.chunks(from, opening.output.chunks) + this.#encoder.close();
      if (ending === 'late-done') outlet.write(rest);
      else if (ending === 'late-end') outlet.write(rest + this.#encoder.terminator());
      else outlet.end(rest + this.#encoder.terminator(), hangUp);
    } else {
      const ascii = this.#encoder.ascii(opening, 'whole');
      outlet.send(200, this.#head(opening, JSON_TYPE), this.#encoder.whole(opening), { hangUp, ascii });
    }
  }

  done(): void {
    this.#visit.outlet.end(this.#ending === 'late-done' ? this.#encoder.terminator() : '');
  }

  broken(how: Breakage, opening: Opening): void {
    const { outlet } = this.#visit;
    if (how === 'reset') outlet.reset();
    else if (this.#stream) outlet.end(this.#lastWords(how));
    else this.#brokenWhole(how, opening);
  }

  #lastWords(how: Breakage): string {
    if (how === 'error') return this.#encoder.failure();
    if (how !== 'garbage') return '';
    const named = this.#visit.dialect.name === 'anthropic';
    return named ? eventFrame('content_block_delta', GARBAGE_BODY) : dataFrame(GARBAGE_BODY);
  }

  #brokenWhole(how: Breakage, opening: Opening): void {
    const { outlet } = this.#visit;
    if (how === 'error') {
      this.refused({ rejection: { kind: 'status', status: 500 }, standings: [] });
      return;
    }
    const headers = this.#head(opening, JSON_TYPE);
    const body = how === 'garbage' ? GARBAGE_BODY : half(this.#encoder.whole(opening));
    if (how === 'stall') {
      outlet.begin(200, headers);
      outlet.write(body);
    } else outlet.send(200, headers, body);
  }

  #head(opening: Opening, type: string): Record<string, string> {
    const { dialect } = this.#visit;
    const headers = dialect.headers(opening.standings, this.#visit.circumstances(this.#model));
    headers['content-type'] = type;
    return headers;
  }
}
