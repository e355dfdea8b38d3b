import { apiOf, type Protocol } from '../client/provider-apis.ts';
import type { Call } from '../core/call.ts';
import { preview, requestRng } from '../workload/preview.ts';
import { batchSize, type Scenario } from '../workload/scenario.ts';

/** As many calls of a scenario are looked at before anything is sent. */
const SAMPLE = 50;

/** The first calls of a scenario, as the run will make them; of a workflow, those of its first items. */
export const firstCalls = async (scenario: Scenario, seed: number): Promise<readonly Call[]> => {
  const chance = requestRng(seed);
  const calls: Call[] = [];
  for (let number = 0; number < Math.min(batchSize(scenario), SAMPLE); number++)
    calls.push(...(await preview(scenario, number, chance)).map(({ call }) => call));
  return calls;
};

/** Calls that a request or an item makes, on average of the sample. */
export const callsPerRequest = (calls: readonly Call[], scenario: Scenario): number =>
  calls.length / Math.max(1, Math.min(batchSize(scenario), SAMPLE));

/** Throws `UsageError` for the first call that the protocol's API cannot carry. */
export const checkCalls = (calls: readonly Call[], protocol: Protocol): void => {
  for (const call of calls) apiOf(protocol, call).body(call, { model: '', isOpenAi: false });
};
