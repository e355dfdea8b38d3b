import { describe, expect, it } from 'vitest';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import { LIMITERS, type LimiterName } from '../../src/load/limiters.ts';
import { runSweep, type SweepPlan } from '../../src/run/sweep.ts';
import { lab } from '../support/lab.ts';

const silent = { onCooldown() {}, onStretch() {}, onMeasured() {} };

const startsOf = async (limiter: LimiterName, changes: Partial<SweepPlan>, stopAt?: number) => {
  const bench = lab(() => ({ after: 1000 }), { levels: [4], requests: 12 });
  if (stopAt !== undefined)
    bench.clock.schedule(stopAt, () => bench.runtime.stop.abort(new BenchError(EXIT.interrupted, 'Ctrl-C')));
  await bench.clock.run(async () => {
    const plan = { ...bench.plan, driver: LIMITERS[limiter].create, ...changes };
    for await (const _outcome of runSweep(plan, bench.runtime, silent));
  });
  return bench.records
    .filter(({ phase }) => phase === 'measure')
    .map(({ index, scheduledAt }) => [index, scheduledAt]);
};

// Without a limit there are no slots to let in.
const limiters = (Object.keys(LIMITERS) as LimiterName[]).filter((name) => name !== 'unbounded');

describe.each(limiters)('%s', (limiter) => {
  it('lets its slots in one by one over the ramp, then keeps the level', async () => {
    expect(await startsOf(limiter, { ramp: 800 })).toEqual(
      [0, 200, 400, 600, 1000, 1200, 1400, 1600, 2000, 2200, 2400, 2600].map((at, index) => [index, at]),
    );
  });

  it('starts at once without a ramp', async () => {
    const starts = await startsOf(limiter, {});
    expect(starts.slice(0, 4)).toEqual([0, 1, 2, 3].map((index) => [index, 0]));
  });

  it('takes the latency of what ran before for a ramp', async () => {
    const starts = await startsOf(limiter, { ramp: 'auto', referenceRequests: 2 });
    expect(starts.slice(0, 5).map(([, at]) => at)).toEqual([2000, 2250, 2500, 2750, 3000]);
  });

  it('has no ramp where no latency is known yet', async () => {
    expect((await startsOf(limiter, { ramp: 'auto' })).slice(0, 4).map(([, at]) => at)).toEqual([0, 0, 0, 0]);
  });

  it('stopped in its ramp starts nothing more', async () => {
    const starts = await startsOf(limiter, { ramp: 8000 }, 3500);
    expect(starts.toSorted()).toEqual([
      [0, 0],
      [1, 1000],
      [2, 2000],
      [3, 2000],
      [4, 3000],
      [5, 3000],
    ]);
  });
});
