import type { Client, ClientEvent } from '../client/client.ts';
import { deadline } from '../core/abort.ts';
import type { Answer, Call, Usage } from '../core/call.ts';
import { type Clock, type Millis, sleepUntil } from '../core/clock.ts';
import { RequestError } from '../core/errors.ts';
import type { Failure } from '../core/failure.ts';
import type { RateLimitReading } from '../core/rate-limit.ts';
import type { AttemptRecord, Phase, RequestRecord } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Slot } from '../load/driver.ts';
import type { RetryPolicy } from '../policy/retry.ts';
import { AnswerBuilder } from './answer-builder.ts';
import type { Hold, Spending } from './spending.ts';

/** Everything one request needs; the same for all requests of a level. */
export interface IssueContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly client: Client;
  readonly retry: RetryPolicy;
  readonly attemptTimeout: Millis;
  /** Asked before each attempt whether it may be paid; without it nothing is. */
  readonly spending?: Spending | undefined;
  readonly level: number;
  readonly phase: Phase;
  readonly block?: number;
  /** The call of a request, and the chance its retries draw from; both depend on the index alone. */
  prepare(index: number): { readonly call: Call; readonly rng: Rng };
  headers(index: number, attempt: number): Readonly<Record<string, string>> | undefined;
  /** Told of each attempt as it ends; returns false if the request must not go on. */
  onAttempt(attempt: AttemptRecord): boolean;
  /** Given what the model said, before the request's record is returned; without it no text is kept at all. */
  onAnswer?(answer: Answer, slot: Slot): void;
}

interface Attempt {
  readonly record: AttemptRecord;
  readonly usage?: Usage;
  readonly flow?: TokenFlow;
  readonly answer?: Answer;
}

/** What a record says of its request before anything has happened to it. */
const identity = ({ index, scheduledAt }: Slot, { level, block, phase }: IssueContext) => ({
  level,
  ...(block === undefined ? {} : { block }),
  index,
  phase,
  scheduledAt,
});

/**
 * One request: its attempts and the waits between them. The only place that stamps a measurement. Never rejects: what went
 * wrong is in the record.
 */
export const issue = async (slot: Slot, context: IssueContext): Promise<RequestRecord> => {
  const { clock, signal, retry } = context;
  if (slot.dropped) {
    const instant = { startedAt: slot.scheduledAt, endedAt: slot.scheduledAt };
    return { ...identity(slot, context), ...instant, attempts: [], outcome: 'dropped' };
  }
  const { call, rng } = context.prepare(slot.index);
  const attempts: AttemptRecord[] = [];
  const startedAt = clock.now();
  const fact = { ...identity(slot, context), startedAt };
  const cancelled = (failure?: Failure): RequestRecord => ({
    ...fact,
    endedAt: clock.now(),
    attempts,
    outcome: 'cancelled',
    ...(failure ? { failure } : {}),
  });
  /** The spending cap has been reached: a request that has not left is cancelled, one that has stays failed. */
  const unpaid = (): RequestRecord => {
    const { failure, endedAt = startedAt } = attempts.at(-1) ?? {};
    return failure ? { ...fact, endedAt, attempts, outcome: 'failed', failure } : cancelled();
  };
  for (let attemptAt = startedAt; ; attemptAt = clock.now()) {
    if (signal.aborted) return cancelled();
    const number = attempts.length;
    const hold = context.spending?.hold(call);
    if (context.spending && !hold) return unpaid();
    const { record, usage, flow, answer } = await attemptOnce(
      call,
      { index: slot.index, number, startedAt: attemptAt, hold },
      context,
    );
    attempts.push(record);
    const mayGoOn = context.onAttempt(record);
    const { failure, firstTokenAt, endedAt } = record;
    if (!failure) {
      if (answer) context.onAnswer?.(answer, slot);
      return {
        ...fact,
        ...(firstTokenAt === undefined ? {} : { firstTokenAt }),
        ...(flow ?? {}),
        endedAt,
        ...(usage ? { usage } : {}),
        attempts,
        outcome: 'ok',
      };
    }
    if (failure.kind === 'cancelled') return cancelled(failure);
    if (!mayGoOn) return { ...fact, endedAt, attempts, outcome: 'failed', failure };
    const chance = rng.fork(`retry ${attempts.length}`);
    const decision = retry.decide(failure, { attempt: attempts.length, rng: chance });
    if (!decision.retry) return { ...fact, endedAt, attempts, outcome: 'failed', failure };
    try {
      await sleepUntil(clock, endedAt + decision.delay, signal);
    } catch {
      return cancelled(failure);
    }
  }
};

/** One HTTP exchange, under its own deadline, stamped event by event. */
const attemptOnce = async (
  call: Call,
  {
    index,
    number,
    startedAt,
    hold,
  }: {
    readonly index: number;
    readonly number: number;
    readonly startedAt: Millis;
    readonly hold: Hold | undefined;
  },
  context: IssueContext,
): Promise<Attempt> => {
  const { clock, client } = context;
  const limit = deadline(clock, context.attemptTimeout, context.signal);
  const stamps: {
    headersAt?: Millis;
    firstReasoningAt?: Millis;
    firstTokenAt?: Millis;
    status?: number;
    rateLimit?: RateLimitReading;
  } = {};
  let flow: TokenFlow | undefined;
  let usage: Usage | undefined;
  let failure: Failure | undefined;
  const builder = context.onAnswer ? new AnswerBuilder() : undefined;
  try {
    let finished = false;
    for await (const event of client.send(call, {
      signal: limit.signal,
      headers: context.headers(index, number),
    })) {
      const now = clock.now();
      builder?.add(event);
      if (event.type === 'headers') {
        stamps.headersAt = now;
        stamps.status = event.status;
        if (event.rateLimit) stamps.rateLimit = event.rateLimit;
      } else if (isToken(event)) {
        stamps.firstTokenAt ??= now;
        flow = flowed(flow, now);
      } else if (event.type === 'delta') stamps.firstReasoningAt ??= now;
      else if (event.type === 'usage') usage = event.usage;
      else if (event.type === 'finish') finished = true;
    }
    if (!finished) failure = { kind: 'truncated', message: 'the answer ended without its terminal event' };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error; // a bug in a client, not an outcome
    failure = error.failure;
    if (error.rateLimit) stamps.rateLimit = error.rateLimit;
    if (failure.status !== undefined) stamps.status = failure.status;
    usage = error.usage;
  } finally {
    limit.cancel();
  }
  const endedAt = clock.now();
  const costUsd = hold?.settle(usage, failure === undefined);
  const record: AttemptRecord = {
    startedAt,
    ...stamps,
    endedAt,
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(failure ? { failure } : {}),
  };
  if (failure) return { record };
  return {
    record,
    ...(usage ? { usage } : {}),
    ...(flow ? { flow } : {}),
    ...(builder ? { answer: builder.answer() } : {}),
  };
};

/** A token that the user would see; reasoning comes before it and is not it. */
const isToken = (event: ClientEvent): boolean => event.type === 'delta' && event.channel !== 'reasoning';

/** How the tokens of a stream came, as far as is known. */
interface TokenFlow {
  readonly lastTokenAt: Millis;
  readonly chunks: number;
  readonly longestGapMs: Millis;
}

const flowed = (flow: TokenFlow | undefined, now: Millis): TokenFlow => ({
  lastTokenAt: now,
  chunks: (flow?.chunks ?? 0) + 1,
  longestGapMs: flow ? Math.max(flow.longestGapMs, now - flow.lastTokenAt) : 0,
});
