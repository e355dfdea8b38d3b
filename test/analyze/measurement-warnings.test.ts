import { describe, expect, it } from 'vitest';
import { failureShare } from '../../src/analyze/level-point.ts';
import type { LevelReport } from '../../src/analyze/report.ts';
import type { SweetSpot } from '../../src/analyze/verdict.ts';
import { warnings } from '../../src/analyze/warnings.ts';
import { levelReport, sixPerSecond, verdict } from '../support/report-fixtures.ts';

type Burst = Partial<LevelReport['burst']>;

const limited = (level: number, burst: Burst, changes: Partial<LevelReport> = {}): LevelReport => {
  const report = levelReport({ level, ...changes });
  return { ...report, burst: { ...report.burst, headerPerSecond: null, ...burst } };
};

/** Of levels of which the highest admissible one is the answer. */
const told = (levels: readonly LevelReport[], limits: SweetSpot['limits'] = []) =>
  warnings({ levels, spot: spotOf(levels, limits), overhead: null, speed: 1 })
    .filter(({ code }) => code !== 'drain')
    .map(({ code, level, hint }) => [code, level, ...(hint.match(/--[a-z-]+( \d+)?/g) ?? [])].join(' '));

const spotOf = (levels: readonly LevelReport[], limits: SweetSpot['limits']): SweetSpot | null => {
  const admissible = levels.filter((each) => each.admissible).map(({ level }) => level);
  const level = Math.max(...admissible);
  return admissible.length > 0
    ? verdict({ level, reason: 'plateau', because: `${level}: yes`, nextLevel: null, limits })
    : null;
};

describe('a pace out of a full bucket', () => {
  it('is told where the headers allow less', () => {
    expect(told([limited(20, { because: 'above-the-limit', headerPerSecond: 2 })])).toEqual([
      'burst 20 --levels 20 --requests 1000',
    ]);
  });

  it('is told where the bucket gave way just before the end', () => {
    expect(told([limited(20, { because: 'not-settled', first429AfterMs: 9000 })])).toEqual([
      'burst 20 --levels 20 --requests 2000',
    ]);
  });

  it('is told where another level was held at less, and only there', () => {
    const held = limited(30, { because: 'past-the-bucket', first429AfterMs: 100, limitedPerSecond: 4 });
    const [slow, fast] = [10, 20].map((level) => limited(level, { because: 'no-limit-seen' }));
    if (slow && fast) expect(told([slow, fast, held])).toEqual(['burst 20 --levels 20 --requests 1400']);
  });

  it('goes by the limit that the verdict saw, which takes in what others had used of a window', () => {
    const held = limited(30, { because: 'past-the-bucket', first429AfterMs: 100, limitedPerSecond: 1.6 });
    const open = limited(20, { because: 'no-limit-seen' });
    const seen = { ...sixPerSecond(null), source: 'slope', requestsPerSecond: 5.4, binding: true } as const;
    expect(told([open, held])).toHaveLength(1);
    expect(told([open, held], [seen])).toEqual([]);
  });

  it('may be, where nothing told of a limit: said once, of the fastest level', () => {
    const levels = [10, 20].map((level) => limited(level, { because: 'no-limit-seen' }));
    expect(told(levels)).toEqual(['no-limit-seen 20 --levels 20 --duration 10']);
  });

  it('cannot be, where the level ran long enough for any bucket of a minute', () => {
    const long = limited(20, { because: 'no-limit-seen' }, { wallClockMs: 600_000 });
    expect(told([long])).toEqual([]);
  });

  it('is no matter of a level that is known to last, or was cut short', () => {
    expect(told([limited(20, { because: 'below-the-limit', headerPerSecond: 50 })])).toEqual([]);
    expect(told([limited(20, { because: 'not-settled', first429AfterMs: 1 }, { complete: false })])).toEqual([
      'level-incomplete 20',
    ]);
  });
});

describe('the advice on a pace out of a full bucket', () => {
  const limit = {
    dimension: 'requests',
    perMinute: 240,
    source: 'headers',
    perRequest: 1,
    requestsPerSecond: 4,
    bucketRequests: 899,
    used: 1,
    binding: true,
  } as const;
  /** 20 at once bring 5.2/s where headers allow so many. */
  const above = (headerPerSecond: number, changes: Partial<LevelReport> = {}) =>
    limited(20, { because: 'above-the-limit', headerPerSecond }, changes);

  it('outlasts the bucket: 899 ÷ (1 − 4 ÷ 5.15), by what the pace is at least, and a quarter more', () => {
    expect(told([above(4)], [limit])).toEqual(['burst 20 --levels 20 --requests 5200']);
  });

  it('outlasts two windows where the limit counts by them', () => {
    for (const windows of [{ windowMs: 60_000 }, { countsByWindows: true }] as const)
      expect(told([above(4)], [{ ...limit, ...windows }])).toEqual(['burst 20 --levels 20 --requests 2300']);
  });

  it('is of a level that may be used, whichever speaks', () => {
    const faster = { ...above(4, { level: 30, admissible: false }), level: 30 };
    expect(told([above(4), faster], [limit])).toEqual([
      'burst 20 --levels 20 --requests 5200',
      'burst 30 --levels 20 --requests 5200',
    ]);
    expect(told([faster], [limit])).toEqual(['burst 30']);
  });

  it('is none where no run is long enough', () => {
    expect(told([above(5.1)], [limit])).toEqual(['burst 20']);
  });
});

describe('an open loop', () => {
  const open = (arrivals: Partial<NonNullable<LevelReport['arrivals']>>, dropped = 0): LevelReport => {
    const report = levelReport({ level: 4 });
    return {
      ...report,
      load: 'open',
      counts: { ...report.counts, requests: 500 + dropped, dropped },
      arrivals: { offeredPerSecond: 4, lateStarts: 0, maxLatenessMs: 0, dropped, ...arrivals },
    };
  };

  it('that was not kept is told, with what to try', () => {
    expect(told([open({ lateStarts: 26, maxLatenessMs: 900 })])).toEqual(['late-starts 4']);
    expect(told([open({ lateStarts: 25, maxLatenessMs: 900 })])).toEqual([]);
  });

  it('that dropped requests is told, and they count as lost', () => {
    const level = open({}, 20);
    expect(told([level])).toEqual(['dropped 4 --max-in-flight']);
    expect(failureShare(level)).toBeCloseTo(20 / 520, 9);
  });
});
