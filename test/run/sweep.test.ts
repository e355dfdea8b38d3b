import { describe, expect, it } from 'vitest';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import type { Failure } from '../../src/core/failure.ts';
import { LIMITERS, type LimiterName } from '../../src/load/limiters.ts';
import type { EndpointCount } from '../../src/run/endpoint.ts';
import { type LevelOutcome, runSweep, type SweepObserver, type SweepPlan } from '../../src/run/sweep.ts';
import { type Lab, lab, oneCall } from '../support/lab.ts';
import type { Step } from '../support/scripted-client.ts';

const limited: Failure = { kind: 'rate-limited', message: 'slow down', status: 429, retryAfter: 50 };

/** Every fifth attempt is turned away, every seventh is slow. */
const uneven = (attempt: number): Step =>
  attempt % 5 === 4 ? { after: 10, fail: limited } : { after: attempt % 7 === 6 ? 250 : 100 };

/** Runs a sweep to its end; what began, and when, in order. */
const sweepIn = async (bench: Lab, changes: Partial<SweepPlan> = {}) => {
  const outcomes: LevelOutcome[] = [];
  const events: string[] = [];
  const note = (text: string) => events.push(`${bench.clock.now()}: ${text}`);
  const observer: SweepObserver = {
    onCooldown: (level, { wait }) => note(`cooldown of ${wait} before ${level}`),
    onStretch: (level, phase) => note(`${phase} at ${level}`),
    onMeasured: () => note('measured'),
  };
  await bench.clock.run(async () => {
    for await (const outcome of runSweep({ ...bench.plan, ...changes }, bench.runtime, observer))
      outcomes.push(outcome);
  });
  return { outcomes, events, records: bench.records, stop: bench.runtime.stop };
};

const stopAt = (bench: Lab, at: number) =>
  bench.clock.schedule(at, () => bench.runtime.stop.abort(new BenchError(EXIT.interrupted, 'interrupted')));

const tally = (bench: Lab, level: number, phase = 'measure') =>
  bench.records.filter((record) => record.level === level && record.phase === phase).length;

describe('a sweep', () => {
  it('runs the levels one after the other in the order given, each with exactly its requests', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [5, 1, 20], requests: 10 });
    const { outcomes, events } = await sweepIn(bench);
    expect(outcomes.map(({ level, complete }) => [level, complete])).toEqual([
      [5, true],
      [1, true],
      [20, true],
    ]);
    expect([5, 1, 20].map((level) => tally(bench, level))).toEqual([10, 10, 10]);
    expect(bench.records).toHaveLength(30);
    expect(events).toEqual([
      '0: measure at 5',
      '200: measured',
      '200: measure at 1',
      '1200: measured',
      '1200: measure at 20',
      '1300: measured',
    ]);
    for (const level of [5, 1, 20]) {
      const indices = bench.records.filter((record) => record.level === level).map(({ index }) => index);
      expect(indices.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, i) => i));
    }
  });

  it.each(Object.keys(LIMITERS) as LimiterName[])(
    'gives the same records byte for byte when run again, with %s',
    async (name) => {
      const once = async () => {
        const bench = lab(uneven, { levels: [3, 1, 8], requests: 25 });
        await sweepIn(bench, { driver: LIMITERS[name].create, warmup: { requests: 4 }, cooldown: 'auto' });
        return bench.records.map((record) => JSON.stringify(record)).join('\n');
      };
      const first = await once();
      expect(first.length).toBeGreaterThan(1000);
      expect(await once()).toBe(first);
    },
  );

  it('sends the same call under an index at every level, and the same chance', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [1, 4], requests: 6 });
    const draws = new Map<string, number[]>();
    await sweepIn(bench, {
      scenario: {
        ...oneCall,
        call(index, rng) {
          const seen = draws.get(`${index}`) ?? [];
          draws.set(`${index}`, [...seen, rng.next()]);
          return oneCall.call(index);
        },
      },
    });
    expect(draws.size).toBe(6);
    for (const [first, ...others] of draws.values()) expect(others).toEqual([first]);
    expect(new Set([...draws.values()].flat()).size).toBe(6);
  });

  it('leaves the warm-up out of the measured requests, and cools down before and after it but for the first', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [2, 4], requests: 4 });
    const { events, outcomes } = await sweepIn(bench, { warmup: { requests: 2 }, cooldown: 1000 });
    expect(events).toEqual([
      '0: warmup at 2', // nothing had been sent before
      '100: cooldown of 1000 before 2',
      '1100: measure at 2',
      '1300: measured',
      '1300: cooldown of 1000 before 4',
      '2300: warmup at 4',
      '2400: cooldown of 1000 before 4',
      '3400: measure at 4',
      '3500: measured',
    ]);
    for (const level of [2, 4]) {
      expect(tally(bench, level)).toBe(4);
      expect(tally(bench, level, 'warmup')).toBe(2);
    }
    expect(outcomes.map(({ cooldown }) => cooldown)).toEqual(
      [1000, 2000].map((waitedMs) => ({ waitedMs, because: 'as asked for (--cooldown)' })),
    );
  });

  it('cools down before the first level only where something was sent before it', async () => {
    const options = { levels: [4], requests: 4 };
    const fresh = await sweepIn(
      lab(() => ({ after: 100 }), options),
      { cooldown: 1000 },
    );
    expect(fresh.events).toEqual(['0: measure at 4', '100: measured']);
    expect(fresh.outcomes[0]?.cooldown).toEqual({ waitedMs: 0, because: 'nothing had been sent before' });
    const used = await sweepIn(
      lab(() => ({ after: 100 }), options),
      { cooldown: 1000, referenceRequests: 1 },
    );
    expect(used.events.slice(1)).toEqual([
      '100: cooldown of 1000 before 4',
      '1100: measure at 4',
      '1200: measured',
    ]);
    expect(used.outcomes[0]?.cooldown).toEqual({ waitedMs: 1000, because: 'as asked for (--cooldown)' });
  });

  it('can warm up for a time', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [2], requests: 4 });
    await sweepIn(bench, { warmup: { duration: 250 } });
    expect(tally(bench, 2, 'warmup')).toBe(6); // started at 0, 100 and 200
  });

  it('measures a reference in sequence where it is asked for, and none otherwise', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [4], requests: 4 });
    const { events } = await sweepIn(bench, { referenceRequests: 3 });
    expect(events.slice(0, 2)).toEqual(['0: reference at 1', '300: measure at 4']);
    const reference = bench.records.filter(({ phase }) => phase === 'reference');
    expect(reference.map(({ level, startedAt }) => [level, startedAt])).toEqual([
      [1, 0],
      [1, 100],
      [1, 200],
    ]);
    const without = lab(() => ({ after: 100 }), { levels: [1, 4], requests: 4 });
    expect((await sweepIn(without)).events[0]).toBe('0: measure at 1');
  });

  it('starts nothing after the duration and waits for what is open', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [2] });
    const { outcomes, events } = await sweepIn(bench, { measure: { duration: 250 } });
    expect(bench.records.map(({ startedAt }) => startedAt)).toEqual([0, 0, 100, 100, 200, 200]);
    expect(events.at(-1)).toBe('300: measured');
    expect(outcomes[0]?.complete).toBe(true);
  });

  it('starts nothing at the very instant at which the duration ends', async () => {
    const bench = lab(() => ({ after: 100 }));
    await sweepIn(bench, { measure: { duration: 200 } });
    expect(bench.records).toHaveLength(2);
  });

  it('stops at whichever comes first, number or time', async () => {
    for (const [measure, started] of [
      [{ requests: 3, duration: 60_000 }, 3],
      [{ requests: 300, duration: 150 }, 4],
    ] as const) {
      const bench = lab(() => ({ after: 100 }), { levels: [2] });
      await sweepIn(bench, { measure });
      expect(bench.records).toHaveLength(started);
    }
  });

  it('counts the duration of each level from its own start', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [1, 2] });
    await sweepIn(bench, { measure: { duration: 200 }, cooldown: 5000 });
    expect([tally(bench, 1), tally(bench, 2)]).toEqual([2, 4]);
  });

  it('yields the level it is stopped in as incomplete and starts no other', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [1, 4, 8], requests: 12 });
    stopAt(bench, 1350); // 150 into level 4
    const { outcomes, stop } = await sweepIn(bench);
    expect(outcomes.map(({ level, complete }) => [level, complete])).toEqual([
      [1, true],
      [4, false],
    ]);
    const cut = bench.records.filter(({ level }) => level === 4);
    expect(cut.map(({ outcome, endedAt }) => [outcome, endedAt])).toEqual([
      ...Array(4).fill(['ok', 1300]),
      ...Array(4).fill(['cancelled', 1350]),
    ]);
    expect(tally(bench, 8)).toBe(0);
    expect(stop.reason?.exitCode).toBe(EXIT.interrupted);
    expect(bench.client.open()).toBe(0);
  });

  it.each([
    ['the reference', 50, { referenceRequests: 5 }],
    ['the cool-down', 550, { referenceRequests: 1, cooldown: 1000 }], // 100 to 1100
    ['the warm-up', 50, { cooldown: 1000, warmup: { requests: 9 } }], // 0 to 900
    [
      'the warm-up after a cool-down',
      1150,
      { referenceRequests: 1, cooldown: 1000, warmup: { requests: 9 } },
    ],
    ['the cool-down after the warm-up', 1500, { cooldown: 1000, warmup: { requests: 9 } }], // 900 to 1900
  ] as const)('stopped in %s measures nothing and yields nothing', async (_when, at, changes) => {
    const bench = lab(() => ({ after: 100 }), { levels: [1, 4], requests: 12 });
    stopAt(bench, at);
    const { outcomes } = await sweepIn(bench, changes);
    expect(outcomes).toEqual([]);
    expect(bench.records.filter(({ phase }) => phase === 'measure')).toEqual([]);
    expect(bench.clock.now()).toBe(at);
  });

  it('stopped in the cool-down between two levels yields the first only', async () => {
    const bench = lab(() => ({ after: 100 }), { levels: [1, 4], requests: 12 });
    stopAt(bench, 1700);
    const { outcomes } = await sweepIn(bench, { cooldown: 1000 });
    expect(outcomes.map(({ level, complete }) => [level, complete])).toEqual([[1, true]]);
    expect(bench.records).toHaveLength(12);
    expect(bench.clock.now()).toBe(1700);
  });

  it('that was stopped before it began does nothing', async () => {
    const bench = lab(() => ({ after: 100 }));
    bench.runtime.stop.abort(new BenchError(EXIT.interrupted, 'interrupted'));
    expect(await sweepIn(bench, { referenceRequests: 5 })).toMatchObject({ outcomes: [], events: [] });
    expect(bench.client.attempts()).toBe(0);
  });

  it('ends where every further request would fail alike, with what has completed', async () => {
    const refused: Failure = { kind: 'unauthorized', message: 'no', status: 401 };
    const bench = lab((attempt) => ({ after: 100, ...(attempt >= 15 ? { fail: refused } : {}) }), {
      levels: [1, 4],
      requests: 12,
    });
    const { outcomes, stop } = await sweepIn(bench);
    expect(outcomes.map(({ level, complete }) => [level, complete])).toEqual([
      [1, true],
      [4, false],
    ]);
    expect(stop.reason?.exitCode).toBe(EXIT.target);
    expect(bench.records.filter(({ outcome }) => outcome === 'ok')).toHaveLength(15);
  });

  it('asks the endpoint for its count of complete levels only', async () => {
    const asked: number[] = [];
    const count = async (level: number): Promise<EndpointCount> => {
      asked.push(level);
      return { attempts: 12, ok: 12, rateLimited: 0, latenessP99RealMs: level };
    };
    const bench = lab(() => ({ after: 100 }), { levels: [1, 4, 8], requests: 12 });
    stopAt(bench, 1550); // level 8 has not got anywhere yet
    const { outcomes } = await sweepIn(bench, { endpoint: { client: bench.client, count } });
    expect(asked).toEqual([1, 4]);
    expect(outcomes.map(({ level, count: known }) => [level, known?.latenessP99RealMs])).toEqual([
      [1, 1],
      [4, 4],
      [8, undefined],
    ]);
  });

  it('names every attempt to an endpoint that keeps books', async () => {
    const tags: string[] = [];
    const bench = lab((attempt) => ({ after: 100, ...(attempt === 0 ? { fail: limited } : {}) }), {
      levels: [2],
      requests: 2,
    });
    const tag = (of: { level: number; phase: string; index: number; attempt: number }) => {
      tags.push(`${of.phase} ${of.level} #${of.index}.${of.attempt}`);
      return {};
    };
    await sweepIn(bench, { endpoint: { client: bench.client, tag }, warmup: { requests: 1 } });
    expect(tags).toEqual(['warmup 2 #0.0', 'warmup 2 #0.1', 'measure 2 #0.0', 'measure 2 #1.0']);
  });
});
