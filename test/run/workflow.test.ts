import { describe, expect, it } from 'vitest';
import { articleChain } from '../../scenarios/article-chain.ts';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import type { Failure } from '../../src/core/failure.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { pool } from '../../src/load/pool.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { runSweep } from '../../src/run/sweep.ts';
import { defineScenario, type Reply, type Workflow } from '../../src/workload/scenario.ts';
import { lab } from '../support/lab.ts';

const SECOND = 1000;
const noObserver = { onCooldown() {}, onStretch() {}, onMeasured() {} };
const call = (content: string) => ({
  messages: [{ role: 'user' as const, content }],
  maxTokens: 8,
  stream: false,
});

/** Runs a workflow in virtual time, every attempt taking a second unless the script says otherwise. */
const run = async (
  scenario: Workflow,
  options: Parameters<typeof lab>[1] & {
    readonly script?: Parameters<typeof lab>[0];
    readonly asPool?: boolean;
  } = {},
) => {
  const bench = lab(options.script ?? (() => ({ after: SECOND })), { requests: scenario.items, ...options });
  const plan = { ...bench.plan, scenario, ...(options.asPool ? { driver: pool } : {}) };
  await bench.clock.run(async () => {
    for await (const _outcome of runSweep(plan, bench.runtime, noObserver));
  });
  return { ...bench, endedAt: bench.clock.now() };
};

/** Two calls side by side, then a third. */
const diamond = defineScenario({
  name: 'diamond',
  description: 'two independent steps, then one over both',
  items: 1,
  async run(item, ask) {
    await Promise.all([ask(call(`a${item}`), { step: 'a' }), ask(call(`b${item}`), { step: 'b' })]);
    await ask(call(`c${item}`), { step: 'c' });
  },
});

const key = ({ item, step }: RequestRecord) => `${item} ${step}`;

describe('a workflow', () => {
  it('takes 8 s instead of 12 where two of its three steps are independent', async () => {
    const slow = { script: () => ({ after: 4 * SECOND }) };
    expect((await run(diamond, { ...slow, levels: [1] })).endedAt).toBe(12 * SECOND);
    expect((await run(diamond, { ...slow, levels: [2] })).endedAt).toBe(8 * SECOND);
  });

  it('has five calls and three round trips for an article, at any level', async () => {
    for (const level of [1, 3, 20, 100]) {
      const { records, client } = await run(articleChain, { levels: [level], requests: 6 });
      const { items } = summarize(level, records);
      expect(items?.counts).toEqual({ items: 6, ok: 6, failed: 0, cancelled: 0 });
      expect([items?.calls?.min, items?.calls?.max]).toEqual([5, 5]);
      expect([items?.roundTrips?.min, items?.roundTrips?.max]).toEqual([3, 3]);
      expect(items?.criticalPathMs?.mean).toBe(3 * SECOND);
      expect(client.maxOpen()).toBeLessThanOrEqual(level);
    }
  });

  it('reports how much faster an item is than its calls one after another', async () => {
    const alone = await run(articleChain, { levels: [3], requests: 1 });
    expect(summarize(3, alone.records).items?.speedUp).toBe(5 / 3);
  });

  it('keeps calls in flight, not items, at the level, and opens no more items than that', async () => {
    for (const asPool of [false, true]) {
      let open = 0;
      let most = 0;
      const counted: Workflow = {
        ...diamond,
        items: 12,
        async run(item, ask) {
          most = Math.max(most, ++open);
          await diamond.run(item, ask);
          open--;
        },
      };
      const { client, records } = await run(counted, { levels: [4], asPool });
      expect(most).toBeLessThanOrEqual(4);
      expect(client.maxOpen()).toBe(4);
      expect(new Set(records.map(key)).size).toBe(36);
    }
  });

  it('goes on with what is open before it opens another item', async () => {
    const { records } = await run({ ...diamond, items: 3 }, { levels: [2] });
    const inOrder = records.toSorted((a, b) => a.index - b.index).map(key);
    expect(inOrder).toEqual(['0 a', '0 b', '0 c', '1 a', '1 b', '2 a', '2 b', '1 c', '2 c']);
  });

  it('sends the same call with the same chance under an item and step at every level', async () => {
    const draws = new Map<string, number[]>();
    const drawing: Workflow = {
      ...diamond,
      items: 4,
      run(item, ask, rng) {
        draws.set(`${item}`, [...(draws.get(`${item}`) ?? []), rng.next()]);
        return diamond.run(item, ask);
      },
    };
    const tags: string[] = [];
    const bench = lab(() => ({ after: SECOND }), { levels: [1, 5], requests: 4 });
    const endpoint = {
      ...bench.plan.endpoint,
      tag: ({ level, index }: { readonly level: number; readonly index: number }) => {
        tags.push(`${level} ${index}`);
        return {};
      },
    };
    await bench.clock.run(async () => {
      for await (const _outcome of runSweep(
        { ...bench.plan, scenario: drawing, endpoint },
        bench.runtime,
        noObserver,
      ));
    });
    for (const [first, ...others] of draws.values()) expect(others).toEqual([first]);
    const at = (level: number) =>
      tags.filter((tag) => tag.startsWith(`${level} `)).map((tag) => tag.split(' ')[1]);
    expect(new Set(at(1)).size).toBe(12);
    expect(at(5).toSorted()).toEqual(at(1).toSorted());
  });

  it('is told the text of an answer, and tells steps of one name apart', async () => {
    const seen: string[] = [];
    const echo: Workflow = {
      name: 'echo',
      description: 'asks twice',
      items: 1,
      async run(_item, ask) {
        for (let turn = 0; turn < 2; turn++) {
          const reply = await ask(call('say'));
          seen.push(reply.ok ? reply.text : reply.failure.kind);
        }
      },
    };
    const { records } = await run(echo, {
      script: () => ({
        after: SECOND,
        events: [
          { type: 'answer', text: 'hello' },
          { type: 'finish', reason: 'stop' },
        ],
      }),
    });
    expect(seen).toEqual(['hello', 'hello']);
    expect(records.map(({ step }) => step)).toEqual(['call', 'call 2']);
  });

  it('is told of a failure as a value, and may give the item up', async () => {
    const failure: Failure = { kind: 'rejected', message: '400 no', status: 400 };
    const replies: Reply[] = [];
    const throwing: Workflow = {
      ...diamond,
      items: 2,
      async run(item, ask) {
        const reply = await ask(call(`x${item}`));
        replies.push(reply);
        if (!reply.ok) throw new Error('given up');
        await ask(call(`y${item}`));
      },
    };
    const { records, runtime } = await run(throwing, {
      script: (attempt) => (attempt === 1 ? { after: SECOND, fail: failure } : { after: SECOND }),
      levels: [1],
    });
    expect(runtime.stop.reason).toBeUndefined();
    expect(replies.map(({ ok }) => ok)).toEqual([true, true]);
    expect(summarize(1, records).items?.counts).toMatchObject({ items: 2 });
  });

  it('that throws though nothing failed ends the run, and says where', async () => {
    const wrong: Workflow = {
      ...diamond,
      items: 3,
      async run(_item, ask) {
        await ask(call('x'));
        throw new TypeError('text is undefined');
      },
    };
    const { runtime, records } = await run(wrong, { levels: [2] });
    expect(runtime.stop.reason).toBeInstanceOf(BenchError);
    expect(runtime.stop.reason).toMatchObject({
      exitCode: EXIT.invalid,
      message: 'scenario diamond threw at item 0, though no call of it had failed: text is undefined',
    });
    expect(records.length).toBeLessThanOrEqual(2);
  });

  it('that is stopped lets go of every call that waits', async () => {
    const bench = lab(() => 'hang', { levels: [2], requests: 4 });
    const replies: string[] = [];
    const waiting: Workflow = {
      ...diamond,
      items: 4,
      async run(item, ask) {
        const all = await Promise.all([1, 2, 3].map((n) => ask(call(`${item} ${n}`), { step: `${n}` })));
        replies.push(...all.map((reply) => (reply.ok ? 'ok' : reply.failure.kind)));
      },
    };
    bench.clock.schedule(SECOND, () => bench.runtime.stop.abort(new BenchError(EXIT.interrupted, 'enough')));
    await bench.clock.run(async () => {
      for await (const _outcome of runSweep({ ...bench.plan, scenario: waiting }, bench.runtime, noObserver));
    });
    expect(replies.length % 3).toBe(0);
    expect(new Set(replies)).toEqual(new Set(['cancelled']));
    expect(bench.client.open()).toBe(0);
  });

  it('opens no item after its time is up, but finishes those that are open', async () => {
    const bench = lab(() => ({ after: SECOND }), { levels: [2] });
    const plan = { ...bench.plan, scenario: { ...diamond, items: 100 }, measure: { duration: 2.5 * SECOND } };
    await bench.clock.run(async () => {
      for await (const _outcome of runSweep(plan, bench.runtime, noObserver));
    });
    const { items } = summarize(2, bench.records);
    expect(items?.counts).toEqual({ items: 3, ok: 3, failed: 0, cancelled: 0 });
    expect(new Set(bench.records.map(key)).size).toBe(9);
  });
});
