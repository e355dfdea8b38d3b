import { describe, expect, it } from 'vitest';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { simulatedRun } from '../support/simulated-run.ts';

/** Mean service time of all models, and what one of them can serve per second. */
const SERVICE_SECONDS = 3.84;
const LIMITED_PER_SECOND = 6;

/** Backoff alone, as in the published figures: what a told wait does is another question. */
const OWN_BACKOFF = ['limits.retryAfter=false'];

const run = async (
  profile: string,
  levels: readonly number[],
  requests = 500,
  settings: readonly string[] = [],
): Promise<readonly LevelSummary[]> =>
  (
    await simulatedRun({
      profile,
      settings,
      levels,
      requests,
      maxRetries: 1000,
      keepRecords: false,
      hop: { delay: 0, jitter: 0 },
    })
  ).levels;

const perSecond = ({ counts, wallClockMs }: LevelSummary): number => (counts.ok / wallClockMs) * 1000;
const attemptsPerSuccess = ({ counts }: LevelSummary): number => counts.attempts / counts.ok;
const minutes = ({ wallClockMs }: LevelSummary): number => wallClockMs / 60_000;

/** Each of `actual` within `tolerance` of its expectation. */
const expectNear = (actual: readonly number[], expected: readonly number[], tolerance: number): void => {
  const ratios = actual.map((value, at) => value / (expected[at] ?? Number.NaN));
  expect(
    ratios.every((ratio) => Math.abs(ratio - 1) <= tolerance),
    `${actual} against ${expected}`,
  ).toBe(true);
};

describe('requests-limited', () => {
  it('follows level / latency up to its ceiling of 23, then stays at six per second', async () => {
    const levels = await run('requests-limited', [5, 10, 20, 30, 50], 2000);
    expectNear(
      levels.map(perSecond),
      [5, 10, 20, 30, 50].map((level) => Math.min(level / SERVICE_SECONDS, LIMITED_PER_SECOND)),
      0.03,
    );
  });

  it('takes as long, with as many attempts, as an independent simulation of the same model', async () => {
    const levels = await run('requests-limited', [18, 20, 24, 30, 50], 500, OWN_BACKOFF);
    expectNear(levels.map(minutes), [1.84, 1.67, 1.47, 1.51, 1.52], 0.05);
    expectNear(levels.map(attemptsPerSuccess), [1.05, 1.07, 1.33, 1.95, 2.94], 0.05);
  });
});

describe('rejects-drain', () => {
  it('collapses above its ceiling: more at once makes the batch slower', async () => {
    const levels = await run('rejects-drain', [18, 20, 24, 30, 50], 500, OWN_BACKOFF);
    expectNear(levels.map(minutes), [1.85, 1.72, 2.18, 2.65, 3.36], 0.05);
    expectNear(levels.map(attemptsPerSuccess), [1.06, 1.16, 2.25, 3.22, 5.12], 0.08);
  });

  it('serves next to nothing where many come back as soon as they are told', async () => {
    const [level] = (
      await simulatedRun({ profile: 'rejects-drain', levels: [50], requests: 200, maxRetries: 10 })
    ).levels;
    expect(level?.counts.failed).toBeGreaterThan(100);
  });
});

describe('tokens-limited', () => {
  it('gives five to six calls per second, since the large ones fit in late', async () => {
    const [below, above] = await run('tokens-limited', [10, 50], 3000, OWN_BACKOFF);
    if (!below || !above) throw new Error('two levels');
    expectNear([perSecond(below)], [10 / SERVICE_SECONDS], 0.03);
    expect(perSecond(above)).toBeGreaterThan(5);
    expect(perSecond(above)).toBeLessThan(LIMITED_PER_SECOND);
    expect(attemptsPerSuccess(above)).toBeGreaterThan(1.5);
  });

  it('lets every call in at some time, however large its draw, and charges retries alike', async () => {
    const [level] = await run('tokens-limited', [1], 2000);
    expect(level?.counts).toMatchObject({ ok: 2000, failed: 0 });
  });
});

const shared = (active: number): number => active / (SERVICE_SECONDS * (1 + 0.03 * (active - 1)));

describe('batching', () => {
  it('shares its speed among up to 48, twice as slow with 34, and never refuses', async () => {
    const tested = [1, 18, 34, 48, 64];
    const levels = await run('batching', tested, 2000);
    expectNear(
      levels.map(perSecond),
      tested.map((level) => shared(Math.min(level, 48))),
      0.03,
    );
    const [alone, , twice] = levels.map((level) => level.metrics.serviceTime?.p50 ?? Number.NaN);
    expectNear([(twice ?? 0) / (alone ?? 1)], [2], 0.03);
    for (const level of levels) expect(level.counts.attempts).toBe(2000);
  });
});

describe('thrashing', () => {
  it('is batching up to 32 and serves less with every one above', async () => {
    const tested = [16, 32, 36, 40, 48];
    const levels = await run('thrashing', tested, 2000);
    expectNear(
      levels.map(perSecond),
      tested.map((level) => shared(level) / (1 + 0.05 * Math.max(level - 32, 0))),
      0.04,
    );
    const rates = levels.slice(1).map(perSecond);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  });
});

describe('unbounded', () => {
  it('grows in proportion to what is sent at once', async () => {
    const levels = await run('unbounded', [1, 20, 100], 4000);
    expectNear(
      levels.map(perSecond),
      [1, 20, 100].map((level) => level / SERVICE_SECONDS),
      0.05,
    );
  });
});

describe('far-limit', () => {
  it('is flat only above 64, at 16.67 per second', async () => {
    const levels = await run('far-limit', [30, 60, 80, 100], 3000);
    expectNear(levels.map(perSecond), [30 / SERVICE_SECONDS, 60 / SERVICE_SECONDS, 16.67, 16.67], 0.04);
    expect(levels.map(attemptsPerSuccess).map((attempts) => attempts > 1.1)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
