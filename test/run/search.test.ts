import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RateLimitName, Refusals } from '../../src/core/rate-limit.ts';
import type { LevelFinding } from '../../src/measure/level-finding.ts';
import { searchLevels } from '../../src/run/search.ts';
import type { SearchOptions } from '../../src/run/search-options.ts';

/** A server as a formula: what a level achieves, and whether it is admissible. */
interface Formula {
  perSecond(level: number): number;
  admissible(level: number): boolean;
  readonly tells?: number;
  /** What that counts; requests unless it says otherwise. */
  readonly limitedBy?: RateLimitName;
  /** What a level that is too much is let have: the limit's slope. */
  readonly lasts?: number;
  /** What its bucket holds, where that is told. */
  readonly bucket?: number;
  /** Levels above it turn out to live on a full bucket as soon as one was too much. */
  readonly bursts?: number;
  /** That shows only where such a level runs for longer than a first probe. */
  readonly hides?: boolean;
  /** What it lets last may be more than it shows, with a bucket of so many requests: a second run of a level above shows that it is. */
  readonly doubtful?: number;
  /** Levels above this are too slow as long as nobody knows the idle endpoint. */
  readonly late?: number;
  /** Its worst latency as a share of what is allowed; not asked without. */
  lateness?(level: number): number;
  /** Latency of a call; constant without. */
  callMs?(level: number): number;
  /** The same by all levels so far, which were given so many requests; that of the level without. */
  perCallMs?(level: number, requests: number): number;
  /** Standard error of its throughput, as a share; none without. */
  readonly error?: number;
}

const CYCLE = 4000;
const CALL_USD = 0.002;
const linear = (level: number) => (level / CYCLE) * 1000;

const limited = (ceiling: number, tells?: number): Formula => ({
  perSecond: (level) => Math.min(linear(level), linear(ceiling)),
  admissible: (level) => level <= ceiling,
  lasts: linear(ceiling),
  ...(tells === undefined ? {} : { tells }),
});

/** What a level shows of refused calls: nothing where it is not refused. */
const refusalsAt = (level: number, server: Formula, perSecond: number): Refusals => {
  if (server.admissible(level)) return 'unknown';
  return perSecond < 0.8 * (server.tells ?? 0) ? 'counted' : 'free';
};

/** Runs a search against a formula; every probe brings what it asked for. */
const searchOf = (
  server: Formula,
  options: Partial<Pick<SearchOptions, 'maxLevel' | 'budget'>> = {},
): {
  readonly levels: readonly number[];
  readonly blocks: readonly (number | undefined)[];
  /** Requests that each probe asked for. */
  readonly asked: readonly (number | undefined)[];
  /** And what each brought in its time. */
  readonly brought: readonly number[];
  readonly requests: number;
  readonly answer: number;
} => {
  const found = new Map<number, LevelFinding>();
  const levels: number[] = [];
  const blocks: (number | undefined)[] = [];
  const asked: (number | undefined)[] = [];
  const brought: number[] = [];
  let requests = 0;
  let duration = 0;
  const look = () => {
    const isSaturated = [...found.values()].some(
      ({ admissible, level }) =>
        !admissible && (!server.hides || levels.filter((each) => each === level).length > 1),
    );
    const isDisproved =
      server.doubtful !== undefined &&
      [...found.values()].some(
        ({ admissible, level }) =>
          admissible && level > (server.bursts ?? 1e9) && levels.filter((each) => each === level).length > 1,
      );
    const isBelieved = isSaturated && !isDisproved;
    return [...found.values()]
      .map((each) =>
        isBelieved
          ? { ...each, lastingPerSecond: server.tells ?? server.lasts, doubtfulBucket: server.doubtful }
          : each,
      )
      .map((each) =>
        isBelieved && each.level > (server.bursts ?? 1e9) ? { ...each, admissible: false } : each,
      )
      .map((each) =>
        each.level > (server.late ?? 1e9) && !found.has(1)
          ? { ...each, admissible: false, lateness: 1.1 }
          : each,
      )
      .sort((a, b) => a.level - b.level);
  };
  const probes = searchLevels({
    maxLevel: 128,
    tolerance: 0.05,
    needsUnloaded: true,
    budget: { requests: 2000 },
    ...options,
    look,
    spent: () => ({ requests, duration, usd: requests * CALL_USD }),
  });
  for (const { level, measure, block } of probes) {
    levels.push(level);
    blocks.push(block);
    asked.push(measure.requests);
    const perSecond = server.perSecond(level);
    const { hoped } = measure;
    const affordable = Math.min(
      measure.requests ?? 1e9,
      hoped ? (perSecond < hoped.perSecond ? hoped.shownAfter : hoped.provenAfter) : 1e9,
      Math.ceil(((measure.duration ?? 1e12) / 1000) * perSecond) || 1,
    );
    brought.push(affordable);
    requests += affordable;
    duration += (affordable / perSecond) * 1000;
    found.set(level, {
      level,
      admissible: server.admissible(level),
      refused: server.lasts !== undefined && !server.admissible(level),
      lateness: server.lateness?.(level) ?? 0,
      perSecond,
      error: (server.error ?? 0) * perSecond,
      cycleMs: (level / perSecond) * 1000,
      callMs: server.callMs?.(level) ?? CYCLE,
      calls: affordable,
      callCv: 0.3,
      perCallMs: server.perCallMs?.(level, requests) ?? server.callMs?.(level) ?? CYCLE,
      allowedPerSecond: server.tells,
      refusals: refusalsAt(level, server, perSecond),
      bucketRequests: server.bucket,
      limitedBy: server.tells === undefined ? undefined : (server.limitedBy ?? 'requests'),
      lastingPerSecond: server.tells,
      letInPerSecond: server.admissible(level) || server.hides ? undefined : server.lasts,
      sawOneSilence: false,
      doubtfulBucket: undefined,
    });
  }
  const good = look().filter(({ admissible }) => admissible);
  const best = Math.max(0, ...good.map(({ perSecond }) => perSecond));
  const answer = good.find(({ perSecond }) => perSecond >= 0.95 * best)?.level ?? 0;
  return { levels, blocks, asked, brought, requests, answer };
};

describe('searchLevels', () => {
  it('doubles from 4, asks Little’s law, and holds the answer', () => {
    expect(searchOf(limited(23)).levels).toEqual([4, 8, 16, 32, 21, 25, 23, 23]);
  });

  it('counts the runs of a level, so that each is a repeat of its own', () => {
    const { levels, blocks } = searchOf(limited(23));
    expect(levels.flatMap((level, i) => (blocks[i] === undefined ? [] : [[level, blocks[i]]]))).toEqual([
      [23, 1],
    ]);
  });

  it('trusts a limit that the endpoint tells: presses it once, and confirms it, for 150 requests in all', () => {
    const { levels, requests } = searchOf(limited(23, linear(23)));
    expect(levels).toEqual([4, 35, 22]);
    expect(requests).toBeLessThanOrEqual(150);
  });

  it('stays three calls below the ceiling where refused calls use the limit up', () => {
    const drained: Formula = {
      ...limited(20, linear(23)),
      perSecond: (level) => (level <= 20 ? linear(level) : 1.5),
    };
    expect(searchOf(drained).levels).toEqual([4, 35, 20]);
  });

  it('presses no endpoint whose bucket is so large that it makes no difference: more calls are worth more', () => {
    const { levels, requests } = searchOf({ ...limited(23, linear(23)), bucket: 360 });
    expect(levels).toEqual([4, 4, 22]);
    expect(requests).toBeLessThanOrEqual(150);
  });

  it('takes no more than 150 requests where the limit that is told has room for few', () => {
    for (const ceiling of [1.2, 2.3, 3.4, 3.9, 4.1, 4.6, 5.2, 7.9, 11.4])
      for (const bucket of [undefined, 2, 60]) {
        const server = { ...limited(Math.floor(ceiling), linear(ceiling)), ...(bucket ? { bucket } : {}) };
        const { answer, requests, levels } = searchOf(server);
        const words = `ceiling ${ceiling}, bucket ${bucket}: ${levels.join(' ')}`;
        expect(requests, words).toBeLessThanOrEqual(200);
        expect(answer, words).toBeGreaterThanOrEqual(bucket === 60 ? 0.8 * Math.floor(ceiling) : 1);
      }
  });

  it('halves below a limit that is told and refuses calls by chance far under its ceiling', () => {
    const { levels, answer, requests } = searchOf({ ...limited(9, linear(20)), lasts: linear(20) });
    expect(answer).toBeGreaterThanOrEqual(7);
    expect(levels.length).toBeLessThanOrEqual(7);
    expect(requests).toBeLessThanOrEqual(300);
  });

  it('presses no endpoint whose ceiling is so high that it would cost more than it tells', () => {
    const { levels, requests } = searchOf(limited(64, linear(64)));
    expect(new Set(levels)).toEqual(new Set([4, 61]));
    expect(requests).toBeLessThanOrEqual(150);
  });

  it('puts more calls before its aim where a ceiling is so high that there is room for one alone', () => {
    // Sixty calls say 58, a few more say that 64 fit.
    const far: Formula = { ...limited(64, linear(64)), perCallMs: (_, n) => (n > 60 ? CYCLE : 0.9 * CYCLE) };
    const { levels, requests } = searchOf(far);
    expect(levels).toEqual([4, 4, 61]);
    expect(requests).toBeLessThanOrEqual(150);
  });

  it('aims by all calls that it has seen, and takes what is near enough by all of them', () => {
    const few: Formula = {
      ...limited(23, linear(23)),
      limitedBy: 'tokens',
      // The level that confirms the aim happens to have slow calls; together they are as before.
      callMs: (level) => (level === 4 ? CYCLE : 1.2 * CYCLE),
      perCallMs: () => CYCLE,
    };
    expect(searchOf(few).levels).toEqual([4, 22]);
  });

  it('presses no limit of tokens', () => {
    expect(searchOf({ ...limited(23, linear(23)), limitedBy: 'tokens' }).levels).toEqual([4, 22]);
  });

  it('goes on searching where the endpoint does not keep what it tells', () => {
    const { levels, answer } = searchOf(limited(12, linear(23)));
    expect(levels.slice(0, 3)).toEqual([4, 35, 20]);
    expect(answer).toBeGreaterThanOrEqual(11);
    expect(answer).toBeLessThanOrEqual(12);
  });

  it('does not stop far below a limit that is told where something else refuses', () => {
    const { levels, answer } = searchOf({ ...limited(10, linear(51)), bucket: 100, lasts: linear(10) });
    expect(levels.slice(0, 3)).toEqual([4, 4, 49]);
    expect(answer).toBe(10);
  });

  it('ends at the highest level allowed where nothing gives way', () => {
    const free = { perSecond: linear, admissible: () => true };
    expect(searchOf(free, { maxLevel: 50 }).levels).toEqual([4, 8, 16, 32, 50]);
  });

  it('measures the highest level in one go, for all that can be spared, since nothing above it can show a limit', () => {
    const free = { perSecond: linear, admissible: () => true };
    const { levels, asked, requests } = searchOf(free);
    expect(levels).toEqual([4, 8, 16, 32, 64, 128]);
    expect(asked.at(-1)).toBeGreaterThan(1000);
    expect(requests).toBeLessThanOrEqual(2000 - 4.5 * 115);
  });

  it('measures the highest level as any other where half of the time left would not do', () => {
    const free = { perSecond: linear, admissible: () => true };
    // 4, 8, 16 and 32 take 150 s, and 64 takes 18.
    const [short, long] = [180_000, 280_000].map((duration) =>
      searchOf(free, { budget: { duration }, maxLevel: 64 }),
    );
    expect([short?.levels[4], short?.asked[4]]).toEqual([64, 288]);
    expect([long?.levels[4], long?.asked[4]]).toEqual([64, undefined]);
  });

  it('looks for a peak between a level that is not full and one that is slower', () => {
    // Grows in proportion up to 42, and falls by half beyond.
    const thrashing: Formula = {
      perSecond: (level) => (level <= 42 ? linear(level) : linear(42) / (1 + 0.05 * (level - 42))),
      admissible: (level) => level <= 60,
      lateness: (level) => level / 60,
    };
    const { levels, answer } = searchOf(thrashing);
    expect(levels.slice(0, 5)).toEqual([4, 8, 16, 32, 64]);
    expect(answer).toBeGreaterThanOrEqual(38);
    expect(answer).toBeLessThanOrEqual(45);
  });

  it('looks below 4 where 4 is too much', () => {
    expect(searchOf(limited(3)).levels).toEqual([4, 2, 3]);
    expect(searchOf(limited(1)).levels).toEqual([4, 2, 1]);
    expect(searchOf(limited(0)).levels).toEqual([4, 2, 1]);
  });

  it('looks below 4 where a higher level shows that 4 lived on a full bucket', () => {
    const bursts: Formula = {
      perSecond: linear,
      admissible: (level) => level <= 4,
      bursts: 3,
      lasts: linear(3),
    };
    const { levels, answer } = searchOf(bursts);
    expect(levels).toEqual([4, 8, 2, 3, 3]);
    expect(answer).toBe(3);
  });

  it('aims once more where the latency turns out to be another than that of a few calls', () => {
    const slow: Formula = {
      ...limited(28, linear(23)),
      limitedBy: 'tokens',
      callMs: (level) => (level === 4 ? 3000 : 4000),
    };
    expect(searchOf({ ...slow, perSecond: linear }).levels).toEqual([4, 17, 22]);
  });

  it('measures an idle endpoint where latency rises with the load, and for nothing else', () => {
    const shared = (level: number) => 1 + 0.03 * (level - 1);
    const sharing: Formula = {
      perSecond: (level) => linear(level) / shared(level),
      callMs: (level) => CYCLE * shared(level),
      admissible: (level) => level <= 34,
    };
    const { levels, answer } = searchOf(sharing);
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(answer).toBeGreaterThanOrEqual(30);
    expect(searchOf(limited(23)).levels).not.toContain(1);
  });

  /** A server whose calls get slower with the load, and too slow above `most`. */
  const slowing = (most: number): Formula => {
    const shared = (level: number) => 1 + 0.03 * (level - 1);
    return {
      perSecond: (level) => linear(level) / shared(level),
      callMs: (level) => CYCLE * shared(level),
      lateness: (level) => shared(level) / shared(most),
      admissible: (level) => level <= most,
    };
  };

  it('looks where calls should become too slow, instead of half-way', () => {
    const { levels, answer } = searchOf(slowing(36));
    expect(levels.slice(0, 6)).toEqual([4, 8, 16, 32, 64, 1]);
    expect(levels.slice(6).every((level) => level <= 40)).toBe(true);
    expect(new Set(levels.slice(6).filter((level) => level > 32)).size).toBeLessThanOrEqual(2);
    expect(answer).toBeGreaterThanOrEqual(32);
    expect(answer).toBeLessThanOrEqual(36);
  });

  it('measures twice as many calls of the idle endpoint where latency is what gives way', () => {
    const idle = (server: Formula) => {
      const { levels, asked } = searchOf(server, { maxLevel: 32 });
      return levels.flatMap((level, i) => (level === 1 ? [asked[i]] : []));
    };
    expect(idle(slowing(28))).toEqual([160]);
    expect(idle(slowing(60))).toEqual([80]);
  });

  it('stays within 10 % of any bound on latency, and its budget', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 110 }), (most) => {
        const { answer, requests } = searchOf(slowing(most));
        expect(answer).toBeLessThanOrEqual(most);
        expect(linear(answer) / (1 + 0.03 * (answer - 1))).toBeGreaterThanOrEqual(
          (0.85 * linear(most)) / (1 + 0.03 * (most - 1)),
        );
        expect(requests).toBeLessThanOrEqual(2000);
      }),
    );
  });

  it('goes on upwards where what was too slow by the lowest level is not by an idle endpoint', () => {
    const { levels } = searchOf({ ...slowing(60), late: 20 });
    expect(levels.slice(0, 4)).toEqual([4, 8, 16, 32]);
    expect(Math.max(...levels)).toBeGreaterThan(32);
  });

  it('comes to an end whatever it is shown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 30, noNaN: true }), { minLength: 129, maxLength: 129 }),
        fc.integer({ min: 1, max: 129 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (paces, most, slowing) => {
          const { levels, requests } = searchOf({
            perSecond: (level) => paces[level] ?? 1,
            callMs: (level) => CYCLE * (1 + slowing * level),
            admissible: (level) => level <= most,
          });
          expect(levels.length).toBeLessThan(80);
          expect(requests).toBeLessThanOrEqual(2000);
        },
      ),
    );
  });

  it('comes to an end on a server that is full with one call and a half', () => {
    const { levels } = searchOf({
      perSecond: (level) => linear(Math.min(level, 1.4)),
      callMs: (level) => CYCLE * Math.max(1, level / 1.4),
      admissible: (level) => level <= 4,
    });
    expect(levels.length).toBeLessThan(20);
  });

  it('looks for the knee of a server that lets calls wait where Little’s law says, but for a peak half-way', () => {
    const waiting = { perSecond: (level: number) => linear(Math.min(level, 70)), admissible: () => true };
    expect(searchOf(waiting).levels.slice(0, 7)).toEqual([4, 8, 16, 32, 64, 128, 74]);
    const peak = {
      perSecond: (level: number) => (level <= 48 ? level / 4 : 12 * (48 / level)),
      admissible: () => true,
    };
    expect(searchOf(peak).levels).not.toContain(51);
  });

  it('finds where a plateau begins, though nothing is refused', () => {
    const slots = { perSecond: (level: number) => linear(Math.min(level, 20)), admissible: () => true };
    expect(searchOf(slots).answer).toBeGreaterThanOrEqual(19);
    expect(searchOf(slots).answer).toBeLessThanOrEqual(22);
  });

  it('looks for the start of a plateau and not for its end, where calls queue until they are too slow', () => {
    const queue: Formula = {
      perSecond: (level) => linear(Math.min(level, 20)),
      callMs: (level) => (CYCLE * Math.max(level, 20)) / 20,
      admissible: (level) => level <= 39,
    };
    const { levels, answer } = searchOf(queue);
    expect(levels.filter((level) => level > 32)).toEqual([64]);
    expect(answer).toBeGreaterThanOrEqual(19);
    expect(answer).toBeLessThanOrEqual(22);
  });

  it('takes a rise that chance may have made for a plateau, and looks for its start', () => {
    // Workers and a line: 128 is too slow, and happens to look 7 % faster than 64.
    const workers: Formula = {
      perSecond: (level) => linear(Math.min(level, 34)) * (level === 128 ? 1.07 : 1),
      callMs: (level) => (CYCLE * Math.max(level, 34)) / 34,
      admissible: (level) => level <= 66,
      error: 0.04,
    };
    expect(searchOf(workers).levels.slice(5, 8)).toEqual([128, 1, 36]);
    expect(searchOf({ ...workers, error: 0.005 }).levels).toContain(96);
  });

  it('looks where calls in flight say how many a server takes that turns the others away', () => {
    const cap: Formula = {
      perSecond: (level) => linear(Math.min(level, 80)),
      admissible: (level) => level <= 83,
    };
    const { levels, answer } = searchOf(cap);
    expect(levels.slice(5, 8)).toEqual([128, 76, 84]);
    expect(answer).toBeGreaterThanOrEqual(76);
    // Where a share of all calls fails, fewer are in flight as well, but that is no room to aim at.
    const failing: Formula = {
      perSecond: (level) => 0.85 * linear(level),
      admissible: (level) => level <= 30,
    };
    expect(searchOf(failing).levels.slice(0, 5)).toEqual([4, 8, 16, 32, 24]);
  });

  it('goes on with what it can afford where the next step is too dear', () => {
    // Half-way to 128, where it breaks down, would take 432 requests.
    const breaking: Formula = {
      perSecond: (level) => linear(level <= 66 ? Math.min(level, 45) : 20),
      admissible: (level) => level <= 66,
    };
    const budget = { requests: 1650 };
    const { levels, requests, answer } = searchOf(breaking, { budget });
    expect(levels).toEqual([4, 8, 16, 32, 64, 128, 48]);
    expect(answer).toBeLessThanOrEqual(50);
    expect(requests).toBeLessThanOrEqual(1650);
  });

  it('holds an answer for as long as its calls take', () => {
    const slow: Formula = {
      perSecond: (level) => Math.min(level, 23) / 120,
      callMs: () => 120_000,
      admissible: (level) => level <= 23,
      lasts: 23 / 120,
    };
    const { levels, blocks, brought } = searchOf(slow);
    expect([levels.at(-1), blocks.at(-1)]).toEqual([23, 1]);
    expect(brought.at(-1)).toBeGreaterThan(150);
  });

  it('looks once more at a level that chance may have made look worse', () => {
    let looks = 0;
    const noisy: Formula = {
      perSecond: (level) => linear(Math.min(level, 14)) * (level === 16 && looks++ === 0 ? 0.93 : 1),
      callMs: (level) => (CYCLE * Math.max(level, 14)) / 14,
      admissible: (level) => level <= 27,
    };
    const { levels, answer } = searchOf(noisy);
    expect(levels.filter((level) => level === 16).length).toBeGreaterThan(1);
    expect(answer).toBeLessThanOrEqual(15);
  });

  it('presses an endpoint that refuses until the pace shows that it lets last, where nobody tells it', () => {
    const { levels, answer } = searchOf({ ...limited(23), hides: true });
    expect(levels.slice(0, 6)).toEqual([4, 8, 16, 32, 32, 21]);
    expect(answer).toBeGreaterThanOrEqual(21);
  });

  it('doubts a limit that one level alone shows, and may be let have less than', () => {
    // 32 at once show 10 calls' worth, where 20 last.
    const drained: Formula = {
      perSecond: (level) => (level <= 20 ? linear(level) : linear(10)),
      admissible: (level) => level <= 20,
      lasts: linear(10),
      bursts: 10,
      doubtful: 30,
    };
    const { levels, answer } = searchOf(drained);
    expect(levels.slice(0, 6)).toEqual([4, 8, 16, 32, 24, 16]);
    expect(answer).toBe(20);
    // Where it is beyond doubt, nothing of the kind is spent.
    const { doubtful: _, ...sure } = drained;
    expect(searchOf(sure).levels.filter((level) => level > 11)).toEqual([16, 32]);
  });

  it('measures a level again that was the first to be refused, where its limit is doubtful and all below it holds', () => {
    const { levels } = searchOf({ ...limited(60), doubtful: 30 });
    expect(levels.slice(0, 7)).toEqual([4, 8, 16, 32, 64, 64, 57]);
    expect(searchOf(limited(60)).levels.filter((level) => level === 64)).toHaveLength(1);
  });

  it('measures no level with too few requests for a steady part', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 100, max: 2000 }),
        (ceiling, requests) => {
          const { levels, asked } = searchOf(limited(ceiling), { budget: { requests } });
          for (const [i, level] of levels.entries())
            if (level > 4) expect(asked[i]).toBeGreaterThanOrEqual(Math.ceil(4.5 * level));
        },
      ),
    );
  });

  it('gives way to what a longer look shows', () => {
    let looks = 0;
    const shaky: Formula = {
      perSecond: (level) => Math.min(linear(level), linear(24)),
      // 22 looks good at first and collapses when it is held.
      admissible: (level) => level < 22 || (level === 22 && looks++ === 0),
    };
    const { levels, answer } = searchOf(shaky);
    expect(levels.filter((level) => level === 22)).toHaveLength(2);
    expect(answer).toBeLessThan(22);
    expect(answer).toBeGreaterThanOrEqual(19);
  });

  it('stays within its budget of requests, and stops when its time is over', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 100, max: 3000 }),
        (ceiling, requests) => {
          expect(searchOf(limited(ceiling), { budget: { requests } }).requests).toBeLessThanOrEqual(requests);
        },
      ),
    );
    const { levels } = searchOf(limited(60), { budget: { duration: 90_000 } });
    expect(levels.length).toBeLessThan(6);
  });

  it('plans with what a call has cost so far where its budget is money', () => {
    const worst = 3 * CALL_USD;
    const { requests, answer } = searchOf(limited(23), { budget: { usd: 2.5, worst } });
    expect(requests).toBeGreaterThan(400);
    expect(requests * CALL_USD).toBeLessThanOrEqual(2.5 - 16 * worst);
    expect(answer).toBeGreaterThanOrEqual(20);
    expect(searchOf(limited(23), { budget: { usd: 0.1, worst } }).levels).toEqual([4]);
  });

  it('comes within 10 % of any ceiling with 2,000 requests', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 120 }), (ceiling) => {
        const { answer } = searchOf(limited(ceiling));
        expect(answer).toBeLessThanOrEqual(ceiling);
        expect(answer).toBeGreaterThanOrEqual(Math.floor(ceiling * 0.9) - 1);
      }),
    );
  });
});
