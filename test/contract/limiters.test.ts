import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleep, sleepUntil } from '../../src/core/clock.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import type { LevelContext, Slot } from '../../src/load/driver.ts';
import { LIMITERS } from '../../src/load/limiters.ts';

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

describe.each(Object.entries(LIMITERS))('limiter %s', (_name, { create }) => {
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
