import type { Answer, Call } from '../core/call.ts';
import { type Clock, type Millis, sleepUntil } from '../core/clock.ts';
import type { RequestRecord } from '../core/record.ts';
import type { Rng } from '../core/rng.ts';
import type { Claim, Slot } from '../load/driver.ts';
import type { CallScenario } from '../workload/scenario.ts';

/** What a stretch of load is made of: hands its requests to the driver one by one. */
export interface WorkSource {
  /** The next request; a promise where it is not known yet; `undefined` once nothing is left, or the run must end. */
  claim(): Claim | Promise<Claim>;
  /** The call of a claimed request, and the chance its retries draw from; neither depends on what else is in flight. */
  prepare(index: number): { readonly call: Call; readonly rng: Rng };
  /** Number by which the endpoint tells the request apart and draws its chance: the same call has the same at every level. */
  key(index: number): number;
  /** What the request's record says of its place in the work. */
  place?(index: number): Pick<RequestRecord, 'item' | 'step' | 'askedAt'>;
  /** Given what the model said, before `ended`; without it no text is kept. */
  onAnswer?(answer: Answer, slot: Slot): void;
  /** Told of each request as it ends. */
  ended?(record: RequestRecord): void;
}

/** What every source of work needs. */
export interface WorkContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Chance of the requests; each forks its own. */
  readonly rng: Rng;
  /** Where to stop starting, at whichever comes first: requests (items of a workflow), time since the start. */
  readonly until: {
    readonly requests?: number;
    readonly duration?: Millis;
    /** Whether what has been done is enough already. */
    isEnough?(): boolean;
  };
}

/** The requests of a scenario of single calls, as soon as there is a slot or when they arrive, whichever is later. */
export const callSource = (
  scenario: CallScenario,
  { clock, signal, rng, until }: WorkContext,
): WorkSource => {
  const from = clock.now();
  const endsAt = from + (until.duration ?? Number.POSITIVE_INFINITY);
  const requests = until.requests ?? Number.POSITIVE_INFINITY;
  let claimed = 0;
  const arrival = async (index: number, scheduledAt: Millis): Promise<Claim> => {
    await sleepUntil(clock, scheduledAt, signal).catch(() => {}); // stopped: seen below
    return signal.aborted ? undefined : { index, scheduledAt };
  };
  return {
    claim() {
      const now = clock.now();
      if (signal.aborted || claimed >= requests || now >= endsAt || until.isEnough?.()) return undefined;
      const scheduledAt = scenario.arrivesAt ? from + scenario.arrivesAt(claimed) : now;
      if (scheduledAt >= endsAt) return undefined;
      const index = claimed++;
      return scheduledAt > now ? arrival(index, scheduledAt) : { index, scheduledAt };
    },
    prepare(index) {
      const own = rng.fork(index);
      return { call: scenario.call(index, own.fork('call')), rng: own };
    },
    key: (index) => index,
  };
};
