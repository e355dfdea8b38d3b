import type { Client, ClientEvent } from '../../../src/client/client.ts';
import { DeadlineError } from '../../../src/core/abort.ts';
import { type Clock, type Millis, sleepUntil } from '../../../src/core/clock.ts';
import { RequestError } from '../../../src/core/errors.ts';
import { createRng, gamma, type Rng } from '../../../src/core/rng.ts';
import { type GateKind, gateOf } from './gates.ts';
import { type WorkKind, workOf } from './works.ts';

/**
 * A server that shares no code with our mock, and whose limits and queues work in other ways: plain data, so that it can be
 * handed to a worker thread.
 */
export interface ForeignServer {
  readonly gate?: GateKind;
  readonly work: WorkKind;
  readonly latencyMs: Millis;
  /** Coefficient of variation of a call's time. */
  readonly cv: number;
  readonly law: 'gamma' | 'uniform' | 'two-sizes';
  /** What a refusal says, and all answers. */
  readonly tells: 'nothing' | 'retry-after' | 'headers';
  /** Status of a refusal. */
  readonly status: 429 | 503;
}

/** To a refusal and back. */
const HOP: Millis = 2;

/** Of calls of two sizes: so many are the larger. */
const LARGE = 0.2;

/** Draws a call's time of mean 1. */
const draw = (rng: Rng, law: ForeignServer['law'], cv: number): number => {
  switch (law) {
    case 'gamma':
      return gamma(rng, 1 / cv ** 2) * cv ** 2;
    case 'uniform':
      return Math.max(0.02, 1 + Math.sqrt(3) * cv * (2 * rng.next() - 1));
    case 'two-sizes':
      return rng.next() < LARGE
        ? 1 + cv * Math.sqrt((1 - LARGE) / LARGE)
        : Math.max(0.02, 1 - cv * Math.sqrt(LARGE / (1 - LARGE)));
  }
};

/** A client on such a server, in the time of `clock`. */
export const foreignClient = (server: ForeignServer, clock: Clock, seed: number): Client => {
  const gate = server.gate && gateOf(server.gate);
  const work = workOf(clock, server.work);
  const rng = createRng(seed).fork('foreign');
  const told = () => {
    const reading = server.tells === 'headers' ? gate?.told(clock.now()) : undefined;
    return reading && { requests: reading };
  };
  let open = 0;
  const refusal = (again: Millis): RequestError => {
    const rateLimit = told();
    return new RequestError(
      {
        kind: server.status === 429 ? 'rate-limited' : 'overloaded',
        message: 'too many',
        status: server.status,
        ...(server.tells === 'nothing' ? {} : { retryAfter: Math.ceil(again / 1000) * 1000 }),
      },
      rateLimit ? { rateLimit } : {},
    );
  };
  return {
    name: 'foreign',
    async *send(_call, { signal }): AsyncIterable<ClientEvent> {
      const decision = gate?.decide(clock.now(), open) ?? { taken: true, startsAt: clock.now() };
      if (decision.taken) open++;
      try {
        if (!decision.taken) {
          const error = refusal(decision.again);
          await sleepUntil(clock, clock.now() + HOP, signal);
          throw error;
        }
        await sleepUntil(clock, decision.startsAt, signal);
        await work(server.latencyMs * draw(rng, server.law, server.cv), signal);
        yield { type: 'headers', status: 200, rateLimit: told() };
        yield { type: 'usage', usage: { inputTokens: 12, outputTokens: 30 } };
        yield { type: 'finish', reason: 'stop' };
      } catch (error) {
        if (error instanceof RequestError) throw error;
        const late = error instanceof DeadlineError;
        throw new RequestError({ kind: late ? 'timeout' : 'cancelled', message: String(error) });
      } finally {
        if (decision.taken) open--;
      }
    },
  };
};
