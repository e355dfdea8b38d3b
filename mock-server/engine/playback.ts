import type { Clock, Millis } from '../../src/core/clock.ts';
import type { TimePlan } from './latency.ts';
import type { LedgerOutcome } from './ledger.ts';
import type { FaultKind, FaultRule } from './profile.ts';
import type { Breakage, EngineListener, EngineRequest, Ending, Opening } from './request.ts';

/** Rounding that is forgiven when deciding whether an instant has come; without it a scaled clock could fire for ever. */
const ROUNDING: Millis = 1e-6;

const BREAKAGES: Partial<Record<FaultKind, Breakage>> = {
  reset: 'reset',
  truncate: 'truncate',
  garbage: 'garbage',
  error: 'error',
};
const ENDINGS: Partial<Record<FaultKind, Ending>> = {
  'late-done': 'late-done',
  'late-end': 'late-end',
  'close-early': 'close-early',
};
const NEVER = Number.POSITIVE_INFINITY;

/** Everything one playback needs. */
export interface PlaybackOptions {
  readonly time: Clock;
  /** Start of service on `time`. */
  readonly startedAt: Millis;
  readonly plan: TimePlan;
  readonly opening: Opening;
  readonly request: EngineRequest;
  readonly fault: FaultRule | undefined;
  readonly listener: EngineListener;
  /** Told how late each send was, in the clock's milliseconds. */
  late(late: Millis): void;
  over(outcome: LedgerOutcome): void;
}

/** Plays a planned answer to its listener: absolute deadlines, one pending timer at a time, whatever is due goes out at once. */
export class Playback {
  readonly #options: PlaybackOptions;
  readonly #stream: boolean;
  readonly #startedAt: Millis;
  readonly #headAt: Millis;
  readonly #chunkAt: Float64Array;
  readonly #endAt: Millis;
  readonly #breakage: Breakage | undefined;
  /** The chunk at which the fault strikes. */
  readonly #strikesAt: number;
  #cursor: number;
  #opened = false;
  #duplicated = false;
  #firstAt: Millis | undefined;
  #cancel: () => void = () => {};
  /** A fault has shown itself to the client. */
  struck = false;

  constructor(options: PlaybackOptions) {
    const { plan, opening, request, fault, startedAt } = options;
    const { chunks, thinkingChunks } = opening.output;
    this.#options = options;
    this.#stream = request.stream;
    this.#startedAt = startedAt;
    this.#cursor = request.thinkingShown ? 0 : thinkingChunks;
    const visible = chunks - this.#cursor;
    this.#strikesAt =
      this.#cursor + Math.min(Math.floor((fault?.at ?? 0) * visible), Math.max(visible - 1, 0));
    const stallsForGood = fault?.kind === 'stall' && fault.lasting === undefined;
    this.#breakage = fault && (stallsForGood && !this.#stream ? 'stall' : BREAKAGES[fault.kind]);
    const delay = fault?.lasting ?? NEVER;
    const slower = fault?.kind === 'drip' ? fault.factor : 1;
    const held = fault?.kind === 'hang' ? delay : 0;
    const stalled = fault?.kind === 'stall' && !this.#breakage ? delay : 0;
    const shift = (at: Millis, after: boolean) =>
      this.#startedAt + at * slower + held + (after ? stalled : 0);
    this.#headAt = shift(plan.headAt, false);
    this.#chunkAt = plan.chunkAt.map((at, chunk) => shift(at, chunk >= this.#strikesAt));
    this.#endAt = shift(plan.endAt, true);
  }

  /** Starts; a plan that is due at once is played before this returns. */
  run(): void {
    if (this.#stream) this.#next(this.#headAt, this.#pump);
    else this.#next(this.#breakage ? this.#breaksAt() : this.#endAt, this.#deliver);
  }

  /** Nothing more is sent. */
  stop(): void {
    this.#cancel();
  }

  /** Chunks that are due by now, sent or not. */
  chunksDue(): number {
    const now = this.#options.time.now() + ROUNDING;
    let low = 0;
    let high = this.#chunkAt.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chunkAt[middle] ?? NEVER) <= now) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Planned and actual instants for the ledger; planned ones assume the load at the start. */
  times(startedAt: Millis) {
    const offset = startedAt - this.#startedAt;
    const first =
      this.#chunkAt[this.#options.request.thinkingShown ? 0 : this.#options.opening.output.thinkingChunks];
    return {
      plannedFirstAt: first === undefined ? undefined : first + offset,
      firstAt: this.#firstAt === undefined ? undefined : this.#firstAt + offset,
      plannedEndAt: this.#endAt + offset,
    };
  }

  #next(at: Millis, fire: () => void): void {
    const { time } = this.#options;
    if (at <= time.now() + ROUNDING) fire();
    else if (at < NEVER) this.#cancel = time.schedule(at, fire);
    else this.struck = true;
  }

  #breaksAt(): Millis {
    return this.#chunkAt[this.#strikesAt] ?? this.#endAt;
  }

  /** A whole answer: one timer, one send. */
  #deliver = (): void => {
    const { time, late } = this.#options;
    late(time.now() - (this.#breakage ? this.#breaksAt() : this.#endAt));
    if (this.#breakage) this.#break(this.#breakage);
    else {
      this.#firstAt = time.now();
      this.#finish();
    }
  };

  /** A stream: sends what is due, then sleeps until the next chunk. */
  #pump = (): void => {
    const { time, late, listener, opening } = this.#options;
    const now = time.now() + ROUNDING;
    if (!this.#opened) {
      this.#opened = true;
      late(now - this.#headAt);
      listener.opened(opening);
    }
    const limit = this.#breakage ? this.#strikesAt : this.#chunkAt.length;
    let to = this.#cursor;
    for (; to < limit; to++) {
      const due = this.#chunkAt[to] ?? NEVER;
      if (due > now) break;
      late(now - due);
    }
    if (to > this.#cursor) this.#firstAt ??= now;
    const next = this.#breakage && to === limit ? this.#breaksAt() : (this.#chunkAt[to] ?? this.#endAt);
    if (to < limit || next > now) {
      this.#emit(to);
      this.#next(next, this.#pump);
    } else if (this.#breakage) this.#break(this.#breakage, to);
    else this.#finish();
  };

  #emit(to: number): void {
    const { listener, fault } = this.#options;
    const from = this.#cursor;
    if (to > from) listener.chunks(from, to);
    this.#cursor = to;
    if (fault?.kind !== 'duplicate' || this.#duplicated || to <= this.#strikesAt) return;
    this.#duplicated = true;
    listener.chunks(this.#strikesAt, this.#strikesAt + 1);
  }

  #break(how: Breakage, to = this.#cursor): void {
    const { listener, opening, over } = this.#options;
    this.struck = true;
    if (to > this.#cursor) this.#emit(to);
    if (how !== 'stall') over('faulted');
    listener.broken(how, opening, this.#cursor);
  }

  #finish(): void {
    const { listener, opening, over, fault, time } = this.#options;
    if (this.#stream && fault?.kind === 'duplicate') this.#emit(this.#chunkAt.length);
    const wished = (fault && ENDINGS[fault.kind]) ?? 'prompt';
    const ending = this.#stream || wished === 'close-early' ? wished : 'prompt';
    const done = () => {
      over('ok');
      listener.done();
    };
    if (ending === 'late-done' || ending === 'late-end') {
      listener.finished(opening, this.#cursor, ending);
      this.#cancel = time.schedule(time.now() + (fault?.lasting ?? 50), done);
    } else {
      over('ok');
      listener.finished(opening, this.#cursor, ending);
    }
  }
}
