import type { Millis } from '../../src/core/clock.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { openTurnstile } from '../../src/core/turnstile.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import { semaphore } from '../../src/load/semaphore.ts';
import { sdkRetry } from '../../src/policy/sdk-retry.ts';
import type { LoadPlan, Runtime } from '../../src/run/level.ts';
import { RunStop } from '../../src/run/run-stop.ts';
import type { SweepPlan } from '../../src/run/sweep.ts';
import { defineScenario } from '../../src/workload/scenario.ts';
import { type ScriptedClient, type Step, scriptedClient } from './scripted-client.ts';

/** One call, always the same. */
export const oneCall = defineScenario({
  name: 'one-call',
  description: 'the same short call',
  requests: 100,
  call: (index) => ({ messages: [{ role: 'user', content: `#${index}` }], maxTokens: 8, stream: false }),
});

/** A run in virtual time against a scripted endpoint. */
export interface Lab {
  readonly clock: VirtualClock;
  readonly client: ScriptedClient;
  readonly records: RequestRecord[];
  readonly runtime: Runtime;
  readonly plan: SweepPlan;
}

/** Sets up a lab; every attempt follows `script`. */
export const lab = (
  script: (attempt: number) => Step,
  options: {
    readonly maxRetries?: number;
    readonly attemptTimeout?: Millis;
    readonly requests?: number;
    readonly levels?: readonly number[];
  } = {},
): Lab => {
  const clock = new VirtualClock();
  const client = scriptedClient(clock, script);
  const records: RequestRecord[] = [];
  const load: LoadPlan = {
    scenario: oneCall,
    endpoint: { client },
    retry: sdkRetry(options.maxRetries ?? 10),
    attemptTimeout: options.attemptTimeout ?? 60_000,
  };
  return {
    clock,
    client,
    records,
    runtime: {
      clock,
      rng: createRng(1),
      stop: new RunStop(),
      turnstile: openTurnstile,
      recorders: [{ record: (record) => records.push(record) }],
    },
    plan: {
      ...load,
      levels: options.levels ?? [1],
      driver: semaphore,
      measure: { requests: options.requests ?? 1 },
      warmup: undefined,
      referenceRequests: 0,
      cooldown: 0,
    },
  };
};
