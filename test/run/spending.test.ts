import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/core/price.ts';
import { semaphore } from '../../src/load/semaphore.ts';
import { runStretch } from '../../src/run/level.ts';
import { Spending, worstCase } from '../../src/run/spending.ts';
import { lab } from '../support/lab.ts';
import type { Step } from '../support/scripted-client.ts';

const PRICE = { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 1.25 };
const LOST = { kind: 'truncated', message: 'cut off' } as const;
const REFUSED = { kind: 'rate-limited', message: 'slow', status: 429 } as const;
const call = (maxTokens: number) =>
  ({ messages: [{ role: 'user', content: 'twelve bytes' }], maxTokens, stream: false }) as const;

describe('a spending cap', () => {
  it('is never exceeded, whatever the answers cost, as long as they keep to their bounds', () => {
    const attempt = fc.record({
      maxTokens: fc.integer({ min: 1, max: 5000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      ok: fc.boolean(),
      cache: fc.boolean(),
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
          for (const { maxTokens, share, ok, cache } of attempts) {
            const hold = spending.hold(call(maxTokens));
            if (!hold) break;
            // A tokenizer never makes more tokens of a text than it has bytes.
            const usage = {
              inputTokens: Math.ceil(12 * share),
              outputTokens: Math.floor(maxTokens * share),
              ...(cache ? { cacheWriteTokens: Math.ceil(12 * share) } : {}),
            };
            truth += costOf(usage, PRICE);
            open.push(() => hold.settle(usage, ok ? undefined : LOST));
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
    expect(spending.hold(call(1000))?.settle({ inputTokens: 3, outputTokens: 0 }, LOST)).toBeCloseTo(3e-6);
    expect(spending.spent).toBeCloseTo(worst, 12);
  });

  it('counts in full what may have been charged though nobody told: no usage, or a request that was lost', () => {
    const worst = worstCase(call(1000), PRICE);
    const estimated = { inputTokens: 3, outputTokens: 1, estimated: true } as const;
    for (const [usage, failure] of [
      [estimated, undefined],
      [undefined, { kind: 'reset', message: 'ECONNRESET' }],
      [undefined, { kind: 'server', message: 'no', status: 500 }],
    ] as const) {
      const spending = new Spending(() => PRICE, 1);
      spending.hold(call(1000))?.settle(usage, failure);
      expect(spending.spent).toBeCloseTo(worst, 12);
    }
  });

  it('asks nothing of what has no price where there is no cap, and lets go of what a refusal did not cost', () => {
    const free = new Spending(() => undefined);
    expect(free.hold(call(1e9))?.settle({ inputTokens: 1, outputTokens: 1 }, undefined)).toBeUndefined();
    const spending = new Spending(() => PRICE, worstCase(call(1000), PRICE));
    for (let i = 0; i < 10; i++) expect(spending.hold(call(1000))?.settle(undefined, REFUSED)).toBe(0);
    expect(spending.exhausted).toBeUndefined();
  });

  it('lets nothing leave that has no price', () => {
    const spending = new Spending((model) => (model === 'dear' ? undefined : PRICE), 1);
    expect(spending.hold({ ...call(1), model: 'dear' })).toBeUndefined();
    expect(spending.exhausted?.message).toMatchInlineSnapshot(
      `"the spending cap of 1.00 USD cannot be kept: a call asks for dear, which has no price"`,
    );
  });

  it('takes the rates of the longest prompt that a call may be', () => {
    const tiered = { input: 1, output: 10, tiers: [{ above: 1000, input: 2, output: 15 }] };
    const long = { ...call(100), messages: [{ role: 'user', content: 'x'.repeat(1000) }] } as const;
    expect(costOf({ inputTokens: 1000, outputTokens: 100 }, tiered)).toBeCloseTo(2000e-6, 12);
    expect(costOf({ inputTokens: 1001, outputTokens: 100 }, tiered)).toBeCloseTo(3502e-6, 12);
    expect(worstCase(long, tiered)).toBeGreaterThan(3502e-6);
    expect(worstCase(call(100), tiered)).toBeLessThan(1100e-6);
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
      `"the spending cap of 7.60 USD is reached: 10 attempts have cost 6.25 USD; the next one could have cost up to 1.00 USD, beside up to 2.00 USD for those under way"`,
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
