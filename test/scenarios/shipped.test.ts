import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../mock-server/profiles/load.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { createClient } from '../../src/client/create-client.ts';
import type { Protocol } from '../../src/client/provider-apis.ts';
import type { Call } from '../../src/core/call.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { openTurnstile } from '../../src/core/turnstile.ts';
import { pool } from '../../src/load/pool.ts';
import { LevelAccumulator, summarize } from '../../src/measure/summarize.ts';
import { sdkRetry } from '../../src/policy/sdk-retry.ts';
import { runStretch } from '../../src/run/level.ts';
import { RunStop } from '../../src/run/run-stop.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { preview, requestRng } from '../../src/workload/preview.ts';
import { batchSize, isWorkflow, type Scenario } from '../../src/workload/scenario.ts';

const LEVEL = 5;

/** Runs a scenario in virtual time: straight onto the mock's engine, or through a provider's SDK and the mock's wire. */
const run = async (scenario: Scenario, through: 'direct' | Protocol, requests: number) => {
  const { clock, endpoint } = await simulate({
    profile: await loadProfile('constant', ['latency=1s']),
    seed: 1,
    model: 'gpt-4o-mini',
    hop: { delay: 0.3, jitter: 0.2 },
    client:
      through === 'direct'
        ? 'direct'
        : ({ baseUrl, fetch }) =>
            createClient({
              protocol: through,
              kind: 'sdk',
              transport: 'default',
              baseUrl: through === 'openai' ? `${baseUrl}/v1` : baseUrl,
              model: 'gpt-4o-mini',
              apiKey: 'mock-key',
              fetch,
            }),
  });
  const records: RequestRecord[] = [];
  const runtime = {
    clock,
    rng: createRng(1),
    stop: new RunStop(),
    turnstile: openTurnstile,
    recorders: [{ record: (record: RequestRecord) => records.push(record) }],
  };
  const plan = { scenario, endpoint, retry: sdkRetry(2), attemptTimeout: 60_000 };
  const stretch = { level: LEVEL, phase: 'measure', driver: pool(LEVEL), until: { requests } } as const;
  await clock.run(() => runStretch(stretch, plan, runtime));
  return { records, stop: runtime.stop, summary: summarize(LEVEL, records) };
};

const callsOf = async (scenario: Scenario, number: number): Promise<readonly Call[]> =>
  (await preview(scenario, number, requestRng(1))).map(({ call }) => call);

/** What an API has no field for: such a scenario does not fit it. */
const UNFIT: Readonly<Record<Protocol, (call: Call) => boolean>> = {
  openai: () => false,
  anthropic: ({ endpoint = 'chat' }) => endpoint !== 'chat',
};

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  const few = Math.min(6, batchSize(scenario));

  it('runs on the simulated mock, every call answered', async () => {
    const { summary, records } = await run(scenario, 'direct', few);
    expect(summary.counts.failed).toBe(0);
    if (isWorkflow(scenario)) expect(summary.items?.counts).toMatchObject({ items: few, ok: few });
    else expect(records).toHaveLength(few);
  });

  it.each(['openai', 'anthropic'] as const)('runs through the %s SDK if it fits', async (protocol) => {
    const calls = await callsOf(scenario, 0);
    const running = run(scenario, protocol, few);
    if (calls.some(UNFIT[protocol])) {
      await expect(running).rejects.toThrow(UsageError);
      return;
    }
    const { summary, stop } = await running;
    expect(stop.reason).toBeUndefined();
    expect(summary.counts).toMatchObject({ failed: 0, ok: summary.counts.requests });
  });

  it('sends the same calls again under the same seed', async () => {
    for (const number of [0, 1, 17]) {
      expect(await callsOf(scenario, number)).toEqual(await callsOf(scenario, number));
      for (const call of await callsOf(scenario, number)) {
        expect(call.messages.length).toBeGreaterThan(0);
        expect(call.maxTokens).toBeGreaterThan(0);
      }
    }
  });
});

const named = (name: string): Scenario => {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`there is no scenario ${name}`);
  return found;
};

describe('scenarios', () => {
  it('fan out to three models, and take as long as the slowest', async () => {
    const calls = await callsOf(named('model-fan-out'), 0);
    expect(new Set(calls.map(({ model }) => model)).size).toBe(3);
    const { summary } = await run(named('model-fan-out'), 'direct', 1);
    expect(summary.items?.roundTrips?.max).toBe(1);
    expect(summary.items?.speedUp).toBeCloseTo(3, 2);
  });

  it('take an agent through tool calls, each turn with all before it', async () => {
    const calls = (
      await Promise.all([0, 1, 2, 3, 4, 5].map((item) => callsOf(named('agent-turns'), item)))
    ).flat();
    expect(calls.some(({ messages }) => messages.some(({ role }) => role === 'tool'))).toBe(true);
    const { summary } = await run(named('agent-turns'), 'openai', 6);
    expect(summary.items?.calls?.max).toBeGreaterThan(summary.items?.calls?.min ?? 0);
    expect(summary.items?.roundTrips).toEqual(summary.items?.calls);
  });

  it('mix three workloads by weight', () => {
    const mixed = named('mixed');
    if (isWorkflow(mixed)) throw new Error('a workflow');
    const rng = requestRng(1);
    const lengths = Array.from({ length: 1000 }, (_, index) => mixed.call(index, rng.fork(index)).maxTokens);
    const share = (maxTokens: number) => lengths.filter((each) => each === maxTokens).length / 1000;
    expect([share(50), share(300), share(4096)].map((each) => Math.round(each * 10))).toEqual([6, 3, 1]);
  });

  it('share a prefix that is the same for every question', async () => {
    const [first] = await callsOf(named('shared-prefix'), 0);
    const [other] = await callsOf(named('shared-prefix'), 123);
    expect(first?.messages[0]).toEqual(other?.messages[0]);
    expect(first?.messages[0]).toMatchObject({ cache: true });
    expect(first?.messages[1]).not.toEqual(other?.messages[1]);
  });

  it('put a long queue through a pool, keeping figures only', async () => {
    const scenario = named('queue-100k');
    const { clock, endpoint } = await simulate({
      profile: await loadProfile('constant', ['latency=1s']),
      seed: 1,
      model: 'm',
      hop: { delay: 0, jitter: 0 },
      client: 'direct',
    });
    const figures = new LevelAccumulator(100);
    const runtime = {
      clock,
      rng: createRng(1),
      stop: new RunStop(),
      turnstile: openTurnstile,
      recorders: [{ record: (record: RequestRecord) => figures.add(record) }],
    };
    const plan = { scenario, endpoint, retry: sdkRetry(0), attemptTimeout: 60_000 };
    const until = { requests: batchSize(scenario) / 5 };
    await clock.run(() =>
      runStretch({ level: 100, phase: 'measure', driver: pool(100), until }, plan, runtime),
    );
    const { counts, inFlight, wallClockMs } = figures.finish();
    expect(counts.ok).toBe(20_000);
    expect(inFlight.max).toBe(100);
    expect(wallClockMs).toBeCloseTo(200_000, 3);
  });
});

describe('a replay', () => {
  it('starts each request when it arrived, or as soon as a slot is free after that', async () => {
    const scenario = named('replay');
    if (isWorkflow(scenario)) throw new Error('a workflow');
    const { records } = await run(scenario, 'direct', 120);
    const inOrder = records.toSorted((a, b) => a.index - b.index);
    expect(inOrder.map(({ scheduledAt }) => scheduledAt)).toEqual(
      inOrder.map(({ index }) => scenario.arrivesAt?.(index)),
    );
    expect(inOrder.every(({ startedAt, scheduledAt }) => startedAt >= scheduledAt)).toBe(true);
    expect(inOrder.some(({ startedAt, scheduledAt }) => startedAt > scheduledAt + 500)).toBe(true); // a burst waits
    expect(inOrder.some(({ startedAt, scheduledAt }) => startedAt === scheduledAt)).toBe(true);
  });

  it('begins anew where the trace ends', () => {
    const scenario = named('replay');
    if (isWorkflow(scenario)) throw new Error('a workflow');
    const at = (index: number) => scenario.arrivesAt?.(index) ?? Number.NaN;
    expect(at(0)).toBe(0);
    expect(at(120)).toBeGreaterThan(at(119));
    expect(at(240) - at(120)).toBe(at(120));
  });
});
