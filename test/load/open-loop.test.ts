import { describe, expect, it } from 'vitest';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import { ARRIVALS } from '../../src/load/arrivals.ts';
import { openLoop } from '../../src/load/open-loop.ts';
import { summarize } from '../../src/measure/summarize.ts';
import { Spending } from '../../src/run/spending.ts';
import { runSweep, type SweepPlan } from '../../src/run/sweep.ts';
import { type Lab, lab } from '../support/lab.ts';
import type { Step } from '../support/scripted-client.ts';

const silent = { onCooldown() {}, onStretch() {}, onMeasured() {} };

/** Runs an open loop of even arrivals in virtual time. */
const openRun = async (
  bench: Lab,
  {
    rates = [10],
    maxInFlight = 1000,
    ...changes
  }: Partial<SweepPlan> & { rates?: readonly number[]; maxInFlight?: number },
) => {
  const { clock, runtime } = bench;
  const plan: SweepPlan = {
    ...bench.plan,
    levels: rates,
    load: 'open',
    driver: (perSecond) =>
      openLoop({
        clock,
        signal: runtime.stop.signal,
        arrivals: ARRIVALS.constant.create({
          perSecond,
          rng: runtime.rng,
          burstiness: 1,
          stages: [],
          trace: [],
        }),
        duration: changes.measure?.duration ?? Number.POSITIVE_INFINITY,
        maxInFlight,
      }),
    ...changes,
  };
  await clock.run(async () => {
    for await (const _outcome of runSweep(plan, runtime, silent));
  });
  return (rate: number) => summarize(rate, bench.records, { load: 'open' });
};

describe('an open loop', () => {
  it('starts on its schedule whatever the server does', async () => {
    const bench = lab((attempt) => ({ after: attempt === 0 ? 10_000 : 100 }));
    await openRun(bench, { measure: { requests: 20 } });
    const byIndex = bench.records.toSorted((a, b) => a.index - b.index);
    expect(byIndex.map(({ scheduledAt }) => scheduledAt)).toEqual(
      Array.from({ length: 20 }, (_, i) => i * 100),
    );
    for (const { startedAt, scheduledAt } of byIndex) expect(startedAt).toBe(scheduledAt);
  });

  it('drops what finds too many open, counts it, and moves nothing', async () => {
    const bench = lab(() => ({ after: 1000 }));
    const summary = (await openRun(bench, { measure: { requests: 40 }, maxInFlight: 5 }))(10);
    expect(summary.counts).toMatchObject({ requests: 40, ok: 20, dropped: 20 });
    expect(summary.inFlight.max).toBe(5);
    expect(summary.arrivals).toEqual({
      offeredPerSecond: expect.closeTo(10, 9),
      lateStarts: 0,
      maxLatenessMs: 0,
      dropped: 20,
    });
    const dropped = bench.records.filter(({ outcome }) => outcome === 'dropped');
    expect(dropped[0]).toMatchObject({
      index: 5,
      scheduledAt: 500,
      startedAt: 500,
      endedAt: 500,
      attempts: [],
    });
  });

  it('counts a start that was late, and measures it from the intended instant', async () => {
    const bench = lab(() => ({ after: 100 }));
    // The process is busy elsewhere from 1000 to 1400: every start due in between leaves then.
    const { runtime, clock } = bench;
    const turnstile = {
      ...runtime.turnstile,
      async start() {
        const now = clock.now();
        if (now > 1000 && now < 1400)
          await new Promise<void>((resolve) => {
            clock.schedule(1400, () => resolve());
          });
      },
    };
    const late = { ...bench, runtime: { ...runtime, turnstile } };
    const summary = (await openRun(late, { measure: { requests: 30 } }))(10);
    expect(summary.arrivals).toMatchObject({ lateStarts: 3, maxLatenessMs: 300 });
    expect(summary.metrics.serviceTime?.max).toBe(100);
    expect(summary.metrics.responseTime?.max).toBe(400);
  });

  it('ends after its duration, and waits for what is open', async () => {
    const bench = lab(() => ({ after: 5000 }));
    await openRun(bench, { measure: { duration: 1000 } });
    expect(bench.records).toHaveLength(10); // at 0, 100 … 900
    expect(bench.clock.now()).toBe(5900);
  });

  it('sends nothing that its spending cap does not bear, and ends there', async () => {
    const bench = lab(() => ({ after: 400 }), { requests: 100 });
    // The lab's calls allow 8 tokens and answer with 5: 0.08 USD at most, 0.05 in fact. At 10/s four are open at once.
    const spending = new Spending(() => ({ input: 0, output: 1e4 }), 1);
    const runtime = { ...bench.runtime, spending };
    await openRun({ ...bench, runtime }, { measure: { requests: 100 } });
    const costs = bench.records.flatMap(({ attempts }) => attempts.map(({ costUsd = 0 }) => costUsd));
    const spent = costs.reduce((sum, cost) => sum + cost, 0);
    expect(spent).toBeLessThanOrEqual(1);
    expect(spent).toBeGreaterThan(1 - 5 * 0.08);
    expect(bench.client.attempts()).toBe(costs.length);
    expect(runtime.stop.reason?.exitCode).toBe(EXIT.cost);
  });

  it('ends at once where it is stopped', async () => {
    const bench = lab(() => ({ after: 100 }));
    bench.clock.schedule(450, () => bench.runtime.stop.abort(new BenchError(EXIT.interrupted, 'Ctrl-C')));
    await openRun(bench, { measure: { requests: 100 } });
    expect(bench.records).toHaveLength(5);
    expect(bench.clock.now()).toBe(450);
  });

  it('compares rates as levels, each with its own schedule', async () => {
    const bench = lab(() => ({ after: 200 }));
    const summaryOf = await openRun(bench, { rates: [2.5, 10], measure: { requests: 50 } });
    for (const rate of [2.5, 10]) {
      const { steady, load, slotTime } = summaryOf(rate);
      expect(load).toBe('open');
      expect(steady?.method).toBe('window');
      expect(steady?.perSecond ?? 0).toBeCloseTo(rate, 0);
      expect(slotTime.idleMs).toBe(0);
    }
  });
});

describe('coordinated omission', () => {
  /** One call takes 0.1 s; a server that freezes for 15 s every 120 s answers nothing meanwhile. */
  const freezing = (now: number): Step => {
    const phase = (now + 60_000) % 120_000;
    const thawsIn = phase < 15_000 ? 15_000 - phase : 0;
    return { after: thawsIn + 100 };
  };
  const measured = { requests: 8000 };

  it('hides a freeze in a closed loop and shows it in an open one', async () => {
    const closed: Lab = lab(() => freezing(closed.clock.now()), { levels: [2], requests: 8000 });
    await closed.clock.run(async () => {
      for await (const _outcome of runSweep(closed.plan, closed.runtime, silent));
    });
    const open: Lab = lab(() => freezing(open.clock.now()));
    const opened = (await openRun(open, { rates: [18], measure: measured }))(18); // 90 % of what the closed loop can
    const waited = summarize(2, closed.records).metrics;
    // Twelve and a half per cent of the time nothing answers. The closed loop stops asking, so hardly any call has seen it.
    expect(waited.responseTime?.p95).toBe(100);
    expect(opened.metrics.responseTime?.p95).toBeGreaterThan(7000);
    expect(opened.metrics.responseTime?.p99 ?? 0).toBeGreaterThan(12_000);
  });
});
