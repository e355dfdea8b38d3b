import type { Clock, Millis } from '../../src/core/clock.ts';
import { type Alarm, alarmOn } from './alarm.ts';
import { BREAKAGES, ENDINGS } from './faults.ts';
import type { TimePlan } from './latency.ts';
import type { LedgerOutcome } from './ledger-entry.ts';
import type { Breakage, EngineListener, Opening } from './listener.ts';
import type { FaultRule } from './profile.ts';
import type { EngineRequest } from './request.ts';

/** Rounding that is forgiven when deciding whether an instant has come; without it a scaled clock could fire for ever. */
const ROUNDING: Millis = 1e-6;
const NEVER = Number.POSITIVE_INFINITY;
const UNKNOWN = Number.NEGATIVE_INFINITY;
/** How long a late end is late unless the fault says so. */
const LATE_END: Millis = 50;

/** Whoever has an answer played. */
export interface PlaybackHost {
  /** Told how late each send was, in the milliseconds of the playback's clock. */
  late(late: Millis): void;
  /** Told once; `late` is given where the answer ended as planned. */
  over(outcome: LedgerOutcome, late?: Millis): void;
}

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
  readonly host: PlaybackHost;
}

/** Plays a planned answer to its listener: absolute deadlines, one pending timer at a time, whatever is due goes out at once. */
export class Playback {
  readonly #options: PlaybackOptions;
  readonly #chunks: number;
  readonly #breakage: Breakage | undefined;
  /** The chunk at which the fault strikes. */
  readonly #strikesAt: number;
  /** What a fault does to the plan: a factor, a shift of everything, a shift of what follows the strike. */
  readonly #slower: number;
  readonly #held: Millis;
  readonly #stalled: Millis;
  /** Made when the first wait begins. */
  #alarm: Alarm | undefined;
  #cursor: number;
  #opened = false;
  #duplicated = false;
  #firstAt: Millis | undefined;
  /** Chunks that were due when somebody last asked. */
  #dueBefore = 0;
  /** When the chunk at the cursor is due; before anybody knows, for ever ago: what may be undefined is boxed anew at each change. */
  #nextAt: Millis = UNKNOWN;
  /** All was sent but the end. */
  #endIsLate = false;
  /** A fault has shown itself to the client. */
  struck = false;

  constructor(options: PlaybackOptions) {
    const { opening, request, fault } = options;
    const { chunks } = opening.output;
    this.#options = options;
    this.#chunks = chunks;
    this.#cursor = request.reading.thinkingShown ? 0 : opening.output.thinkingChunks;
    const visible = chunks - this.#cursor;
    this.#strikesAt =
      this.#cursor + Math.min(Math.floor((fault?.at ?? 0) * visible), Math.max(visible - 1, 0));
    const stallsForGood = fault?.kind === 'stall' && fault.lasting === undefined;
    this.#breakage = fault && (stallsForGood && !request.reading.stream ? 'stall' : BREAKAGES[fault.kind]);
    const lasting = fault?.lasting ?? NEVER;
    this.#slower = fault?.kind === 'drip' ? fault.factor : 1;
    this.#held = fault?.kind === 'hang' ? lasting : 0;
    this.#stalled = fault?.kind === 'stall' && !this.#breakage ? lasting : 0;
  }

  /** Starts; a plan that is due at once is played before this returns. */
  run(): void {
    const { request, plan } = this.#options;
    if (request.reading.stream) this.#next(this.#shifted(plan.headAt, false));
    else this.#next(this.#wholeAt());
  }

  /** Nothing more is sent. */
  stop(): void {
    this.#alarm?.clear();
  }

  /** Chunks that are due by now, sent or not. */
  chunksDue(): number {
    const now = this.#options.time.now() + ROUNDING;
    if (this.#dueAt(this.#chunks) <= now) return this.#chunks;
    // In ever longer steps from where the last look ended, which was mostly a moment ago.
    let low = this.#dueBefore;
    let step = 1;
    while (low + step <= this.#chunks && this.#dueAt(low + step - 1) <= now) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step - 1, this.#chunks);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#dueAt(middle) <= now) low = middle + 1;
      else high = middle;
    }
    this.#dueBefore = low;
    return low;
  }

  /** Planned and actual instants for the ledger; planned ones assume the load at the start. */
  times(startedAt: Millis) {
    const { request, opening, startedAt: origin } = this.#options;
    const offset = startedAt - origin;
    const first = this.#dueAt(request.reading.thinkingShown ? 0 : opening.output.thinkingChunks);
    return {
      plannedFirstAt: (request.reading.stream ? first : this.#dueAt(this.#chunks)) + offset,
      firstAt: this.#firstAt === undefined ? undefined : this.#firstAt + offset,
      plannedEndAt: this.#dueAt(this.#chunks) + offset,
    };
  }

  #shifted(at: Millis, stalled: boolean): Millis {
    return this.#options.startedAt + at * this.#slower + this.#held + (stalled ? this.#stalled : 0);
  }

  /** When a chunk is due; one past the last stands for the end. */
  #dueAt(chunk: number): Millis {
    const { plan } = this.#options;
    if (chunk >= this.#chunks) return this.#shifted(plan.endAt, true);
    return this.#shifted(plan.chunkAt(chunk), chunk >= this.#strikesAt);
  }

  /** When a whole answer is due, or breaks. */
  #wholeAt(): Millis {
    return this.#dueAt(this.#breakage ? this.#strikesAt : this.#chunks);
  }

  #next(at: Millis): void {
    const { time } = this.#options;
    if (at <= time.now() + ROUNDING) this.#play();
    else this.#wait(at);
  }

  #wait(at: Millis): void {
    if (at === NEVER) {
      this.struck = true;
      return;
    }
    let alarm = this.#alarm;
    if (!alarm) {
      // By way of a constant: V8 puts a function that is written straight into a field among its old objects, where it keeps all
      // that belongs to its attempt until the next full collection.
      const fire = () => this.#play();
      alarm = alarmOn(this.#options.time, fire);
      this.#alarm = alarm;
    }
    alarm.set(at);
  }

  #play(): void {
    if (this.#endIsLate) this.#end();
    else if (this.#options.request.reading.stream) this.#pump();
    else this.#deliver();
  }

  #end(): void {
    const { host, listener } = this.#options;
    host.over('ok');
    listener.done();
  }

  /** A whole answer: one timer, one send. */
  #deliver(): void {
    const { time, host } = this.#options;
    const now = time.now();
    const lateness = now - this.#wholeAt();
    host.late(lateness);
    if (this.#breakage) this.#break(this.#breakage, this.#cursor);
    else {
      this.#firstAt = now;
      this.#finish(lateness);
    }
  }

  /** A stream: sends what is due, then sleeps until the next chunk. */
  #pump(): void {
    const { time, host, listener, opening, plan } = this.#options;
    const now = time.now() + ROUNDING;
    if (!this.#opened) {
      this.#opened = true;
      host.late(now - this.#shifted(plan.headAt, false));
      listener.opened(opening);
    }
    const limit = this.#breakage ? this.#strikesAt : this.#chunks;
    let to = this.#cursor;
    let next = this.#nextAt === UNKNOWN ? this.#dueAt(to) : this.#nextAt;
    while (to < limit && next <= now) {
      host.late(now - next);
      next = this.#dueAt(++to);
    }
    if (to > this.#cursor) this.#firstAt ??= now;
    if (to < limit || next > now) {
      this.#emit(to);
      this.#nextAt = next;
      this.#wait(next);
    } else if (this.#breakage) this.#break(this.#breakage, to);
    else this.#finish(now - next);
  }

  #emit(to: number): void {
    const { listener, fault } = this.#options;
    const from = this.#cursor;
    if (to > from) listener.chunks(from, to);
    this.#cursor = to;
    if (fault?.kind !== 'duplicate' || this.#duplicated || to <= this.#strikesAt) return;
    this.#duplicated = true;
    listener.chunks(this.#strikesAt, this.#strikesAt + 1);
  }

  #break(how: Breakage, to: number): void {
    const { listener, opening, host } = this.#options;
    this.struck = true;
    if (to > this.#cursor) this.#emit(to);
    if (how !== 'stall') host.over('faulted');
    listener.broken(how, opening);
  }

  #finish(late: Millis): void {
    const { listener, opening, host, fault, time, request } = this.#options;
    if (request.reading.stream && fault?.kind === 'duplicate') this.#emit(this.#chunks);
    const wished = (fault && ENDINGS[fault.kind]) ?? 'prompt';
    const ending = request.reading.stream || wished === 'close-early' ? wished : 'prompt';
    if (ending === 'late-done' || ending === 'late-end') {
      listener.finished(opening, this.#cursor, ending);
      this.#endIsLate = true;
      this.#wait(time.now() + (fault?.lasting ?? LATE_END));
    } else {
      host.over('ok', late);
      listener.finished(opening, this.#cursor, ending);
    }
  }
}
