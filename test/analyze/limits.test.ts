import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze/analyze.ts';
import { ceilingOf, describeCurve } from '../../src/analyze/ceiling.ts';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { boundsOf, findLimits, limitWords } from '../../src/analyze/limits.ts';
import { verdictOf } from '../../src/analyze/verdict.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { level } from './levels.ts';

type Change = Partial<Omit<LevelSummary, 'burst'>> & { readonly burst?: Partial<LevelSummary['burst']> };

const with429s = (number: number, perSecond: number, { burst, ...change }: Change): LevelSummary => {
  const plain = level(number, { perSecond, failedAttempts: { 'rate-limited': 400 }, overhead: 0.3 });
  return { ...plain, ...change, burst: { ...plain.burst, ...burst } };
};

const one = level(1, { perSecond: 0.26 });
const twenty = level(20, { perSecond: 5.1 });
const limitsOf = (levels: readonly LevelSummary[]) => findLimits(levels, CRITERIA, twenty);

describe('findLimits', () => {
  it('takes the limit from headers, the tightest as the binding one, with the distance from it', () => {
    const told = {
      requests: { perMinute: 360, by: 'headers' as const },
      tokens: { perMinute: 100_000, by: 'headers' as const },
    };
    const [binding, other] = limitsOf([one, { ...twenty, rateLimits: { told, refusals: {} } }]);
    expect(binding).toMatchObject({
      dimension: 'requests',
      perMinute: 360,
      source: 'headers',
      requestsPerSecond: 6,
      binding: true,
    });
    expect(binding?.used).toBeCloseTo(5.1 / 6, 9);
    expect(other).toMatchObject({ dimension: 'tokens', perRequest: 72, binding: false });
  });

  it('takes the one that refused for the binding one, whatever the others allow', () => {
    const rateLimits = {
      told: {
        requests: { perMinute: 360, by: 'headers' as const },
        'output-tokens': { perMinute: 20_000, by: 'headers' as const },
      },
      refusals: { 'output-tokens': 40 },
    };
    const [binding] = limitsOf([one, twenty, with429s(30, 5.9, { rateLimits })]);
    expect(binding).toMatchObject({ dimension: 'output-tokens', binding: true });
  });

  it('sees the limit and its bucket by the pace of a saturated level where nothing tells them', () => {
    const burst = { limitedPerSecond: 6.02, bucketAttempts: 59, headerPerSecond: null };
    const rateLimits = { told: {}, refusals: {} };
    const [found] = limitsOf([one, twenty, with429s(30, 5.9, { burst, rateLimits })]);
    expect(found).toMatchObject({
      dimension: 'unknown',
      source: 'slope',
      bucketRequests: 59,
      requestsPerSecond: 6.02,
    });
    expect(found && limitWords(found)).toBe('about 361 requests per minute');
  });

  it('takes no slope for a limit where harder pressed levels are let have less: refusals use it up', () => {
    const burst = (limitedPerSecond: number) => ({
      limitedPerSecond,
      bucketAttempts: 6,
      headerPerSecond: null,
    });
    const rateLimits = { told: {}, refusals: {} };
    const mild = with429s(24, 3, { burst: burst(4.8), rateLimits });
    expect(limitsOf([one, mild])).toHaveLength(1);
    expect(limitsOf([one, mild, with429s(32, 1, { burst: burst(0.4), rateLimits })])).toEqual([]);
    expect(limitsOf([one, twenty, with429s(32, 1, { burst: burst(0.4), rateLimits })])).toEqual([]);
  });

  it('reckons a token limit as the provider charges it where a level was saturated', () => {
    const rateLimits = {
      told: { tokens: { perMinute: 360_000, by: 'messages' as const } },
      refusals: { tokens: 400 },
    };
    const burst = { limitedPerSecond: 6, bucketAttempts: 6 };
    const [found] = limitsOf([one, twenty, with429s(30, 5.9, { burst, rateLimits })]);
    expect(found).toMatchObject({ dimension: 'tokens', perRequest: 1000, requestsPerSecond: 6 });
  });

  it('knows of no limit where none was met', () => {
    expect(limitsOf([one, twenty])).toEqual([]);
  });
});

describe('a pace above the limit', () => {
  const saturated = with429s(40, 5.9, {
    burst: { limitedPerSecond: 6, bucketAttempts: 300 },
    sustained: true,
  });
  const paidFromTheBucket = { ...level(30, { perSecond: 7.6 }), sustained: false };

  it('is not recommended where only a full bucket can have paid it', () => {
    const levels = [one, twenty, paidFromTheBucket, saturated];
    expect(boundsOf(levels, CRITERIA).allowedPerSecond).toBe(6);
    expect(verdictOf(levels, CRITERIA)).toMatchObject({ level: 20, reason: 'rate-limit', nextLevel: 30 });
    expect(verdictOf(levels, CRITERIA)?.because).toMatchInlineSnapshot(
      `"20: at 30 its 7.60 ok/s are more than the 6.00/s that the endpoint lets last: they came out of a full bucket"`,
    );
  });

  it('is not doubted where nobody knows a limit', () => {
    expect(verdictOf([one, twenty, paidFromTheBucket], CRITERIA)).toMatchObject({
      level: 30,
      reason: 'not-reached',
    });
  });
});

describe('a pace just above a limit that headers tell', () => {
  const at = (number: number, perSecond: number, windows: boolean) => ({
    ...level(number, { perSecond, ok: 2000 }),
    rateLimits: {
      told: {
        requests: {
          perMinute: 139.6,
          by: 'headers' as const,
          bucket: 21,
          ...(windows ? ({ countsByWindows: true } as const) : {}),
        },
      },
      refusals: {},
    },
    sustained: false,
  });

  it('does not last where that is a bucket, by the least that is more than chance', () => {
    expect(verdictOf([at(3, 1.84, false), at(4, 2.4, false)], CRITERIA)?.level).toBe(3);
    expect(verdictOf([at(3, 1.84, false), at(4, 2.35, false)], CRITERIA)?.level).toBe(4);
  });

  it('may where it counts by windows, of which a run sees parts', () => {
    expect(limitsOf([at(3, 1.84, true)])).toMatchObject([{ bucketRequests: 21, countsByWindows: true }]);
    expect(limitsOf([at(3, 1.84, false)])[0]).not.toHaveProperty('countsByWindows');
    expect(verdictOf([at(3, 1.84, true), at(4, 2.4, true)], CRITERIA)?.level).toBe(4);
  });
});

describe('near a limit that the endpoint tells', () => {
  const told = { requests: { perMinute: 360, by: 'headers' as const } };

  it('nothing is left to find', () => {
    const near = { ...twenty, rateLimits: { told, refusals: {} } };
    expect(verdictOf([one, near], CRITERIA)).toMatchObject({ level: 20, reason: 'rate-limit' });
    expect(verdictOf([one, near], CRITERIA)?.because).toMatchInlineSnapshot(
      `"20: it uses 85 % of the limit of 360 requests per minute, which refuses what is beyond 23 at once"`,
    );
  });

  it('but far below it there is', () => {
    const far = { ...level(5, { perSecond: 1.3 }), rateLimits: { told, refusals: {} } };
    const found = verdictOf([one, far], CRITERIA);
    expect(found?.reason).toBe('not-reached');
    expect(found?.because).toMatchInlineSnapshot(
      `"5: it is the highest level tested and nothing gave way, so no ceiling was found. The endpoint's limit has room for about 23. Next: --levels 5,18,22"`,
    );
  });
});

describe('the time of a call', () => {
  const calls = (number: number, meanMs: number): LevelSummary =>
    level(number, { perSecond: (number / meanMs) * 1000 });

  it('is that of all levels where they differ by no more than chance', () => {
    // 500 calls of ± 350 ms: their mean is known to ± 16 ms.
    expect(boundsOf([calls(1, 3990), calls(10, 4010)], CRITERIA).perCallMs).toBeCloseTo(4000, 6);
  });

  it('is each level’s own where the load changes it', () => {
    expect(boundsOf([calls(1, 3990), calls(10, 4400)], CRITERIA).perCallMs).toBeUndefined();
  });
});

describe('near the edge of a limit of requests', () => {
  const told = { requests: { perMinute: 360, by: 'headers' as const } };
  const levelAt = (number: number, perSecond: number, change: Partial<LevelSummary> = {}): LevelSummary => ({
    ...level(number, { perSecond }),
    rateLimits: { told, refusals: {} },
    ...change,
  });
  const edge = (...levels: readonly LevelSummary[]) => {
    const facts = { meta: {}, overhead: null, speed: 1, referenceRun: undefined };
    const known = [one, ...levels].map(({ level: number }) => ({ level: number, complete: true }));
    const { warnings } = analyze([one, ...levels], { ...facts, levels: known });
    return warnings.filter(({ code }) => code === 'edge-not-held');
  };
  const twentyTwo = levelAt(22, 5.7);
  const pressed = (betweenRefusalsPerSecond: number) =>
    with429s(35, 5.9, {
      rateLimits: { told, refusals: { requests: 400 } },
      burst: { betweenRefusalsPerSecond },
    });

  it('a short run does not show that the level lasts', () => {
    expect(edge(twentyTwo).map(({ level: at, message, hint }) => [at, message, hint])).toMatchInlineSnapshot(`
      [
        [
          22,
          "22 at once uses 95 % of the limit of 360 requests per minute and was held for 87.7 s. Where refused calls count against the limit, as OpenAI says they do, a level so near it runs well for minutes and then collapses.",
          "Before a long job, use 20 or see whether it lasts: --levels 20,22 --duration 10m",
        ],
      ]
    `);
  });

  it('a long one does, and so do three calls to spare', () => {
    const [block] = twentyTwo.blocks;
    expect(block).toBeDefined();
    if (block) expect(edge(levelAt(22, 5.7, { blocks: [{ ...block, wallClockMs: 600_000 }] }))).toEqual([]);
    expect(edge(levelAt(20, 5.2))).toEqual([]);
  });

  it('a level above it does that was refused and let have the limit all the same', () => {
    expect(edge(twentyTwo, pressed(5.9))).toEqual([]);
  });

  it('a level above it that was let have far less shows the danger', () => {
    expect(edge(twentyTwo, pressed(1.5)).map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "22 at once uses 95 % of the limit of 360 requests per minute and was held for 87.7 s. Refused calls seem to count against the limit here: a level so near it runs well for minutes and then collapses.",
      ]
    `);
  });
});

describe('ceiling and curves', () => {
  const levels = [one, level(10, { perSecond: 2.6 }), twenty, level(30, { perSecond: 6 })];

  it('gives Little’s ceiling of the limit, or else of the highest throughput', () => {
    expect(ceilingOf(levels, undefined)?.level).toBeCloseTo(6 / 0.26, 9);
    expect(ceilingOf(levels, undefined)?.from).toBe('throughput');
    const [limit] = findLimits(
      [{ ...one, rateLimits: { told: { requests: { perMinute: 600, by: 'headers' } }, refusals: {} } }],
      CRITERIA,
      undefined,
    );
    expect(ceilingOf(levels, limit)).toMatchObject({ from: 'limit', perSecond: 10 });
  });

  it('says what speaks against each curve', () => {
    const limited = describeCurve(levels, { isLimited: true, isSlowedDown: false });
    expect(limited.usl?.misspecified).toMatch(/sharp bend/);
    expect(limited.hinge?.misspecified).toBeNull();
    expect(limited.hinge?.knee).toBeCloseTo(23, 0);
    const slowed = describeCurve(levels, { isLimited: false, isSlowedDown: true });
    expect(slowed.hinge?.misspecified).toMatch(/take longer/);
  });
});
