import { describe, expect, it } from 'vitest';
import { LevelAccumulator, summarize } from '../../src/measure/summarize.ts';
import { attempt, failure, notFinite, request } from '../support/record-fixtures.ts';

const usage = (inputTokens: number, outputTokens: number) => ({ usage: { inputTokens, outputTokens } });

/** Two slots from 1000 to 3400: a retried success, a late success, a failure after a retry, and two cut off. */
const RECORDS = [
  request([attempt(1000, 1400, 'rate-limited'), attempt(2000, 3000)], { level: 2, ...usage(10, 5) }),
  request([attempt(1010, 2010)], { level: 2, scheduledAt: 1000, ...usage(12, 7) }),
  request([attempt(2010, 2110, 'server'), attempt(2500, 2600, 'server')], { level: 2 }),
  request([attempt(2600, 3400, 'cancelled')], { level: 2 }),
  request([attempt(3000, 3200, 'rate-limited')], { level: 2, outcome: 'cancelled', endedAt: 3400 }),
];

describe('summarize', () => {
  it('gives every figure of a run worked out by hand', () => {
    const { metrics, steady, burst, blocks, ...figures } = summarize(2, RECORDS);
    expect(figures).toEqual({
      level: 2,
      load: 'closed',
      window: { fromMs: 1000, toMs: 3400 },
      wallClockMs: 2400,
      drainMs: 400, // the last one started at 3000
      counts: { requests: 5, ok: 2, failed: 1, dropped: 0, cancelled: 2, attempts: 7, rateLimited: 2 },
      failures: { server: 1 },
      failedAttempts: { cancelled: 1, 'rate-limited': 2, server: 2 },
      rates: {
        offeredPerSecond: (5 / 2400) * 1000,
        achievedPerSecond: (2 / 2400) * 1000,
        goodputPerSecond: (2 / 2400) * 1000,
        attemptsPerSecond: (7 / 2400) * 1000,
        outputTokensPerSecond: 5,
      },
      attemptsPerSuccess: 3, // of seven attempts, one was cancelled by us
      retryOverhead: (800 + 1190) / 4790,
      settled: null, // no request is known to have followed another
      sustained: false,
      arrivals: null,
      rateLimits: { told: {}, refusals: {} },
      slotTime: {
        totalMs: 4800,
        serviceMs: 2000,
        rejectedMs: 600, // 400 + 200, answered with 429
        failedAttemptsMs: 200, // 100 + 100, without a status
        cancelledMs: 800,
        backoffMs: 1190, // 600 + 390 + the 200 before the stop
        limiterMs: 0,
        idleMs: 10, // the late start
      },
      waste: { attempts: 4, inputTokens: 22, outputTokens: 0 }, // two accepted prompts, each the mean of 10 and 12
      backoffPerSuccessMs: 1190 / 2,
      effectiveConcurrency: 2000 / 2400,
      inFlight: { mean: 4790 / 2400, max: 2 },
      tokens: { input: 22, output: 12 },
    });
    expect(steady).toBeNull(); // five requests say nothing
    expect(burst).toEqual({
      because: 'not-settled',
      first429AfterMs: 400,
      perSecond: 2.5, // one of the admitted ones had started by then
      limitedPerSecond: null,
      bucketAttempts: null,
      headerPerSecond: null,
    });
    expect(blocks).toEqual([
      {
        block: 0,
        requests: 5,
        ok: 2,
        failures: 1,
        fromMs: 1000,
        wallClockMs: 2400,
        perSecond: (2 / 2400) * 1000,
        attemptsPerSuccess: 3,
        retryOverhead: (800 + 1190) / 4790,
        p50: 1500,
        p95: null,
        p99: null,
        ttftP50: null,
        ttftP95: null,
        goodputPerSecond: (2 / 2400) * 1000,
        costPerSuccessUsd: null,
      },
    ]);
    expect(Object.keys(metrics)).toEqual([
      'serviceTime',
      'attemptTime',
      'addedLatency',
      'responseTime',
      'outputRate',
      'outputTokens',
    ]);
  });

  it('describes the successes only, each metric by its own definition', () => {
    const { metrics } = summarize(2, RECORDS);
    const pair = (unit: string, low: number, high: number) => ({
      unit,
      count: 2,
      mean: (low + high) / 2,
      stdev: expect.closeTo((high - low) / Math.SQRT2, 9),
      min: low,
      p50: (low + high) / 2,
      p90: null,
      p95: null,
      p99: null,
      max: high,
      p50Interval: null,
      p90Interval: null,
      p95Interval: null,
      p99Interval: null,
      p50AtLeast: null, // it may lie below both, one time in four
      p90AtLeast: low, // below both once in a hundred times
      p95AtLeast: low,
      p99AtLeast: high, // below it twice in a hundred times
    });
    expect(metrics.serviceTime).toEqual(pair('ms', 1000, 2000)); // from the first attempt, waits included
    expect(metrics.attemptTime).toEqual(pair('ms', 1000, 1000)); // of the attempt that brought the answer
    expect(metrics.responseTime).toEqual(pair('ms', 1010, 2000)); // from the intended start
    expect(metrics.outputTokens).toEqual(pair('tokens', 5, 7));
  });

  it('tells the limiter’s wait from backoff, and backoff in a slot from backoff without one', () => {
    const held = request([{ ...attempt(300, 400, 'rate-limited'), readyAt: 100 }, attempt(900, 1400)], {
      scheduledAt: 100,
    });
    const released = request([attempt(0, 100, 'rate-limited'), { ...attempt(700, 1200), readyAt: 600 }], {
      released: true,
    });
    expect(summarize(1, [held]).slotTime).toMatchObject({
      totalMs: 1300,
      serviceMs: 500,
      rejectedMs: 100,
      limiterMs: 200,
      backoffMs: 500,
      idleMs: 0,
    });
    expect(summarize(1, [held]).metrics.addedLatency?.mean).toBe(800);
    const free = summarize(1, [released]);
    expect(free.slotTime).toMatchObject({ serviceMs: 500, rejectedMs: 100, limiterMs: 100, backoffMs: 0 });
    expect(free.slotTime.idleMs).toBe(500); // nobody else took the slot
    expect(free.backoffPerSuccessMs).toBe(500);
    expect(free.inFlight.mean).toBeCloseTo(700 / 1200, 12);
  });

  it('counts as waste what failed attempts had cost: told, begun, or the prompt sent again', () => {
    const cut = { ...attempt(0, 100, 'truncated'), lost: { chunks: 7 } };
    const told = {
      ...attempt(200, 300, 'stalled'),
      lost: { chunks: 3, usage: { inputTokens: 11, outputTokens: 5 } },
    };
    const { waste } = summarize(1, [
      request([cut, told, attempt(400, 500, 'rate-limited'), attempt(600, 700)], usage(10, 9)),
    ]);
    expect(waste).toEqual({ attempts: 3, inputTokens: 21, outputTokens: 12 });
  });

  it('takes the times of a stream from the attempt that brought it', () => {
    const second = { ...attempt(500, 1100), firstTokenAt: 700 };
    const { metrics } = summarize(1, [
      request([attempt(0, 100, 'overloaded'), second], {
        firstTokenAt: 700,
        lastTokenAt: 1000,
        ...usage(10, 4),
      }),
    ]);
    expect(metrics.ttft).toMatchObject({ mean: 200, count: 1 });
    expect(metrics.tpot).toMatchObject({ mean: 100, count: 1 }); // 300 ms for the three tokens after the first
  });

  it('knows no time per token where there is none to speak of', () => {
    const stream = { firstTokenAt: 5, lastTokenAt: 5 };
    for (const record of [
      request([attempt(0, 10)], { ...stream, ...usage(10, 1) }),
      request([attempt(0, 10)], stream),
      request([attempt(0, 10)], usage(10, 9)),
    ])
      expect(summarize(1, [record]).metrics.tpot).toBeUndefined();
  });

  // The usage of a reasoning model counts tokens that were never streamed as content (firstTokenAt leaves them out).
  it('counts only streamed tokens into the time per token', () => {
    const { metrics } = summarize(1, [
      request([{ ...attempt(0, 2000), firstTokenAt: 1000 }], {
        firstTokenAt: 1000,
        lastTokenAt: 2000,
        usage: { inputTokens: 10, outputTokens: 1011, reasoningTokens: 1000 },
      }),
    ]);
    expect(metrics.tpot?.mean).toBe(100); // 10 intervals between 11 visible tokens in one second
  });

  it('gives a percentile only from enough samples', () => {
    const sample = (count: number) =>
      summarize(
        1,
        Array.from({ length: count }, (_, i) => request([attempt(1000 * i, 1000 * i + 100 + i)])),
      ).metrics.serviceTime;
    const known = (count: number) =>
      (['p50', 'p90', 'p95', 'p99'] as const).filter((name) => sample(count)?.[name] !== null);
    expect(known(1)).toEqual([]);
    expect(known(2)).toEqual(['p50']);
    expect(known(9)).toEqual(['p50']);
    expect(known(10)).toEqual(['p50', 'p90']);
    expect(known(19)).toEqual(['p50', 'p90']);
    expect(known(20)).toEqual(['p50', 'p90', 'p95']);
    expect(known(99)).toEqual(['p50', 'p90', 'p95']);
    expect(known(100)).toEqual(['p50', 'p90', 'p95', 'p99']);
    expect(sample(101)).toMatchObject({ p50: 150, p90: 190, p95: 195, p99: 199, min: 100, max: 200 });
  });

  it('leaves out other levels and phases', () => {
    const others = [
      request([attempt(0, 9000)], { level: 3 }),
      request([attempt(0, 9000, 'server')], { level: 2, phase: 'warmup' }),
      request([attempt(0, 9000)], { level: 2, phase: 'reference' }),
    ];
    expect(summarize(2, [...others, ...RECORDS, ...others])).toEqual(summarize(2, RECORDS));
    expect(summarize(2, others).counts.requests).toBe(0);
  });

  it('can be asked for another phase', () => {
    const reference = new LevelAccumulator(1, { phase: 'reference' });
    reference.add(request([attempt(0, 100)], { phase: 'reference' }));
    reference.add(request([attempt(0, 900)]));
    expect(reference.requests).toBe(1);
    expect(reference.finish()).toMatchObject({ wallClockMs: 100, counts: { ok: 1, attempts: 1 } });
  });

  it('counts a dropped request as offered, and nothing else of it', () => {
    const dropped = request([], { outcome: 'dropped', startedAt: 50, endedAt: 50 });
    const summary = summarize(1, [request([attempt(0, 100)]), dropped]);
    expect(summary.counts).toMatchObject({ requests: 2, ok: 1, dropped: 1, failed: 0, attempts: 1 });
    expect(summary.inFlight).toEqual({ mean: 1, max: 1 });
    expect(summary.failures).toEqual({});
  });

  it('does not count a cancelled request as failed, whatever its attempts met', () => {
    const summary = summarize(1, [
      request([attempt(0, 10, 'rate-limited')], { outcome: 'cancelled', endedAt: 50 }),
    ]);
    expect(summary.failures).toEqual({});
    expect(summary.failedAttempts).toEqual({ 'rate-limited': 1 });
    expect(summary.counts).toMatchObject({ cancelled: 1, failed: 0, rateLimited: 1 });
  });

  it('counts every answer with HTTP 429 as such, and no other, whatever kind of failure it is', () => {
    const exhausted = { ...attempt(0, 10, 'quota'), status: 429 };
    const inMidStream = { ...attempt(0, 10, 'rate-limited'), status: 200 };
    const { counts, failedAttempts } = summarize(1, [request([exhausted]), request([inMidStream])]);
    expect(counts.rateLimited).toBe(1);
    expect(failedAttempts).toEqual({ quota: 1, 'rate-limited': 1 });
  });

  describe('of what is settled', () => {
    const numbered = (records: readonly ReturnType<typeof request>[]) =>
      records.map((record, index) => ({ ...record, level: 2, index }));
    /** Two that start together, one refused; then one that fails once, waits 100 and succeeds. */
    const start = [
      request([attempt(0, 100, 'rate-limited'), attempt(600, 1600)]),
      request([attempt(0, 1000)]),
      request([attempt(1000, 1100, 'server'), attempt(1200, 2000)]),
    ];

    it('leaves out the first request of each slot', () => {
      const { settled, attemptsPerSuccess } = summarize(
        2,
        numbered([...start, request([attempt(1600, 2600)])]),
      );
      expect(settled).toEqual({
        requests: 2,
        attemptsPerSuccess: 1.5,
        retryOverhead: 200 / 2000, // 100 failed and 100 waited, of 1000 + 1000
      });
      expect(attemptsPerSuccess).toBe(1.5); // of all: 6 attempts for 4
    });

    it('counts what failed in the end into its cost', () => {
      const lost = request([attempt(1600, 2000, 'server'), attempt(2500, 2600, 'server')]);
      expect(summarize(2, numbered([...start, lost])).settled).toEqual({
        requests: 2,
        attemptsPerSuccess: 4,
        retryOverhead: (200 + 1000) / 2000,
      });
    });

    it('knows nothing where fewer requests than slots followed another', () => {
      expect(summarize(2, numbered(start)).settled).toBeNull();
      expect(summarize(2, []).settled).toBeNull();
    });

    it('does not count what we cancelled, not even to be enough', () => {
      const cancelled = request([attempt(1600, 1700, 'rate-limited')], {
        outcome: 'cancelled',
        endedAt: 1900,
      });
      expect(summarize(2, numbered([...start, cancelled])).settled).toBeNull();
      const enough = [...start, request([attempt(1600, 2600)])];
      expect(summarize(2, numbered([...enough, cancelled])).settled).toEqual(
        summarize(2, numbered(enough)).settled,
      );
    });

    it('knows nothing where none of them succeeded', () => {
      const failed = (at: number) => request([attempt(at, at + 100, 'server')]);
      expect(summarize(2, numbered([...start.slice(0, 2), failed(1000), failed(1600)])).settled).toBeNull();
    });

    it('goes by the number of a request, not by the order in which it completed', () => {
      const records = numbered([...start, request([attempt(1600, 2600)])]);
      expect(summarize(2, records.toReversed()).settled).toEqual(summarize(2, records).settled);
    });

    it('costs nothing where its requests took no time', () => {
      const instant = [0, 1].map((index) => request([attempt(7, 7)], { index }));
      expect(summarize(1, instant).settled).toEqual({ requests: 1, attemptsPerSuccess: 1, retryOverhead: 0 });
    });
  });

  it('can be asked in the middle of a level, and goes on', () => {
    const accumulator = new LevelAccumulator(2);
    for (const [index, record] of RECORDS.entries()) {
      accumulator.add(record);
      expect(accumulator.finish()).toEqual(summarize(2, RECORDS.slice(0, index + 1)));
    }
  });

  it('needs ceil(n / level) latencies for n equal calls, and says that the slots were busy', () => {
    const records = Array.from({ length: 500 }, (_, i) => {
      const start = Math.floor(i / 20) * 3840;
      return request([attempt(start, start + 3840)], { level: 20, index: i });
    });
    const summary = summarize(20, records);
    expect(summary).toMatchObject({
      wallClockMs: 96_000,
      retryOverhead: 0,
      attemptsPerSuccess: 1,
      inFlight: { mean: 20, max: 20 },
      slotTime: { totalMs: 1_920_000, serviceMs: 1_920_000, backoffMs: 0, idleMs: 0 },
    });
    expect(summary.rates.achievedPerSecond).toBeCloseTo(20 / 3.84, 9);
  });

  it.each([
    ['no record', []],
    ['one record', [request([attempt(0, 100)])]],
    ['one record of no length', [request([attempt(7, 7)])]],
    ['one failure of no length', [request([attempt(7, 7, 'unreachable')])]],
    ['only dropped', [request([], { outcome: 'dropped' })]],
    ['only failures', [request([attempt(0, 100, 'server')]), request([attempt(100, 200, 'timeout')])]],
    [
      'only cancellations',
      [
        request([attempt(0, 100, 'cancelled')]),
        request([], { outcome: 'cancelled', failure: failure('cancelled') }),
      ],
    ],
  ])('has no figure that is no number: %s', (_name, records) => {
    const summary = summarize(1, records);
    expect(notFinite(summary)).toEqual([]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    if (summary.counts.ok === 0) {
      expect(summary.attemptsPerSuccess).toBeNull();
      expect(summary.metrics).toEqual({});
      expect(summary.rates.achievedPerSecond).toBe(0);
    }
  });

  it('says null, not zero, for the retry overhead of nothing', () => {
    expect(summarize(1, []).retryOverhead).toBeNull();
    expect(summarize(1, [request([attempt(7, 7)])]).retryOverhead).toBeNull();
    expect(summarize(1, [request([attempt(0, 10, 'server')])]).retryOverhead).toBe(1);
  });
});
