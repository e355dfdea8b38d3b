import type { Client, ClientEvent } from '../client/client.ts';
import { deadline } from '../core/abort.ts';
import type { Answer, Call, Usage } from '../core/call.ts';
import type { Clock, Millis } from '../core/clock.ts';
import type { Draft } from '../core/draft.ts';
import { RequestError } from '../core/errors.ts';
import type { Failure } from '../core/failure.ts';
import type { AttemptRecord } from '../core/record.ts';
import type { Slot } from '../load/driver.ts';
import { AnswerBuilder } from './answer-builder.ts';
import type { Hold } from './spending.ts';

/** What an attempt needs; the same for all of a level. */
export interface AttemptContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly client: Client;
  readonly attemptTimeout: Millis;
  headers(index: number, attempt: number): Readonly<Record<string, string>> | undefined;
  /** Given what the model said, before the request's record is returned; without it no text is kept at all. */
  onAnswer?(answer: Answer, slot: Slot): void;
}

/** What came of one attempt. */
interface Attempt {
  readonly record: AttemptRecord;
  readonly usage?: Usage;
  readonly flow?: TokenFlow;
  readonly answer?: Answer;
}

/** One HTTP exchange, under its own deadline, stamped event by event: the only place that stamps a measurement. */
export const attemptOnce = async (
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
  context: AttemptContext,
): Promise<Attempt> => {
  const { clock, client } = context;
  const limit = deadline(clock, context.attemptTimeout, context.signal);
  const stamps: Draft<Omit<AttemptRecord, 'endedAt'>> = { startedAt };
  let flow: TokenFlow | undefined;
  let usage: Usage | undefined;
  let failure: Failure | undefined;
  let chunks = 0;
  const builder = context.onAnswer ? new AnswerBuilder() : undefined;
  try {
    let finished = false;
    for await (const event of client.send(call, {
      signal: limit.signal,
      headers: context.headers(index, number),
    })) {
      const now = clock.now();
      builder?.add(event);
      if (event.type === 'delta') chunks++;
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
    usage = error.usage ?? usage;
  } finally {
    limit.cancel();
  }
  const record: Draft<AttemptRecord> = { ...stamps, endedAt: clock.now() };
  const costUsd = hold?.settle(usage, failure);
  if (costUsd !== undefined) record.costUsd = costUsd;
  const attempt: Draft<Attempt> = { record };
  if (failure) {
    record.failure = failure;
    const told = usage?.estimated ? undefined : usage;
    if (told || chunks > 0) record.lost = told ? { usage: told, chunks } : { chunks };
  } else {
    if (usage) attempt.usage = usage;
    if (flow) attempt.flow = flow;
    if (builder) attempt.answer = builder.answer();
  }
  return attempt;
};

/** A token that the user would see; reasoning comes before it and is not it. */
const isToken = (event: ClientEvent): boolean => event.type === 'delta' && event.channel !== 'reasoning';

/** How the tokens of a stream came, as far as is known. */
export interface TokenFlow {
  readonly lastTokenAt: Millis;
  readonly chunks: number;
  readonly longestGapMs: Millis;
}

const flowed = (flow: TokenFlow | undefined, now: Millis): TokenFlow => ({
  lastTokenAt: now,
  chunks: (flow?.chunks ?? 0) + 1,
  longestGapMs: flow ? Math.max(flow.longestGapMs, now - flow.lastTokenAt) : 0,
});
