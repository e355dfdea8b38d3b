import { apiOf, type Protocol } from '../client/provider-apis.ts';
import type { Call } from '../core/call.ts';
import { createRng } from '../core/rng.ts';
import type { Scenario } from '../workload/scenario.ts';

/** As many calls of a scenario are looked at before anything is sent. */
const SAMPLE = 50;

/** The first calls of a scenario, as the run will make them. */
export const firstCalls = ({ call, requests }: Scenario, seed: number): readonly Call[] => {
  const chance = createRng(seed).fork('requests');
  return Array.from({ length: Math.min(requests, SAMPLE) }, (_, index) =>
    call(index, chance.fork(index).fork('call')),
  );
};

/** Throws `UsageError` for the first call that the protocol's API cannot carry. */
export const checkCalls = (calls: readonly Call[], protocol: Protocol): void => {
  for (const call of calls) apiOf(protocol, call).body(call, { model: '', isOpenAi: false });
};
