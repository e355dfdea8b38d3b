import type { Call } from '../core/call.ts';
import { UsageError } from '../core/errors.ts';
import { createRng, type Rng } from '../core/rng.ts';
import { type Ask, isWorkflow, type Reply, type Scenario } from './scenario.ts';

/** A call as a scenario would make it. */
export interface PreviewedCall {
  /** Its name within the item; only calls of a workflow have one. */
  readonly step?: string;
  readonly call: Call;
}

/** Chance of a scenario's requests under a seed; each forks its own by number. */
export const requestRng = (seed: number): Rng => createRng(seed).fork('requests');

/** Calls of one item after which a preview has seen enough. */
const MOST_CALLS = 100;

const PLACEHOLDER = 'A placeholder for the answer.';

/** What stands in for an answer: a text, or a call of the tool that must be called. */
const replyTo = ({ tools = [], toolChoice }: Call, number: number): Reply => {
  const named = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  const name = toolChoice === 'required' ? tools[0]?.name : named;
  return name === undefined
    ? { ok: true, text: PLACEHOLDER }
    : { ok: true, text: '', toolCalls: [{ id: `call_${number}`, name, arguments: '{}' }] };
};

/**
 * The calls of one request or item, in the order in which they are asked for, without sending anything: a placeholder stands in
 * for every answer, so later calls of a workflow are shown with it in them, as far as it can stand for one.
 */
export const preview = async (
  scenario: Scenario,
  number: number,
  requests: Rng,
): Promise<readonly PreviewedCall[]> => {
  const rng = requests.fork(number);
  if (!isWorkflow(scenario)) return [{ call: scenario.call(number, rng.fork('call')) }];
  const calls: PreviewedCall[] = [];
  const enough = Promise.withResolvers<void>();
  const ask: Ask = async (call, { step = 'call' } = {}) => {
    if (calls.length === MOST_CALLS) {
      enough.resolve();
      return new Promise(() => {}); // it asks until it likes an answer, and will never like this one
    }
    calls.push({ step, call });
    return replyTo(call, calls.length);
  };
  const whole = async () => {
    try {
      await scenario.run(number, ask, rng.fork('call'));
    } catch (error) {
      // A placeholder may not be what it takes an answer for; a mistake before the first answer is one.
      if (error instanceof UsageError || calls.length === 0) throw error;
    }
  };
  await Promise.race([whole(), enough.promise]);
  return calls;
};
