import { loadProfile } from '../../mock-server/profiles/load.ts';
import { anthropicClient } from '../../src/client/anthropic.ts';
import type { ClientOptions } from '../../src/client/client.ts';
import { openaiClient } from '../../src/client/openai.ts';
import type { Call } from '../../src/core/call.ts';
import type { Millis } from '../../src/core/clock.ts';
import type { KnownLimit } from '../../src/core/known-limit.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { openTurnstile } from '../../src/core/turnstile.ts';
import { semaphore } from '../../src/load/semaphore.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { LevelAccumulator } from '../../src/measure/summarize.ts';
import { sdkRetry } from '../../src/policy/sdk-retry.ts';
import { createPolicy, type PolicySpec } from '../../src/run/policy.ts';
import { RunStop } from '../../src/run/run-stop.ts';
import { type LevelOutcome, runSweep } from '../../src/run/sweep.ts';
import type { Hop } from '../../src/simulate/network.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { defineScenario } from '../../src/workload/scenario.ts';

const MODEL = 'gpt-4o-mini';

type Fetch = NonNullable<ClientOptions['fetch']>;

/** The real SDKs, at the place where each expects its server. */
const SDKS = {
  openai: ({ baseUrl, fetch }: { baseUrl: string; fetch: Fetch }) =>
    openaiClient({ baseUrl: `${baseUrl}/v1`, model: MODEL, apiKey: 'mock-key', fetch }),
  anthropic: (options: { baseUrl: string; fetch: Fetch }) =>
    anthropicClient({ ...options, model: MODEL, apiKey: 'mock-key' }),
} as const;

/** What to simulate in a test. */
export interface SimulatedRun {
  readonly profile: string;
  /** Single keys of the profile: `limits.requestsPerMinute=60`. */
  readonly settings?: readonly string[];
  readonly levels: readonly number[];
  readonly requests: number;
  readonly client?: 'direct' | keyof typeof SDKS;
  readonly stream?: boolean;
  /** What each call asks for beside its message. */
  readonly call?: Partial<Call>;
  readonly seed?: number;
  readonly maxRetries?: number;
  /** Instead of a semaphore with the SDKs' retries. */
  readonly policy?: PolicySpec | undefined;
  /** Limits that the policy knows of. */
  readonly limits?: readonly KnownLimit[];
  readonly attemptTimeout?: Millis;
  readonly hop?: Hop;
  /** `false` keeps figures only. */
  readonly keepRecords?: boolean;
}

/** What a simulated run left behind. */
export interface Simulated {
  readonly records: readonly RequestRecord[];
  readonly outcomes: readonly LevelOutcome[];
  readonly levels: readonly LevelSummary[];
  /** Virtual time at its end. */
  readonly endedAt: Millis;
}

/** Runs a sweep in virtual time, as `bench sweep --simulate` does, without files. */
export const simulatedRun = async (run: SimulatedRun): Promise<Simulated> => {
  const { seed = 1, hop = { delay: 0.3, jitter: 0.2 }, client = 'direct' } = run;
  const { clock, endpoint, pending } = await simulate({
    profile: await loadProfile(run.profile, run.settings ?? []),
    seed,
    model: MODEL,
    hop,
    client: client === 'direct' ? 'direct' : SDKS[client],
  });
  const live = run.policy && createPolicy(run.policy, run.limits ?? []);
  const records: RequestRecord[] = [];
  const accumulators = new Map(run.levels.map((level) => [level, new LevelAccumulator(level)]));
  const outcomes: LevelOutcome[] = [];
  const plan = {
    scenario: defineScenario({
      name: 'simulated',
      description: 'a call of about thirty tokens',
      requests: run.requests,
      call: (index) => ({
        messages: [{ role: 'user', content: `Ticket #${index}` }],
        maxTokens: 50,
        stream: run.stream ?? false,
        ...run.call,
      }),
    }),
    endpoint,
    ...(live
      ? { retry: live.retry, pace: live.pace(clock), releasesSlot: live.releasesSlot }
      : { retry: sdkRetry(run.maxRetries ?? 10) }),
    attemptTimeout: run.attemptTimeout ?? 120_000,
    levels: run.levels,
    driver: live?.driver ?? semaphore,
    measure: { requests: run.requests },
    warmup: undefined,
    referenceRequests: 0,
    cooldown: 'auto',
  } as const;
  const runtime = {
    clock,
    rng: createRng(seed),
    stop: new RunStop(),
    turnstile: openTurnstile,
    recorders: [
      pending,
      {
        record(record: RequestRecord) {
          if (run.keepRecords !== false) records.push(record);
          accumulators.get(record.level)?.add(record);
        },
      },
    ],
  };
  const observer = { onCooldown() {}, onStretch() {}, onMeasured() {} };
  const sweep = async () => {
    for await (const outcome of runSweep(plan, runtime, observer)) outcomes.push(outcome);
  };
  await clock.run(sweep, () => pending.describe());
  return {
    records,
    outcomes,
    levels: [...accumulators.values()].map((accumulator) => accumulator.finish()),
    endedAt: clock.now(),
  };
};
