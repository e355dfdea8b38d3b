import { describe, expect, it } from 'vitest';
import type { KnownLimit } from '../../src/core/known-limit.ts';
import { misjudged } from '../../src/core/known-limit.ts';
import { boundOf } from '../../src/measure/bound.ts';
import { POLICIES } from '../../src/run/policies.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const SIX: readonly KnownLimit[] = [{ name: 'requests', perSecond: 6, burst: 6, source: 'profile' }];

/** A policy at 50 at once with 500 requests, never giving up unless that is what it is about. */
const at50 = async (name: string, profile = 'requests-limited', limits = SIX, maxRetries?: number) => {
  const spec = POLICIES.get(name);
  if (!spec) throw new Error(`no policy ${name}`);
  const patient = { ...spec, maxRetries: maxRetries ?? (spec.maxRetries === 10 ? 1000 : spec.maxRetries) };
  const run = await simulatedRun({ profile, levels: [50], requests: 500, policy: patient, limits });
  const [level] = run.levels;
  const [outcome] = run.outcomes;
  if (!level) throw new Error('nothing ran');
  const { counts } = level;
  expect(outcome?.count, `${name}: the ledger`).toEqual({
    attempts: counts.attempts,
    ok: counts.ok,
    rateLimited: counts.rateLimited,
  });
  const { totalMs, ...parts } = level.slotTime;
  const sum = Object.values(parts).reduce((all, part) => all + part, 0);
  expect(Math.abs(sum - totalMs), `${name}: slot time`).toBeLessThan(totalMs * 1e-3);
  return {
    level,
    attempts: level.attemptsPerSuccess ?? Number.NaN,
    times: boundOf(level, SIX)?.times ?? Number.NaN,
    p99: level.metrics.responseTime?.p99 ?? Number.NaN,
  };
};

describe('at 50 at once against 6 requests per second', () => {
  it('SDK-like retries make several attempts per success', async () => {
    expect((await at50('plain')).attempts).toBeGreaterThanOrEqual(2.5);
    expect((await at50('sdk-backoff')).attempts).toBeGreaterThanOrEqual(2.5);
  });

  it('the recommended policy makes one, close to the bound', async () => {
    const { attempts, times, p99 } = await at50('recommended');
    expect(attempts).toBeLessThanOrEqual(1.1);
    expect(times).toBeLessThanOrEqual(1.2);
    expect(p99).toBeLessThan(20_000);
  });

  it('most requests fail with the two retries that the SDKs come with', async () => {
    const { level } = await at50('sdk-default');
    expect(level.counts.failed).toBeGreaterThan(250);
    expect(boundOf(level, SIX)).toBeNull(); // work that was dropped took no time
  });

  it('the order is that of an independent simulation', async () => {
    // × bound / attempts per ok / p99 s, from a simulation of the same server written apart from this one.
    const expected = {
      exponential: [1.27, 2.3, 102],
      'sdk-backoff': [1.06, 2.9, 51],
      'full-jitter': [1.05, 3.7, 44],
      'equal-jitter': [1.05, 3.1, 49],
      decorrelated: [1.06, 2.9, 44],
      'token-bucket': [1.03, 1.0, 12],
      recommended: [1.06, 1.0, 12],
    } as const;
    for (const [name, [times, attempts, p99]] of Object.entries(expected)) {
      const seen = await at50(name);
      expect(seen.times / times, `${name}: × bound`).toBeCloseTo(1, 1);
      expect(Math.abs(seen.attempts / attempts - 1), `${name}: attempts`).toBeLessThan(0.1);
      expect(Math.abs(seen.p99 / 1000 / p99 - 1), `${name}: p99`).toBeLessThan(0.2);
    }
  });

  it('a limit told half too high costs little, half too low half the speed', async () => {
    const high = await at50('recommended', 'requests-limited', misjudged(SIX, 1.5));
    expect(high.attempts).toBeLessThan(1.3);
    expect(high.times).toBeLessThan(1.35);
    const low = await at50('recommended', 'requests-limited', misjudged(SIX, 0.5));
    expect(low.attempts).toBe(1);
    expect(low.times).toBeGreaterThan(1.9);
  });

  it('headers teach the limit and its burst to whoever is not told', async () => {
    const learnt = await at50('recommended', 'requests-limited', []);
    expect(learnt.attempts).toBeLessThanOrEqual(1.1);
    expect(learnt.times).toBeLessThanOrEqual(1.2);
  });

  it.each([
    'gate',
    'aimd',
    'released',
    'leaky-bucket',
    'guide-g1',
    'guide-g2',
    'guide-g0-bucket',
    'budget',
    'breaker',
  ])('the counts of %s are the ledger’s', async (name) => {
    await at50(name);
  });
});

describe('where refused requests use the limit up', () => {
  it('the SDKs’ backoff takes far longer than the recommended policy, which does not notice', async () => {
    const recommended = await at50('recommended', 'rejects-drain');
    const sdk = await at50('sdk-backoff', 'rejects-drain');
    expect(recommended.times).toBeLessThanOrEqual(1.2);
    expect(sdk.level.wallClockMs / recommended.level.wallClockMs).toBeGreaterThanOrEqual(1.8);
    // With a Retry-After that all obey to the second, it hardly gets anywhere.
    const plain = await at50('plain', 'rejects-drain', SIX, 10);
    expect(plain.level.counts.failed).toBeGreaterThan(250);
  });
});

describe('where tokens are limited and calls differ in size', () => {
  const tokens: readonly KnownLimit[] = [
    { name: 'tokens', perSecond: 6000, burst: 6000, perCall: 1000, source: 'profile' },
  ];

  it('pacing saves most attempts and most of the tail', async () => {
    const recommended = await at50('recommended', 'tokens-limited', tokens);
    const sdk = await at50('sdk-backoff', 'tokens-limited', tokens);
    expect(recommended.attempts).toBeLessThan(1.2);
    expect(sdk.attempts).toBeGreaterThan(1.9);
    expect(recommended.p99).toBeLessThan(sdk.p99 / 2);
  });
});
