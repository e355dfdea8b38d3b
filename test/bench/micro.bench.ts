/** What limiters themselves cost: nanoseconds per acquire and release with 1, 50 and 10,000 waiting. */
import { Bench } from 'tinybench';
import type { KnownLimit } from '../../src/core/known-limit.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng } from '../../src/core/rng.ts';
import { VirtualClock } from '../../src/core/virtual-clock.ts';
import { LIMITERS } from '../../src/load/limiters.ts';
import { createPace, PACERS, type PacerName } from '../../src/load/pacers.ts';

const WAITERS = [1, 50, 10_000];
const rng = createRng(1);
const done = {} as RequestRecord;
const limits: readonly KnownLimit[] = [{ name: 'requests', perSecond: 1e9, burst: 1, source: 'options' }];

/** A batch that ends at once, through one slot: everyone else waits. */
const throughLimiter = async (
  create: (level: number) => { run(context: object): Promise<void> },
  waiters: number,
) => {
  let claimed = 0;
  await create(1).run({
    claim: () => (claimed < waiters ? { index: claimed++, scheduledAt: 0 } : undefined),
    issue: async () => done,
  });
};

const throughPacer = async (name: PacerName, waiters: number) => {
  const clock = new VirtualClock(0, { promisesOnly: true });
  const pace = createPace([name], { limits, share: 1, spread: 0 }, clock);
  const { signal } = new AbortController();
  await clock.run(async () => {
    const all: unknown[] = [];
    for (let i = 0; i < waiters; i++) {
      const departure = { demand: { inputTokens: 10, maxTokens: 10 }, rng };
      const held = pace?.admit(departure, signal);
      all.push(held);
      if (name === 'headers' && i === 0) {
        pace?.ended(departure, { startedAt: 0, headersAt: 0, endedAt: 0, status: 200 }, undefined);
      }
    }
    await Promise.all(all);
  });
};

for (const waiters of WAITERS) {
  const bench = new Bench({ time: 200, warmupTime: 50, throws: true });
  for (const [name, { create }] of Object.entries(LIMITERS))
    bench.add(name, () => throughLimiter(create as never, waiters));
  for (const name of Object.keys(PACERS) as PacerName[]) bench.add(name, () => throughPacer(name, waiters));
  const tasks = await bench.run();
  console.log(`\n${waiters.toLocaleString('en-US')} waiting`);
  for (const { name, result } of tasks) {
    const perOne = result.state === 'completed' ? (result.latency.p50 * 1e6) / waiters : Number.NaN;
    console.log(
      `  ${name.padEnd(14)} ${Math.round(perOne).toLocaleString('en-US').padStart(9)} ns per acquire and release`,
    );
  }
}
