import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../scenarios/index.ts';
import { type MockProcess, startMock } from '../../src/cli/mock-process.ts';
import { createClient } from '../../src/client/create-client.ts';
import { ScaledClock, SystemClock } from '../../src/core/clock.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { turnstile } from '../../src/core/turnstile.ts';
import { pool } from '../../src/load/pool.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { sdkRetry } from '../../src/policy/sdk-retry.ts';
import { runStretch } from '../../src/run/level.ts';
import { RunStop } from '../../src/run/run-stop.ts';
import { isWorkflow, type Scenario } from '../../src/workload/scenario.ts';
import { CLIENT_WAYS } from '../support/client-ways.ts';

const SPEED = 200;
const LEVEL = 3;
const CLIENTS = (['openai', 'anthropic'] as const).flatMap((protocol) =>
  CLIENT_WAYS.map((way) => ({ protocol, ...way })),
);

/** The same calls, all of them streamed or none. */
const streaming = (scenario: Scenario, stream: boolean): Scenario =>
  isWorkflow(scenario)
    ? {
        ...scenario,
        run: (item, ask, rng) =>
          scenario.run(item, (call, options) => ask({ ...call, stream }, options), rng),
      }
    : { ...scenario, call: (index, rng) => ({ ...scenario.call(index, rng), stream }) };

let mock: MockProcess;
beforeAll(async () => {
  mock = await startMock({ profile: 'constant', speed: SPEED, seed: 1 }, (error) => {
    throw error;
  });
});
afterAll(() => mock.stop());

const run = async (scenario: Scenario, { protocol, ...way }: (typeof CLIENTS)[number]) => {
  const client = await createClient({
    protocol,
    ...way,
    baseUrl: protocol === 'openai' ? `${mock.url}/v1` : mock.url,
    model: 'gpt-4o-mini',
    apiKey: 'mock-key',
  });
  const records: RequestRecord[] = [];
  const runtime = {
    clock: new ScaledClock(new SystemClock(), SPEED),
    rng: createRng(1),
    stop: new RunStop(),
    turnstile: turnstile(),
    recorders: [{ record: (record: RequestRecord) => records.push(record) }],
  };
  const plan = {
    scenario,
    endpoint: { ...mock.endpoint, client },
    retry: sdkRetry(0),
    attemptTimeout: 2_000_000,
  };
  const stretch = {
    level: LEVEL,
    phase: 'measure',
    driver: pool(LEVEL),
    until: { requests: LEVEL },
  } as const;
  await runStretch(stretch, plan, runtime);
  return summarize(LEVEL, records);
};

describe('over sockets', () => {
  const cases = CLIENTS.flatMap((client) => [true, false].map((stream) => ({ ...client, stream })));
  for (const { stream, ...client } of cases) {
    const { protocol, kind, transport } = client;
    it(`every scenario that fits runs through ${protocol}, ${kind} over ${transport}, stream ${stream}`, async () => {
      const unfit: string[] = [];
      for (const scenario of SCENARIOS) {
        const summary = await run(streaming(scenario, stream), client).catch((error: unknown) => {
          if (!(error instanceof UsageError)) throw error;
          unfit.push(scenario.name);
          return undefined;
        });
        if (!summary) continue;
        expect([scenario.name, summary.failures]).toEqual([scenario.name, {}]);
        expect(summary.counts.ok).toBeGreaterThanOrEqual(LEVEL);
      }
      // Anthropic has no completions endpoint.
      expect(unfit).toEqual(client.protocol === 'openai' ? [] : ['three-prompts-completions']);
    });
  }
});
