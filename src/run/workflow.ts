import type { Answer, Call } from '../core/call.ts';
import type { Millis } from '../core/clock.ts';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import type { Failure } from '../core/failure.ts';
import { createRng, type Rng } from '../core/rng.ts';
import type { Claim, Slot } from '../load/driver.ts';
import type { Ask, Reply, Workflow } from '../workload/scenario.ts';
import type { WorkContext, WorkSource } from './work.ts';

/** A call that an item waits for. */
interface Asked {
  readonly item: number;
  readonly step: string;
  readonly call: Call;
  readonly rng: Rng;
  readonly askedAt: Millis;
  readonly reply: (reply: Reply) => void;
  answer?: Answer;
}

/** What workflows need beside other sources. */
export interface WorkflowContext extends WorkContext {
  /** Most items open at once. */
  readonly level: number;
  /** Called when an item is over. */
  onItemEnd(item: number): void;
  /** Called if an item throws though none of its calls failed: the scenario is at fault. */
  onBug(error: BenchError): void;
}

/** Steps of one item that can be told apart by number. */
const STEPS = 2 ** 20;
const STEP_NUMBERS = createRng(0).fork('steps');

/** Number of an item's step for the endpoint: the same at every level, however its calls interleave with others. */
const numberOf = (item: number, step: string): number =>
  item * STEPS + Math.floor(STEP_NUMBERS.fork(step).next() * STEPS);

const STOPPED: Failure = { kind: 'cancelled', message: 'the run was stopped before this call' };

/**
 * The calls of a workflow: what open items ask for goes first, then a new item is opened, as long as fewer than `level` are
 * open. So work in progress is finished before more is begun, and memory depends on the level and not on the number of items.
 */
export const workflowSource = (scenario: Workflow, context: WorkflowContext): WorkSource => {
  const { clock, signal, until, level } = context;
  const endsAt = clock.now() + (until.duration ?? Number.POSITIVE_INFINITY);
  const items = until.requests ?? Number.POSITIVE_INFINITY;
  /** Calls asked for that no slot has taken yet. */
  const ready: Asked[] = [];
  /** Claims that came before there was a call for them. */
  const waiting: ((claim: Claim) => void)[] = [];
  /** Calls under way, by the index of their request. */
  const taken = new Map<number, Asked>();
  let opened = 0;
  let open = 0;
  /** Items opened that have not asked for their first call yet. */
  let silent = 0;
  let claimed = 0;
  let serving = false;

  const take = (asked: Asked): Slot => {
    const index = claimed++;
    taken.set(index, asked);
    return { index, scheduledAt: clock.now() };
  };
  const canOpen = () =>
    !signal.aborted && open < level && opened < items && clock.now() < endsAt && !until.isEnough?.();
  const release = () => {
    for (const settle of waiting.splice(0)) settle(undefined);
  };
  /** Serves claims that wait: with new items where there may be any, and with the end where nothing is to come. */
  const serve = () => {
    serving = false;
    while (waiting.length > silent && canOpen()) openItem();
    if (open === 0 && ready.length === 0 && !canOpen()) release();
  };
  /** Not at once: what the end of a call sets in motion, the next call of its item, goes before a new item. */
  const serveSoon = () => {
    if (serving) return;
    serving = true;
    clock.schedule(clock.now(), serve);
  };
  const hand = (asked: Asked) => {
    if (signal.aborted) asked.reply({ ok: false, failure: STOPPED });
    else {
      const next = waiting.shift();
      if (next) next(take(asked));
      else ready.push(asked);
    }
  };

  const openItem = () => {
    const item = opened++;
    open++;
    const rng = context.rng.fork(item);
    const names = new Map<string, number>();
    let failed = false;
    silent++;
    let first = () => {
      silent--;
      first = () => {};
    };
    const ask: Ask = async (call, { step = 'call' } = {}) => {
      first();
      const times = (names.get(step) ?? 0) + 1;
      names.set(step, times);
      const name = times === 1 ? step : `${step} ${times}`;
      const { promise, resolve } = Promise.withResolvers<Reply>();
      hand({
        item,
        step: name,
        call,
        rng: rng.fork(`step ${name}`),
        askedAt: clock.now(),
        reply: resolve,
      });
      const reply = await promise;
      failed ||= !reply.ok;
      return reply;
    };
    const whole = async () => {
      try {
        await scenario.run(item, ask, rng.fork('call'));
      } catch (error) {
        // Once a call has failed, giving the item up is the scenario's right.
        if (error instanceof UsageError) context.onBug(error);
        else if (!failed) context.onBug(bug(scenario, item, error));
      }
      first();
      open--;
      if (!signal.aborted) context.onItemEnd(item);
      serveSoon();
    };
    void whole();
  };

  signal.addEventListener(
    'abort',
    () => {
      release();
      for (const { reply } of ready.splice(0)) reply({ ok: false, failure: STOPPED });
    },
    { once: true },
  );

  return {
    claim() {
      if (signal.aborted) return undefined;
      const next = ready.shift();
      if (next) return take(next);
      if (open === 0 && !canOpen()) return undefined;
      const { promise, resolve } = Promise.withResolvers<Claim>();
      waiting.push(resolve);
      serveSoon();
      return promise;
    },
    prepare(index) {
      const { call, rng } = known(taken, index);
      return { call, rng };
    },
    key(index) {
      const { item, step } = known(taken, index);
      return numberOf(item, step);
    },
    place(index) {
      const { item, step, askedAt } = known(taken, index);
      return { item, step, askedAt };
    },
    onAnswer(answer, { index }) {
      known(taken, index).answer = answer;
    },
    ended({ index, outcome, failure, usage }) {
      const { reply, answer } = known(taken, index);
      taken.delete(index);
      if (outcome === 'ok') reply({ ok: true, ...(answer ?? { text: '' }), ...(usage ? { usage } : {}) });
      else reply({ ok: false, failure: failure ?? STOPPED });
    },
  };
};

const known = (taken: ReadonlyMap<number, Asked>, index: number): Asked => {
  const asked = taken.get(index);
  if (!asked) throw new Error(`request ${index} is not under way`);
  return asked;
};

const bug = ({ name }: Workflow, item: number, error: unknown): BenchError =>
  new BenchError(
    EXIT.invalid,
    `scenario ${name} threw at item ${item}, though no call of it had failed: ${error instanceof Error ? error.message : error}`,
    {
      hint: 'Mend its run(): whatever it needs of an answer may be missing or of another form.',
      cause: error,
    },
  );
