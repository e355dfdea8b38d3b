import type { Call } from '../core/call.ts';
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
 * for every answer, so later calls of a workflow are shown with it in them.
 */
export const preview = async (
  scenario: Scenario,
  number: number,
  requests: Rng,
): Promise<readonly PreviewedCall[]> => {
  const rng = requests.fork(number);
  if (!isWorkflow(scenario)) return [{ call: scenario.call(number, rng.fork('call')) }];
  const calls: PreviewedCall[] = [];
  const ask: Ask = async (call, { step = 'call' } = {}) => {
    calls.push({ step, call });
    return replyTo(call, calls.length);
  };
  await scenario.run(number, ask, rng.fork('call'));
  return calls;
};
