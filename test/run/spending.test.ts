import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/core/price.ts';
import { semaphore } from '../../src/load/semaphore.ts';
import { runStretch } from '../../src/run/level.ts';
import { Spending, worstCase } from '../../src/run/spending.ts';
import { lab } from '../support/lab.ts';
import type { Step } from '../support/scripted-client.ts';

const PRICE = { input: 1, output: 10 };
const call = (maxTokens: number) =>
  ({ messages: [{ role: 'user', content: 'twelve bytes' }], maxTokens, stream: false }) as const;

describe('a spending cap', () => {
  it('is never exceeded, whatever the answers cost, as long as they keep to their bounds', () => {
    const attempt = fc.record({
      maxTokens: fc.integer({ min: 1, max: 5000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      ok: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(attempt),
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (attempts, level, cap) => {
          const spending = new Spending(() => PRICE, cap);
          const open: (() => void)[] = [];
          let truth = 0;
          for (const { maxTokens, share, ok } of attempts) {
            const hold = spending.hold(call(maxTokens));
            if (!hold) break;
            const usage = { inputTokens: 6, outputTokens: Math.floor(maxTokens * share) };
            truth += costOf(usage, PRICE);
            open.push(() => hold.settle(usage, ok));
            expect(truth).toBeLessThanOrEqual(cap + 1e-12);
            if (open.length >= level) open.shift()?.();
          }
        },
      ),
    );
  });

  it('counts an answer that was given up with all that it might have cost', () => {
    const spending = new Spending(() => PRICE, 1);
    const worst = worstCase(call(1000), PRICE);
    expect(spending.hold(call(1000))?.settle({ inputTokens: 3, outputTokens: 0 }, false)).toBeCloseTo(3e-6);
    expect(spending.spent).toBe(worst);
  });

  it('asks nothing of what has no price, and lets go of what an error did not cost', () => {
    const free = new Spending(() => undefined, 1);
    expect(free.hold(call(1e9))?.settle({ inputTokens: 1, outputTokens: 1 }, true)).toBeUndefined();
    const spending = new Spending(() => PRICE, worstCase(call(1000), PRICE));
    for (let i = 0; i < 10; i++) expect(spending.hold(call(1000))?.settle(undefined, false)).toBe(0);
    expect(spending.exhausted).toBeUndefined();
  });

  const stretch = async (level: number, cap: number, script: (attempt: number) => Step) => {
    const bench = lab(script, { requests: 100 });
    const spending = new Spending(() => ({ input: 0, output: 1e6 / 8 }), cap); // the lab's calls allow 8 tokens: 1 USD at most
    const { clock, plan, runtime, records } = bench;
    await clock.run(() =>
      runStretch({ level, phase: 'measure', driver: semaphore(level), until: plan.measure }, plan, {
        ...runtime,
        spending,
      }),
    );
    return { records, reason: runtime.stop.reason, attempts: bench.client.attempts() };
  };

  it('ends a run before the next attempt could exceed it, lets those under way finish, and says so', async () => {
    const { records, reason, attempts } = await stretch(3, 7.6, () => ({ after: 100 }));
    // Each answer costs 5/8 of what is set aside for it.
    expect(attempts).toBe(records.filter(({ outcome }) => outcome === 'ok').length);
    expect(records.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    const spent = records.reduce((sum, { attempts: [first] }) => sum + (first?.costUsd ?? 0), 0);
    expect(spent).toBeGreaterThan(7.6 - 3);
    expect(spent).toBeLessThanOrEqual(7.6);
    expect(reason?.exitCode).toBe(5);
    expect(reason?.message).toMatchInlineSnapshot(
      `"the spending cap of 7.60 USD is reached: 10 attempts have cost 6.25 USD, and the next one could cost up to 1.00 USD"`,
    );
  });

  it('holds for retries as well', async () => {
    const { records, reason, attempts } = await stretch(1, 2.5, (attempt) =>
      attempt % 2 === 0
        ? { after: 10, fail: { kind: 'rate-limited', message: 'slow', status: 429, retryAfter: 10 } }
        : { after: 10 },
    );
    expect(reason?.exitCode).toBe(5);
    expect(records.filter(({ outcome }) => outcome === 'ok')).toHaveLength(3);
    expect(attempts).toBe(6);
  });
});
