import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleepUntil } from '../../src/core/clock.ts';
import { createRng } from '../../src/core/rng.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';

const instants = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 });

describe('VirtualClock', () => {
  it('fires what was not cancelled once, ordered by deadline and then by when it was set', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), { maxLength: 60 }),
        async (timers) => {
          const clock = new VirtualClock();
          const fired: (readonly [at: number, number: number])[] = [];
          await clock.run(async () => {
            timers.forEach(([at, cancelled], number) => {
              const cancel = clock.schedule(at, () => fired.push([clock.now(), number]));
              if (cancelled) cancel();
            });
            await sleepUntil(clock, 51);
          });
          const expected = timers
            .map(([at, cancelled], number) => ({ at, cancelled, number }))
            .filter(({ cancelled }) => !cancelled)
            .sort((a, b) => a.at - b.at || a.number - b.number)
            .map(({ at, number }) => [at, number]);
          expect(fired).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never goes back, also when timers set timers', async () => {
    await fc.assert(
      fc.asyncProperty(instants, instants, async (first, second) => {
        const clock = new VirtualClock();
        const seen: number[] = [];
        await clock.run(async () => {
          await Promise.all(
            first.map(async (at, i) => {
              await sleepUntil(clock, at);
              seen.push(clock.now());
              await sleepUntil(clock, second[i] ?? 0);
              seen.push(clock.now());
            }),
          );
        });
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
        expect(clock.now()).toBe(Math.max(0, ...first, ...second.slice(0, first.length)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('Rng', () => {
  it('draws by labels, not by the order in which requests interleave', () => {
    const label = fc.oneof(fc.string(), fc.integer());
    fc.assert(
      fc.property(fc.integer(), fc.uniqueArray(label, { minLength: 1, maxLength: 20 }), (seed, labels) => {
        const forwards = createRng(seed);
        const backwards = createRng(seed);
        const one = labels.map((each) => forwards.fork(each).next());
        const other = [...labels].reverse().map((each) => backwards.fork(each).next());
        expect(other.reverse()).toEqual(one);
      }),
    );
  });
});
