import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/core/record.ts';
import { type SimulatedRun, simulatedRun } from '../support/simulated-run.ts';

/** What only a wire has: rate-limit headers, and the words of a failure. docs/metrics.md names these fields. */
const withoutWire = (records: readonly RequestRecord[]): unknown =>
  JSON.parse(
    JSON.stringify(records, (key, value) => (key === 'rateLimit' || key === 'message' ? undefined : value)),
  );

const CASES: Readonly<Record<string, SimulatedRun>> = {
  'whole answers below the limit': { profile: 'g1', levels: [1, 5], requests: 40 },
  'whole answers above the limit': { profile: 'g1', levels: [30, 50], requests: 150 },
  'streams below the limit': { profile: 'medium', levels: [4], requests: 30, stream: true },
  'streams above the limit': { profile: 'g1', levels: [40], requests: 120, stream: true },
  'token limits': { profile: 'openai-tier-1', levels: [20], requests: 200 },
  'a queue instead of refusals': { profile: 'small-server', levels: [24], requests: 80 },
  'faults of every kind': { profile: 'flaky', levels: [8], requests: 300, attemptTimeout: 20_000 },
  'faults of every kind in streams': {
    profile: 'flaky',
    levels: [8],
    requests: 300,
    stream: true,
    attemptTimeout: 20_000,
  },
  'attempts that run out of time': {
    profile: 'g1',
    levels: [5],
    requests: 40,
    attemptTimeout: 3500,
    maxRetries: 2,
  },
};

describe('the direct client and the real SDK in virtual time leave the same records', () => {
  it.each(Object.entries(CASES))('%s', async (_name, run) => {
    const [direct, sdk] = [
      await simulatedRun({ ...run, client: 'direct' }),
      await simulatedRun({ ...run, client: 'sdk' }),
    ];
    expect(withoutWire(direct.records)).toEqual(withoutWire(sdk.records));
    expect(direct.endedAt).toBe(sdk.endedAt);
  });
});

describe('a simulated run', () => {
  it.each(['direct', 'sdk'] as const)('is the same every time (%s)', async (client) => {
    const run: SimulatedRun = { profile: 'g1', levels: [5, 30], requests: 100, client };
    expect(JSON.stringify((await simulatedRun(run)).records)).toBe(
      JSON.stringify((await simulatedRun(run)).records),
    );
    expect(JSON.stringify((await simulatedRun({ ...run, seed: 2 })).records)).not.toBe(
      JSON.stringify((await simulatedRun(run)).records),
    );
  });

  it('counts what its server counts', async () => {
    const { outcomes, levels } = await simulatedRun({
      profile: 'g1',
      levels: [1, 10, 30, 50],
      requests: 120,
    });
    for (const [at, { count }] of outcomes.entries()) {
      const counts = levels[at]?.counts;
      expect(count).toMatchObject({
        attempts: counts?.attempts,
        ok: counts?.ok,
        rateLimited: counts?.rateLimited,
      });
    }
  });

  it('gives the ideal wall-clock against constant latency and no network', async () => {
    const run = { profile: 'constant', settings: ['latency=250ms'], hop: { delay: 0, jitter: 0 } };
    for (const [level, requests] of [
      [1, 20],
      [5, 500],
      [20, 101],
      [50, 500],
    ] as const) {
      const { levels } = await simulatedRun({ ...run, levels: [level], requests });
      expect(levels[0]?.wallClockMs).toBeCloseTo(Math.ceil(requests / level) * 250, 6);
    }
  });
});
