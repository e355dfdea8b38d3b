import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrate, type Twin } from '../../src/calibrate/calibrate.ts';
import { observe } from '../../src/calibrate/observations.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { simulatedRun } from '../support/simulated-run.ts';

const dir = mkdtempSync(join(tmpdir(), 'bench-twin-'));
afterAll(() => rmSync(dir, { recursive: true }));

const twinOf = async (profile: string, levels: readonly number[], requests = 500): Promise<Twin> => {
  const { records } = await simulatedRun({ profile, levels, requests, seed: 3 });
  return calibrate([await observe(profile, records)], '2026-11-21');
};

const SEEDS = [11, 12, 13];

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[1] ?? Number.NaN;

/** Throughput and p95 of each level, the median over seeds: neither side shall owe anything to one run's luck. */
const figures = async (profile: string, levels: readonly number[], requests = 500) => {
  const runs: (readonly LevelSummary[])[] = [];
  for (const seed of SEEDS)
    runs.push((await simulatedRun({ profile, levels, requests, seed, keepRecords: false })).levels);
  return levels.map((_, index) => {
    const at = runs.map((run) => run[index]);
    const pace = at.map((level) => level?.rates.achievedPerSecond ?? Number.NaN);
    return {
      perSecond: middle(pace),
      p95: middle(at.map((level) => level?.metrics.serviceTime?.p95 ?? Number.NaN)),
      spread: (Math.max(...pace) - Math.min(...pace)) / middle(pace),
    };
  });
};

const fileOf = (twin: Twin): string => {
  const path = join(dir, `${twin.calibration.runs.join()}.json`);
  writeFileSync(path, JSON.stringify(twin));
  return path;
};

const USUAL = [1, 10, 20, 30, 50];
const HELD_OUT = [5, 15, 25, 40];

describe('a twin predicts levels that it has not seen within 10 %', () => {
  it.each([
    ['requests-limited', USUAL, HELD_OUT],
    ['tokens-limited', USUAL, HELD_OUT],
    ['batching', USUAL, HELD_OUT],
    ['thrashing', [1, 10, 20, 30, 36, 42, 50], [5, 15, 25, 40]],
    ['unbounded', USUAL, HELD_OUT],
    ['far-limit', [1, 10, 30, 60, 90], [5, 20, 40, 75]],
    ['rejects-drain', USUAL, [5, 15]],
  ] as const)('%s', async (profile, levels, heldOut) => {
    const twin = fileOf(await twinOf(profile, levels));
    const [real, predicted] = [await figures(profile, heldOut), await figures(twin, heldOut)];
    const table = heldOut.map((level, index) => {
      const ratio = (key: 'perSecond' | 'p95') =>
        (predicted[index]?.[key] ?? 0) / (real[index]?.[key] ?? 0) - 1;
      return { level, perSecond: ratio('perSecond'), p95: ratio('p95') };
    });
    const worst = Math.max(...table.flatMap(({ perSecond, p95 }) => [Math.abs(perSecond), Math.abs(p95)]));
    expect(worst, JSON.stringify(table)).toBeLessThan(0.1);
  });
});

describe('what the data tell', () => {
  it('is the limit, its burst, and that refusals drain it', async () => {
    const { limits } = await twinOf('rejects-drain', [1, 10, 30], 200);
    expect(limits).toMatchObject({
      requestsPerMinute: { limit: 360 },
      countRejected: true,
      retryAfter: true,
    });
  });

  it('is the law by which load slows, and the slots', async () => {
    const { load, queue } = await twinOf('batching', USUAL);
    expect(((load?.factor ?? 0) - 1) / ((load?.at ?? 1) - 1)).toBeCloseTo(0.03, 3);
    expect(queue).toEqual({ slots: 48 });
  });

  it('is no slow-down and no slots where there are none', async () => {
    expect(await twinOf('unbounded', [1, 10, 30], 200)).not.toHaveProperty('load');
    expect(await twinOf('unbounded', [1, 10, 30], 200)).not.toHaveProperty('queue');
  });
});

describe('what the data do not tell', () => {
  it('is a limit that nothing has met', async () => {
    const { limits, calibration } = await twinOf('unbounded', [1, 30], 100);
    expect(limits).toBeUndefined();
    expect(calibration.unknown).toEqual([
      'No level above 30 was measured and nothing refused a call: where the limit is stays unknown. Run --levels 30,60.',
    ]);
  });

  it('is where between two levels a server begins to thrash', async () => {
    const { calibration } = await twinOf('thrashing', USUAL);
    expect(calibration.unknown.join()).toMatch(/thrashes from somewhere between \d+ and 4\d in service/);
  });

  it('is anything at all of a handful of answers', async () => {
    await expect(twinOf('unbounded', [1], 10)).rejects.toThrow('10 whole answers are too few');
  });

  it('is which way a run near a collapse goes: virtual runs of it differ as much as real ones', async () => {
    const twin = fileOf(await twinOf('rejects-drain', USUAL, 200));
    const [[real], [predicted]] = [await figures('rejects-drain', [30], 200), await figures(twin, [30], 200)];
    expect(real?.spread).toBeGreaterThan(0.2);
    expect(predicted?.spread).toBeGreaterThan(0.2);
  });
});
