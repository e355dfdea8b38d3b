import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleep, sleepUntil } from '../../src/core/clock.ts';
import type { AttemptRecord, RequestRecord } from '../../src/core/record.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import { aimdLimit } from '../../src/load/aimd.ts';
import type { LevelContext, Slot } from '../../src/load/driver.ts';
import { gradient2Limit } from '../../src/load/gradient2.ts';
import { LIMITERS, type Limiter } from '../../src/load/limiters.ts';
import { ramped } from '../../src/load/ramp.ts';
import { vegasLimit } from '../../src/load/vegas.ts';

const done = {} as RequestRecord;

/** Runs a limiter over tasks of given lengths and watches what is open. */
const observe = async (
  create: (level: number) => { run(context: LevelContext): Promise<void> },
  level: number,
  lengths: readonly number[],
) => {
  const clock = new VirtualClock();
  const started: number[] = [];
  let open = 0;
  let maxOpen = 0;
  let idleWhileWorkWasLeft = 0;
  let claimed = 0;
  await clock.run(() =>
    create(level).run({
      claim: () => (claimed < lengths.length ? { index: claimed++, scheduledAt: clock.now() } : undefined),
      async issue({ index, scheduledAt }: Slot) {
        expect(scheduledAt).toBe(clock.now());
        started.push(index);
        open++;
        maxOpen = Math.max(maxOpen, open);
        await sleep(clock, lengths[index] ?? 0);
        // One turn later the slot must have been taken over, if there was anything to take.
        if (claimed < lengths.length && open < Math.min(level, lengths.length)) idleWhileWorkWasLeft++;
        open--;
        return done;
      },
    }),
  );
  return { started, maxOpen, idleWhileWorkWasLeft, openAtEnd: open, makespan: clock.now() };
};

const all = Object.entries(LIMITERS).map(([name, limiter]): readonly [string, Limiter] => [name, limiter]);
/** Those that keep the level in flight, no more and no less. */
const keeping = all.filter(([, { adapts, unbounded }]) => !adapts && !unbounded);
const bounded = all.filter(([, { unbounded }]) => !unbounded);

describe.each(all)('limiter %s', (_name, { create, unbounded }) => {
  it('does each task once, in order, with never more than the level in flight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 0, maxLength: 40 }),
        async (level, lengths) => {
          const seen = await observe(create, level, lengths);
          expect(seen.started).toEqual(lengths.map((_, index) => index));
          expect(seen.maxOpen).toBeLessThanOrEqual(unbounded ? lengths.length : level);
          expect(seen.openAtEnd).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('frees its slot on failure as on success, and goes on', async () => {
    let claimed = 0;
    let finished = 0;
    const driver = create(2);
    await driver.run({
      claim: () => (claimed < 50 ? { index: claimed++, scheduledAt: 0 } : undefined),
      async issue() {
        await Promise.resolve();
        driver.onAttempt?.({
          startedAt: 0,
          endedAt: 80,
          status: 429,
          failure: { kind: 'rate-limited', message: '', status: 429 },
        });
        finished++;
        return done;
      },
    });
    expect(finished).toBe(50);
  });

  it('surfaces a claim that fails instead of hanging', async () => {
    const run = create(3).run({
      claim: () => Promise.reject(new Error('no more')),
      issue: async () => done,
    });
    await expect(run).rejects.toThrow('no more');
  });

  it('surfaces a bug in the work instead of hanging', async () => {
    let claimed = 0;
    const run = create(3).run({
      claim: () => (claimed < 10 ? { index: claimed++, scheduledAt: 0 } : undefined),
      issue: async ({ index }) => {
        if (index === 4) throw new Error('bug');
        return done;
      },
    });
    await expect(run).rejects.toThrow('bug');
  });
});

describe.each(keeping)('limiter %s', (_name, { create }) => {
  it('keeps exactly the level in flight while work is left, and does each task once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 0, maxLength: 40 }),
        async (level, lengths) => {
          const seen = await observe(create, level, lengths);
          expect(seen.started).toEqual(lengths.map((_, index) => index));
          expect(seen.maxOpen).toBe(Math.min(level, lengths.length));
          expect(seen.idleWhileWorkWasLeft).toBe(0);
          expect(seen.openAtEnd).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('needs ceil(n / level) rounds of equal tasks, no more', async () => {
    for (const [level, n] of [
      [1, 7],
      [5, 500],
      [20, 101],
      [50, 50],
    ] as const) {
      const { makespan } = await observe(create, level, Array(n).fill(100));
      expect(makespan).toBe(Math.ceil(n / level) * 100);
    }
  });

  it('starts the whole level at once', async () => {
    const clock = new VirtualClock();
    const startedAt: number[] = [];
    let claimed = 0;
    await clock.run(() =>
      create(50).run({
        claim: () => (claimed < 50 ? { index: claimed++, scheduledAt: clock.now() } : undefined),
        async issue() {
          startedAt.push(clock.now());
          await sleep(clock, 1000);
          return done;
        },
      }),
    );
    expect(startedAt).toEqual(Array(50).fill(0));
  });

  it('waits for work that comes later, and ends when none comes any more', async () => {
    const clock = new VirtualClock();
    const started: (readonly [index: number, at: number])[] = [];
    let claimed = 0;
    let open = 0;
    let maxOpen = 0;
    await clock.run(() =>
      create(2).run({
        // One item every 100 ms; each takes 250 ms, so two slots cannot keep up.
        async claim() {
          const index = claimed++;
          if (index >= 6) return undefined;
          await sleepUntil(clock, index * 100);
          return { index, scheduledAt: clock.now() };
        },
        async issue({ index }) {
          maxOpen = Math.max(maxOpen, ++open);
          started.push([index, clock.now()]);
          await sleep(clock, 250);
          open--;
          return done;
        },
      }),
    );
    expect(started).toEqual([
      [0, 0],
      [1, 100],
      [2, 250],
      [3, 350],
      [4, 500],
      [5, 600],
    ]);
    expect(maxOpen).toBe(2);
    expect(open).toBe(0);
  });
});

describe.each(bounded)('limiter %s', (_name, { create }) => {
  it('keeps its memory bounded by the level, not by the work', async () => {
    let claimed = 0;
    let ahead = 0;
    let finished = 0;
    await create(10).run({
      claim: () => (claimed < 20_000 ? { index: claimed++, scheduledAt: 0 } : undefined),
      async issue() {
        ahead = Math.max(ahead, claimed - finished);
        await Promise.resolve();
        finished++;
        return done;
      },
    });
    expect(finished).toBe(20_000);
    expect(ahead).toBeLessThanOrEqual(20);
  });
});

describe('limiters that learn', () => {
  const attempt = (latency: number, kind?: 'rate-limited'): AttemptRecord => ({
    startedAt: 0,
    endedAt: latency,
    ...(kind ? { failure: { kind, message: '', status: 429 } } : { status: 200 }),
  });

  it('AIMD doubles every round until the first refusal, then climbs by one a round and is cut by a tenth', () => {
    const limit = aimdLimit();
    const ok = { latency: 100, dropped: false, inFlight: 9 };
    expect(limit.after(8, ok)).toBe(9);
    expect(limit.after(20, { ...ok, dropped: true })).toBe(18);
    expect(limit.after(18, ok)).toBeCloseTo(18 + 1 / 18, 12);
  });

  it('Gradient2 grows while latency is steady, and shrinks when it jumps', () => {
    const limit = gradient2Limit();
    const steady = { latency: 1000, dropped: false, inFlight: 20 };
    expect(limit.after(20, steady)).toBeCloseTo(20.8, 9); // + 4, smoothed by a fifth
    for (let i = 0; i < 50; i++) limit.after(20, steady);
    expect(limit.after(20, { ...steady, latency: 4000 })).toBeLessThan(20);
    expect(limit.after(50, { ...steady, inFlight: 10 })).toBe(50); // half of it unused
  });

  it('Vegas grows while there is no queue, and shrinks when latency is far above the least', () => {
    const limit = vegasLimit();
    const call = (latency: number, from = 20) => limit.after(from, { latency, dropped: false, inFlight: 20 });
    expect(call(1000)).toBe(20); // the first is the least
    expect(call(1000)).toBe(26);
    expect(call(1150)).toBe(20); // a queue of three: as it should be
    expect(call(2000)).toBe(19);
  });

  it('hear of attempts through a ramp as well', () => {
    const heard: number[] = [];
    const driver = {
      ...LIMITERS.aimd.create(9),
      onAttempt: ({ endedAt }: AttemptRecord) => heard.push(endedAt),
    };
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    ramped(driver, { clock, signal, slots: 9, over: 100 }).onAttempt?.(attempt(7));
    expect(heard).toEqual([7]);
  });

  it('lets in at once what a raised limit allows', async () => {
    const clock = new VirtualClock();
    const driver = LIMITERS.aimd.create(100);
    let claimed = 0;
    let open = 0;
    let maxOpen = 0;
    await clock.run(() =>
      driver.run({
        claim: () => (claimed < 400 ? { index: claimed++, scheduledAt: clock.now() } : undefined),
        async issue() {
          maxOpen = Math.max(maxOpen, ++open);
          await sleep(clock, 100);
          driver.onAttempt?.(attempt(100));
          open--;
          return done;
        },
      }),
    );
    expect(maxOpen).toBe(100); // 4, 8, 16, 32, 64, 100
    expect(clock.now()).toBeLessThanOrEqual(900);
  });
});
