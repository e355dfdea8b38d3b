import type { Call, Usage } from '../core/call.ts';
import { type Millis, sleepUntil } from '../core/clock.ts';
import type { Draft } from '../core/draft.ts';
import type { Failure } from '../core/failure.ts';
import type { Demand } from '../core/known-limit.ts';
import type { AttemptRecord, Phase, RequestRecord } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Slot } from '../load/driver.ts';
import type { Departure, Pace } from '../load/pacer.ts';
import type { RetryDecision, RetryPolicy } from '../policy/retry.ts';
import { type AttemptContext, attemptOnce, type TokenFlow } from './attempt.ts';
import type { Spending } from './spending.ts';

/** Everything one request needs; the same for all requests of a level. */
export interface IssueContext extends AttemptContext {
  readonly retry: RetryPolicy;
  /** What may hold an attempt back in its slot; nothing if left out. */
  readonly pace?: Pace | undefined;
  /** Asked before each attempt whether it may be paid; without it nothing is. */
  readonly spending?: Spending | undefined;
  /** The slot is given back between attempts. */
  readonly releasesSlot?: boolean | undefined;
  readonly level: number;
  readonly phase: Phase;
  readonly block?: number;
  /** The call of a request, and the chance its retries draw from; both depend on the index alone. */
  prepare(index: number): { readonly call: Call; readonly rng: Rng };
  /** Told of each attempt as it ends; returns false if the request must not go on. */
  onAttempt(attempt: AttemptRecord): boolean;
  /** Resolves when it is the turn of an attempt that a limiter has just let go; at once if left out. */
  turn?(): Promise<void>;
}

/** Where a request stands after an attempt: at its end, or waiting until the next one is due. */
export type Standing = { readonly record: RequestRecord } | { readonly dueAt: Millis };

/** What a record says of its request before anything has happened to it. */
const identity = ({ index, scheduledAt }: Slot, { level, block, phase }: IssueContext) =>
  block === undefined ? { level, index, phase, scheduledAt } : { level, block, index, phase, scheduledAt };

const demandOf = ({ messages, maxTokens }: Call): Demand => ({
  inputTokens: Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4),
  maxTokens,
});

/** A refusal for want of tokens tells that the call counts more than was left. */
const leastTokens = (refused: AttemptRecord | undefined): number | undefined => {
  if (refused?.failure?.kind !== 'rate-limited') return undefined;
  const { requests, tokens } = refused.rateLimit ?? {};
  return requests?.remaining === 0 || tokens?.remaining === undefined ? undefined : tokens.remaining + 1;
};

const NO_RETRY: RetryDecision = { retry: false };

/** How a request ended. */
interface End extends Pick<RequestRecord, 'outcome'> {
  readonly firstTokenAt?: Millis | undefined;
  readonly flow?: TokenFlow | undefined;
  readonly usage?: Usage | undefined;
  readonly failure?: Failure | undefined;
}

/** One request under way, attempt by attempt. Never rejects: what went wrong is in its record. */
export class RequestInProgress {
  readonly #slot: Slot;
  readonly #context: IssueContext;
  readonly #call: Call;
  readonly #rng: Rng;
  readonly #attempts: AttemptRecord[] = [];
  #startedAt: Millis;
  #failure: Failure | undefined;
  #delay: Millis | undefined;

  constructor(slot: Slot, context: IssueContext) {
    this.#slot = slot;
    this.#context = context;
    const { call, rng } = context.prepare(slot.index);
    this.#call = call;
    this.#rng = rng;
    this.#startedAt = context.clock.now();
  }

  /** Number of the request within its level and phase. */
  get index(): number {
    return this.#slot.index;
  }

  /** Makes one attempt, when the limiters let it, and decides what follows. */
  async attempt(): Promise<Standing> {
    const { clock, signal, retry, pace } = this.#context;
    if (signal.aborted) return { record: this.cancel() };
    const number = this.#attempts.length;
    const departure = pace && this.#departure();
    const readyAt = clock.now();
    const held = departure && pace?.admit(departure, signal);
    if (held !== undefined) {
      try {
        await held;
      } catch {
        return { record: this.cancel() };
      }
      await this.#context.turn?.();
    }
    const hold = this.#context.spending?.hold(this.#call);
    if (this.#context.spending && !hold) return { record: this.#unpaid() };
    const startedAt = clock.now();
    if (number === 0) this.#startedAt = startedAt;
    const { record, usage, flow, answer } = await attemptOnce(
      this.#call,
      { index: this.#slot.index, number, startedAt, hold },
      this.#context,
    );
    // A retry that had given its slot back tells when it had one again, even if nothing held it then.
    const isTold = startedAt > readyAt || (this.#context.releasesSlot === true && number > 0);
    const attempt: AttemptRecord = isTold ? { readyAt, ...record } : record;
    this.#attempts.push(attempt);
    if (departure) pace?.ended(departure, attempt, usage);
    const mayGoOn = this.#context.onAttempt(attempt);
    const { failure, firstTokenAt, endedAt } = attempt;
    this.#failure = failure;
    retry.observe?.({ number, failure });
    if (!failure) {
      if (answer) this.#context.onAnswer?.(answer, this.#slot);
      return { record: this.#end(endedAt, { firstTokenAt, flow, usage, outcome: 'ok' }) };
    }
    if (failure.kind === 'cancelled') return { record: this.cancel() };
    const decision = mayGoOn ? retry.decide(failure, this.#decisionContext()) : NO_RETRY;
    if (!decision.retry) return { record: this.#end(endedAt, { outcome: 'failed', failure }) };
    this.#delay = decision.delay;
    return { dueAt: endedAt + decision.delay };
  }

  /** The record of a request that is stopped now. */
  cancel(): RequestRecord {
    const failure = this.#failure;
    return this.#end(this.#context.clock.now(), { outcome: 'cancelled', failure });
  }

  /** The spending cap has been reached: a request that has not left is cancelled, one that has stays failed. */
  #unpaid(): RequestRecord {
    const last = this.#attempts.at(-1);
    return last?.failure
      ? this.#end(last.endedAt, { outcome: 'failed', failure: last.failure })
      : this.cancel();
  }

  #departure(): Departure {
    return {
      demand: { ...demandOf(this.#call), leastTokens: leastTokens(this.#attempts.at(-1)) },
      rng: this.#rng.fork(`pace ${this.#attempts.length}`),
    };
  }

  #decisionContext() {
    const attempt = this.#attempts.length;
    return { attempt, rng: this.#rng.fork(`retry ${attempt}`), previous: this.#delay };
  }

  #end(endedAt: Millis, { firstTokenAt, flow, usage, outcome, failure }: End): RequestRecord {
    const attempts = this.#attempts;
    const head: Draft<Omit<RequestRecord, 'endedAt' | 'attempts' | 'outcome'>> = {
      ...identity(this.#slot, this.#context),
      startedAt: this.#startedAt,
    };
    if (firstTokenAt !== undefined) head.firstTokenAt = firstTokenAt;
    if (flow) {
      head.lastTokenAt = flow.lastTokenAt;
      head.chunks = flow.chunks;
      head.longestGapMs = flow.longestGapMs;
    }
    const record: Draft<RequestRecord> = usage
      ? { ...head, endedAt, usage, attempts, outcome }
      : { ...head, endedAt, attempts, outcome };
    if (this.#context.releasesSlot && attempts.length > 1) record.released = true;
    if (failure) record.failure = failure;
    return record;
  }
}

/** One request from its slot to its end, the slot held all the time; one that was dropped is recorded only. */
export const issue = async (slot: Slot, context: IssueContext): Promise<RequestRecord> => {
  if (slot.dropped) {
    const instant = { startedAt: slot.scheduledAt, endedAt: slot.scheduledAt };
    return { ...identity(slot, context), ...instant, attempts: [], outcome: 'dropped' };
  }
  const request = new RequestInProgress(slot, context);
  for (;;) {
    const standing = await request.attempt();
    if ('record' in standing) return standing.record;
    try {
      await sleepUntil(context.clock, standing.dueAt, context.signal);
    } catch {
      return request.cancel();
    }
  }
};
