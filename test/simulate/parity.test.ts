import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/core/call.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { type SimulatedRun, simulatedRun } from '../support/simulated-run.ts';

/**
 * What only a wire has: rate-limit headers, and the words of a failure; and where Anthropic's differs from OpenAI's, which the
 * direct client keeps to: its own status for overload, whether to retry, and no count or sight of reasoning. docs/metrics.md names them.
 */
const WIRE: Readonly<Record<'openai' | 'anthropic', ReadonlySet<string>>> = {
  openai: new Set(['message']),
  anthropic: new Set(['rateLimit', 'message', 'shouldRetry', 'reasoningTokens', 'firstReasoningAt']),
};

const withoutWire = (records: readonly RequestRecord[], client: keyof typeof WIRE): unknown =>
  JSON.parse(
    JSON.stringify(records, (key, value) => {
      if (WIRE[client].has(key)) return undefined;
      return client === 'anthropic' && key === 'status' && value === 529 ? 503 : value;
    }),
  );

/** The faults that strike alike: an Anthropic stream breaks with `overloaded_error`, and its reader waits for its last byte. */
const ALIKE = `faults=[${[
  'hang',
  'stall',
  'reset',
  'truncate',
  'garbage',
  'drip',
  'duplicate',
  'late-done',
  'close-early',
  'status',
]
  .map((kind) => `{kind: ${kind}, rate: 0.01, lasting: 3s}`)
  .join(', ')}]`;

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
  'episodes of overload': { profile: 'overloaded', levels: [30], requests: 200 },
  'reasoning before the answer': { profile: 'thinking', levels: [3], requests: 10, stream: true },
  'attempts that run out of time': {
    profile: 'g1',
    levels: [5],
    requests: 40,
    attemptTimeout: 3500,
    maxRetries: 2,
  },
};

const TOOLS = [
  {
    name: 'look',
    description: 'Looks things up',
    parameters: { type: 'object', properties: { at: { type: 'string' }, deep: { type: 'boolean' } } },
  },
  { name: 'count', parameters: { type: 'object', properties: { n: { type: 'integer', minimum: 12 } } } },
] as const;

/** What a call may ask for beside text. */
const WISHES: Readonly<Record<string, Partial<Call>>> = {
  'a tool that must be called': { tools: TOOLS, toolChoice: 'required' },
  'one tool of several': { tools: TOOLS, toolChoice: { name: 'count' } },
  'tools that need not be called': { tools: TOOLS },
  'no tool, though there are some': { tools: TOOLS, toolChoice: 'none' },
  'JSON that fits a schema': { responseFormat: { name: 'it', schema: TOOLS[0].parameters } },
  'any JSON': { responseFormat: 'json' },
  'some effort': { reasoning: { effort: 'low' }, maxTokens: 3000 },
  'another model': { model: 'gpt-5-mini' },
};

describe.each([false, true])('what a call asks for reaches the simulated mock (stream: %s)', (stream) => {
  it.each(Object.entries(WISHES))('%s', async (_name, call) => {
    const run: SimulatedRun = {
      profile: 'openai-tier-1',
      settings: ['output.toolCallShare=0.5'],
      levels: [6],
      requests: 40,
      stream,
      call,
    };
    const direct = await simulatedRun(run);
    const sdk = await simulatedRun({ ...run, client: 'openai' });
    expect(withoutWire(sdk.records, 'openai')).toEqual(withoutWire(direct.records, 'openai'));
    const plain = await simulatedRun({ ...run, call: {} });
    const size = ({ records }: typeof plain) =>
      records.map(({ usage }) => [usage?.inputTokens, usage?.outputTokens]);
    if (call.model === undefined) expect(size(direct)).not.toEqual(size(plain));
  });
});

describe.each(['openai', 'anthropic'] as const)(
  'the direct client and the real %s SDK in virtual time leave the same records',
  (client) => {
    it.each(Object.entries(CASES))('%s', async (_name, run) => {
      const alike = run.profile === 'flaky' && client === 'anthropic' ? { settings: [ALIKE] } : {};
      const direct = await simulatedRun({ ...run, ...alike, client: 'direct' });
      const sdk = await simulatedRun({ ...run, ...alike, client });
      expect(withoutWire(sdk.records, client)).toEqual(withoutWire(direct.records, client));
      expect(sdk.endedAt).toBe(direct.endedAt);
    });
  },
);

describe('where an Anthropic stream breaks or lingers', () => {
  const run = (fault: string): SimulatedRun => ({
    profile: 'paced',
    settings: [`faults=[{kind: ${fault}, lasting: 3s}]`],
    levels: [1],
    requests: 1,
    stream: true,
    maxRetries: 0,
    hop: { delay: 0, jitter: 0 },
  });
  const record = async (fault: string, client: 'direct' | 'anthropic') =>
    (await simulatedRun({ ...run(fault), client })).records[0];

  it('its SDK names an overloaded server, where OpenAI tells of an error', async () => {
    expect((await record('error', 'direct'))?.failure?.kind).toBe('server');
    expect((await record('error', 'anthropic'))?.failure?.kind).toBe('overloaded');
  });

  it('its SDK reads to the last byte, where OpenAI ends with a marker', async () => {
    const [direct, sdk] = [await record('late-end', 'direct'), await record('late-end', 'anthropic')];
    expect(sdk?.lastTokenAt).toBe(direct?.lastTokenAt);
    expect((sdk?.endedAt ?? 0) - (direct?.endedAt ?? 0)).toBe(3000);
  });
});

describe('a simulated run', () => {
  it.each(['direct', 'openai', 'anthropic'] as const)('is the same every time (%s)', async (client) => {
    const run: SimulatedRun = { profile: 'g1', levels: [5, 30], requests: 100, client };
    expect(JSON.stringify((await simulatedRun(run)).records)).toBe(
      JSON.stringify((await simulatedRun(run)).records),
    );
    expect(JSON.stringify((await simulatedRun({ ...run, seed: 2 })).records)).not.toBe(
      JSON.stringify((await simulatedRun(run)).records),
    );
  });

  it.each(['direct', 'openai'] as const)('that waits in vain says for what (%s)', async (client) => {
    const run: SimulatedRun = {
      profile: 'paced',
      settings: ['faults=[{kind: hang, indices: [1, 3]}]'],
      levels: [2],
      requests: 8,
      attemptTimeout: Number.POSITIVE_INFINITY,
      hop: { delay: 0, jitter: 0 },
      client,
    };
    await expect(simulatedRun(run)).rejects.toThrow(
      'virtual deadlock at 2360 ms: nothing is scheduled and the run has not finished; pending: requests measure 2 #1, measure 2 #3; the last attempt ended at 2360 ms',
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
