import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { boundsOf, findLimits } from '../../src/analyze/limits.ts';
import { isPaceDoubtful } from '../../src/analyze/slope.ts';
import type { BurstSummary } from '../../src/measure/burst-summary.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { level } from './levels.ts';

/** A level that was refused half of its attempts after its bucket was empty. */
const pressed = (number: number, burst: Partial<BurstSummary>): LevelSummary => {
  const base = level(number, { perSecond: 5, failedAttempts: { 'rate-limited': 400 }, overhead: 0.3 });
  return { ...base, burst: { ...base.burst, because: 'past-the-bucket', ...burst } };
};

/** A level of which nothing was refused: so many requests in so long, in one block. */
const unrefused = (number: number, ok: number, wallClockMs: number): LevelSummary => {
  const base = level(number, { perSecond: (1000 * ok) / wallClockMs, ok });
  const [block] = base.blocks;
  return { ...base, drainMs: 0, blocks: block ? [{ ...block, ok, wallClockMs }] : [] };
};

const seen = (...levels: readonly LevelSummary[]) => findLimits(levels, CRITERIA, undefined)[0];

describe('a limit that nobody tells', () => {
  it('is what a level was let have that ran into it', () => {
    const even = pressed(32, { limitedPerSecond: 6, bucketAttempts: 10, paceIsEven: true });
    expect(seen(unrefused(4, 60, 60_000), even)).toMatchObject({ requestsPerSecond: 6, source: 'slope' });
    expect(isPaceDoubtful([even], CRITERIA)).toBe(false);
  });

  it('is what a higher level was let have, where the lower asked for hardly more than it got', () => {
    const refused = (number: number, perSecond: number, overhead: number) => {
      const base = level(number, { perSecond, overhead, failedAttempts: { 'rate-limited': 80 } });
      return {
        ...base,
        burst: { ...base.burst, because: 'past-the-bucket' as const, limitedPerSecond: perSecond },
      };
    };
    const above = refused(30, 6.1, 0.22);
    expect(seen(refused(20, 4.9, 0.05), above)).toMatchObject({ requestsPerSecond: 6.1 });
    // Of two that ask for much more, the lower pace.
    expect(seen(refused(24, 5.8, 0.15), above)).toMatchObject({ requestsPerSecond: 5.8 });
  });

  it('is doubtful where that did not come evenly, unless a second level was let have as much', () => {
    const uneven = pressed(32, { limitedPerSecond: 6, bucketAttempts: 10, paceIsEven: false });
    const second = pressed(24, { limitedPerSecond: 6.2, bucketAttempts: 10, paceIsEven: false });
    expect(isPaceDoubtful([uneven], CRITERIA)).toBe(true);
    expect(isPaceDoubtful([uneven, second], CRITERIA)).toBe(false);
  });

  it('counts by windows where a level shows that, whatever others were let have of parts of them', () => {
    const window = { countsByWindows: true, bucketAttempts: 360 } as const;
    const exact = pressed(24, { ...window, limitedPerSecond: 6 });
    const lucky = pressed(32, { limitedPerSecond: 15, bucketAttempts: 10, paceIsEven: false });
    expect(seen(lucky, exact)).toMatchObject({ requestsPerSecond: 6, bucketRequests: 360 });
    expect(isPaceDoubtful([lucky, exact], CRITERIA)).toBe(false);
  });

  it('takes in what earlier levels had used of a window of a minute', () => {
    // 200 of 300 within the last 25 s before the window ended 35 s after the level began.
    const earlier = { ...unrefused(16, 300, 37_500), window: { fromMs: 62_500, toMs: 100_000 } };
    const onlyWindow = { ms: 60_000, attempts: 160, endsAfterMs: 35_000 };
    const level64 = {
      ...pressed(64, { countsByWindows: true, limitedPerSecond: 4.6, bucketAttempts: 276, onlyWindow }),
      window: { fromMs: 100_000, toMs: 140_000 },
    };
    expect(seen(earlier, level64)).toMatchObject({ requestsPerSecond: 6, bucketRequests: 360 });
  });

  it('takes them from the run that was just before, and not from one that came later', () => {
    const [block] = unrefused(16, 300, 37_500).blocks;
    const runs = [62_500, 500_000].map((fromMs) => ({ ...block, fromMs }) as LevelSummary['blocks'][number]);
    const twice = { ...unrefused(16, 600, 37_500), blocks: runs, window: { fromMs: 62_500, toMs: 537_500 } };
    const onlyWindow = { ms: 60_000, attempts: 160, endsAfterMs: 35_000 };
    const level64 = {
      ...pressed(64, { countsByWindows: true, limitedPerSecond: 4.6, bucketAttempts: 276, onlyWindow }),
      window: { fromMs: 100_000, toMs: 140_000 },
    };
    expect(seen(twice, level64)).toMatchObject({ requestsPerSecond: 6, bucketRequests: 360 });
  });

  it('counts by no windows where another was refused for two of them, and was let have twice as much without falling silent', () => {
    const onlyWindow = { ms: 10_000, attempts: 50, endsAfterMs: 9000 };
    const silent = pressed(24, { sawOneSilence: true, limitedPerSecond: 5, bucketAttempts: 50, onlyWindow });
    const even = { limitedPerSecond: 9, bucketAttempts: 30, first429AfterMs: 2000 } as const;
    const lastsFor = (wallClockMs: number) => {
      const other = pressed(32, even);
      return { ...other, blocks: other.blocks.map((block) => ({ ...block, wallClockMs })) };
    };
    expect(seen(silent, lastsFor(30_000))).toMatchObject({ requestsPerSecond: 9, bucketRequests: 30 });
    expect(seen(silent, lastsFor(15_000))).toMatchObject({ requestsPerSecond: 5, bucketRequests: 50 });
  });

  it('is none where a level that was refused nothing got more than it and a bucket, in any of its runs', () => {
    const uneven = pressed(32, { limitedPerSecond: 6, bucketAttempts: 100, paceIsEven: false });
    expect(seen(unrefused(8, 300, 34_000), uneven)).toMatchObject({ requestsPerSecond: 6 });
    expect(seen(unrefused(8, 330, 34_000), uneven)).toBeUndefined();
    const long = unrefused(8, 330, 34_000);
    const short = unrefused(8, 30, 30_000);
    expect(seen({ ...long, blocks: [...short.blocks, ...long.blocks] }, uneven)).toBeUndefined();
  });

  it('is not contradicted by what a bucket bore that was full in one run only', () => {
    const onsets = [
      { attempts: 20, afterMs: 1000 },
      { attempts: 330, afterMs: 5000 },
    ];
    const uneven = pressed(32, { limitedPerSecond: 6, bucketAttempts: 157, paceIsEven: false });
    const short = unrefused(16, 330, 15_000);
    expect(seen(short, uneven)).toBeUndefined();
    const twice = { ...uneven, burst: { ...uneven.burst, onsets } };
    expect(seen(short, twice)).toMatchObject({ requestsPerSecond: 6 });
  });

  it('is none where a level less pressed is let have more between its refusals', () => {
    const uneven = pressed(32, { limitedPerSecond: 4, bucketAttempts: 10, paceIsEven: false });
    const less = level(20, { perSecond: 4.2 });
    const between = (pace: number) => ({ ...less, burst: { ...less.burst, betweenRefusalsPerSecond: pace } });
    expect(seen(uneven, between(4.5))).toMatchObject({ requestsPerSecond: 4 });
    expect(seen(uneven, between(5.5))).toBeUndefined();
  });

  it('shows in how long two buckets lasted where refused calls use it up', () => {
    // A bucket of 120 and 6/s: empty after 10 s at 18/s, after 40 s at 9/s. What the two are let have later says little.
    const hard = pressed(64, {
      limitedPerSecond: 1.5,
      bucketAttempts: 165,
      paceIsEven: false,
      onsets: [{ attempts: 180, afterMs: 10_000 }],
    });
    const less = pressed(32, {
      limitedPerSecond: 4,
      bucketAttempts: 200,
      paceIsEven: false,
      onsets: [{ attempts: 360, afterMs: 40_000 }],
    });
    const found = seen(level(1, { perSecond: 0.25 }), hard, less);
    expect(found?.requestsPerSecond).toBeCloseTo(6, 9);
    expect(found?.bucketRequests).toBeCloseTo(120, 9);
    // Refused calls are known to count, so levels near what it has room for are on an edge.
    const bounds = boundsOf([level(1, { perSecond: 0.25 }), hard, less], CRITERIA);
    expect(bounds.collapsesAt).toBeLessThanOrEqual(32);
  });

  it('does not where two buckets lasted about as long, or a level was hardly pressed', () => {
    const onset = (number: number, attempts: number, afterMs: number) =>
      pressed(number, {
        limitedPerSecond: null,
        bucketAttempts: null,
        paceIsEven: false,
        onsets: [{ attempts, afterMs }],
      });
    expect(seen(onset(64, 180, 10_000), onset(60, 184, 10_600))).toBeUndefined();
    expect(seen(onset(64, 12, 500), onset(8, 540, 90_000))).toBeUndefined();
  });
});
