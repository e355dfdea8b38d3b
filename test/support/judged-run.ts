import type { Profile } from '../../mock-server/engine/profile.ts';
import { loadProfile } from '../../mock-server/profiles/load.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { findingsOf } from '../../src/analyze/finding.ts';
import type { Millis } from '../../src/core/clock.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { openTurnstile } from '../../src/core/turnstile.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import { semaphore } from '../../src/load/semaphore.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { LevelAccumulator } from '../../src/measure/summarize.ts';
import { sdkRetry } from '../../src/policy/sdk-retry.ts';
import type { Endpoint } from '../../src/run/endpoint.ts';
import type { MeasurePlan } from '../../src/run/measure-plan.ts';
import { RunStop } from '../../src/run/run-stop.ts';
import { searchLevels } from '../../src/run/search.ts';
import { runSweep, type SweepPlan } from '../../src/run/sweep.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { defineScenario } from '../../src/workload/scenario.ts';
import { type ForeignServer, foreignClient } from './foreign/foreign-server.ts';

/** A profile of the mock by name, one made up, or a server that is none of ours. */
export type Served = string | Profile | ForeignServer;

/** What to measure in virtual time. */
export interface JudgedRun {
  readonly profile: Served;
  readonly levels: readonly number[];
  readonly seed?: number;
  readonly measure: MeasurePlan;
  readonly repeat?: number;
  /** `auto` unless said otherwise. */
  readonly ramp?: 'auto' | Millis;
  /** The endpoint tells no limit, neither in headers nor in words. */
  readonly isSilent?: boolean;
}

/** The scenario, retries and limits of a judged run: one short call, as often as wanted. */
const judgedPlan = {
  scenario: defineScenario({
    name: 'judged',
    description: 'a call of about thirty tokens',
    requests: 500,
    call: (index) => ({
      messages: [{ role: 'user', content: `Ticket #${index}` }],
      maxTokens: 50,
      stream: false,
    }),
  }),
  retry: sdkRetry(10),
  attemptTimeout: 120_000,
  driver: semaphore,
  warmup: undefined,
  ramp: 'auto',
  referenceRequests: 20,
  cooldown: 'auto',
} as const satisfies Partial<SweepPlan>;

/** What would be known of a request had the endpoint told nothing of its limits. */
const silenced = (record: RequestRecord): RequestRecord => ({
  ...record,
  attempts: record.attempts.map(({ rateLimit: _, failure, ...attempt }) =>
    failure ? { ...attempt, failure: { ...failure, message: 'refused' } } : attempt,
  ),
});

const serve = async (
  served: Served,
  seed: number,
): Promise<{ readonly clock: VirtualClock; readonly endpoint: Endpoint }> => {
  if (typeof served === 'object' && 'work' in served) {
    const clock = new VirtualClock(0, { promisesOnly: true });
    return { clock, endpoint: { client: foreignClient(served, clock, seed) } };
  }
  return simulate({
    profile: typeof served === 'string' ? await loadProfile(served) : served,
    seed,
    model: 'gpt-4o-mini',
    hop: { delay: 0.3, jitter: 0.2 },
    client: 'direct',
  });
};

const setUp = async (served: Served, seed: number, isSilent = false) => {
  const { clock, endpoint } = await serve(served, seed);
  const accumulators = new Map<number, LevelAccumulator>();
  let requests = 0;
  const record = (each: RequestRecord) => {
    requests++;
    const level = accumulators.get(each.level) ?? new LevelAccumulator(each.level);
    accumulators.set(each.level, level);
    level.add(isSilent ? silenced(each) : each);
  };
  const runtime = {
    clock,
    rng: createRng(seed),
    stop: new RunStop(),
    turnstile: openTurnstile,
    recorders: [{ record }],
  };
  return { clock, endpoint, runtime, accumulators, spent: () => ({ requests, duration: clock.now() }) };
};

const silent = { onCooldown() {}, onStretch() {}, onMeasured() {} };

/** Measures levels in virtual time, as `bench sweep --simulate` does, and keeps figures only. */
export const judgedRun = async (run: JudgedRun): Promise<readonly LevelSummary[]> => {
  const { profile, levels, seed = 1, measure, repeat = 1, ramp = 'auto', isSilent } = run;
  const { clock, endpoint, runtime, accumulators } = await setUp(profile, seed, isSilent);
  const plan = { ...judgedPlan, endpoint, levels, measure, repeat, ramp };
  await clock.run(async () => {
    for await (const _ of runSweep(plan, runtime, silent));
  });
  return levels.flatMap((level) => accumulators.get(level)?.finish() ?? []);
};

/** What a search found, and what it cost. */
export interface SearchedRun {
  readonly levels: readonly LevelSummary[];
  readonly requests: number;
}

/** Searches as `bench find --simulate` does. */
export const searchedRun = async (
  profile: Served,
  {
    seed = 1,
    maxLevel = 128,
    requests = 2000,
    isSilent,
  }: { seed?: number; maxLevel?: number; requests?: number; isSilent?: boolean } = {},
): Promise<SearchedRun> => {
  const { clock, endpoint, runtime, accumulators, spent } = await setUp(profile, seed, isSilent);
  const summaries = () =>
    [...accumulators.values()].map((each) => each.finish()).filter(({ counts }) => counts.requests > 0);
  const probes = searchLevels({
    maxLevel,
    tolerance: CRITERIA.tolerance,
    needsUnloaded: true,
    budget: { requests },
    spent,
    look: () => findingsOf(summaries(), CRITERIA),
  });
  await clock.run(async () => {
    const plan = { ...judgedPlan, endpoint, levels: [], probes, measure: {}, referenceRequests: 0 };
    for await (const _ of runSweep(plan, runtime, silent));
  });
  return { levels: summaries().toSorted((a, b) => a.level - b.level), requests: spent().requests };
};
