import { describe, expect, it } from 'vitest';
import { goodputOf } from '../../src/analyze/noise.ts';
import type { HarnessOverhead, LevelReport } from '../../src/analyze/report.ts';
import { warnings } from '../../src/analyze/warnings.ts';
import { level } from './levels.ts';

/** A complete level with a typical latency of 3500 ms, and nothing to say about it. */
const report = (overrides: Partial<LevelReport> = {}, traits: Partial<Parameters<typeof level>[1]> = {}) => ({
  ...level(20, { perSecond: 5, ...traits }),
  complete: true,
  speedUp: 10,
  efficiency: 0.5,
  bound: null,
  admissible: true,
  valid: true,
  goodput: goodputOf(level(20, { perSecond: 5 })),
  littleResidual: 0,
  ...overrides,
});

const of = (
  levels: readonly LevelReport[],
  { speed = 1, overhead = null }: { speed?: number; overhead?: HarnessOverhead | null } = {},
) => warnings({ levels, spot: null, overhead, speed });

const codes = (...args: Parameters<typeof of>) => of(...args).map(({ code }) => code);

const health = { cpuCores: 0.1, eventLoopUtilization: 0.1, eventLoopDelayP99RealMs: 1 };
const ledger = { attempts: 500, ok: 500, rateLimited: 0 };

describe('warnings', () => {
  it('has nothing to say about a good run', () => {
    const good = report({ health, ledger, mockLatenessP99RealMs: 0.1 });
    expect(of([good], { overhead: { perCallRealMs: 1, perCallMs: 1, calls: 200 } })).toEqual([]);
  });

  it('tells a level that was cut short', () => {
    expect(of([report({ complete: false })])).toMatchInlineSnapshot(`
      [
        {
          "code": "level-incomplete",
          "hint": "Run this level again before relying on it.",
          "level": 20,
          "message": "20 at once was cut short after 500 requests: its figures describe only those.",
        },
      ]
    `);
  });

  it('tells that the mock counted otherwise, by whichever count', () => {
    for (const off of [{ attempts: 501 }, { ok: 499 }, { rateLimited: 1 }])
      expect(codes([report({ ledger: { ...ledger, ...off } })])).toEqual(['ledger-mismatch']);
    expect(of([report({ ledger: { attempts: 503, ok: 500, rateLimited: 3 } })])).toMatchInlineSnapshot(`
      [
        {
          "code": "ledger-mismatch",
          "hint": "Do not use this level; please report it with the run folder attached.",
          "level": 20,
          "message": "At 20 at once the mock counted 503 attempts (500 ok, 3 × 429) where 500 (500 ok, 0 × 429) were measured.",
        },
      ]
    `);
  });

  it('does not hold a level that was cut short against the ledger', () => {
    expect(codes([report({ complete: false, ledger: { ...ledger, ok: 7 } })])).toEqual(['level-incomplete']);
  });

  it('tells what failed, the most frequent first', () => {
    const failing = report({ failures: { server: 1, timeout: 4 } }, { ok: 495, failed: 5 });
    expect(of([failing])).toMatchInlineSnapshot(`
      [
        {
          "code": "failures",
          "hint": "Failed requests cost time but are no work done; compare wall-clocks only between levels that fail alike.",
          "level": 20,
          "message": "At 20 at once 1 % of the requests failed in the end: 4 × no answer in time, 1 × server error (5xx).",
        },
      ]
    `);
  });

  it('tells a drain from 10 % of idle slots, but not of sequential calls', () => {
    expect(codes([report({}, { idleShare: 0.0999 })])).toEqual([]);
    expect(codes([report({}, { idleShare: 0.1001 })])).toEqual(['drain']);
    const sequential = { ...report(), ...level(1, { perSecond: 0.2, idleShare: 0.5 }) };
    expect(codes([sequential])).toEqual([]);
    expect(of([report({}, { idleShare: 0.25 })])).toMatchInlineSnapshot(`
      [
        {
          "code": "drain",
          "hint": "Use --requests 1000.",
          "level": 20,
          "message": "At 20 at once 25 % of the slots' time was idle, mostly while the last of 500 requests ran out: a longer batch would show more throughput.",
        },
      ]
    `);
  });

  it('asks for at least 18 requests per slot against the drain', () => {
    const wide = { ...report(), ...level(100, { perSecond: 20, idleShare: 0.3 }) };
    expect(of([wide])[0]?.hint).toBe('Use --requests 1800.');
  });

  it.each([
    ['CPU', { cpuCores: 0.8 }, { cpuCores: 0.81 }],
    ['event loop utilization', { eventLoopUtilization: 0.7 }, { eventLoopUtilization: 0.71 }],
    ['event loop delay', { eventLoopDelayP99RealMs: 20 }, { eventLoopDelayP99RealMs: 20.1 }],
  ])('tells a client that is the bottleneck by its %s', (_name, within, beyond) => {
    expect(codes([report({ health: { ...health, ...within } })])).toEqual([]);
    expect(codes([report({ health: { ...health, ...beyond } })])).toEqual(['client-bound']);
  });

  it('tells a wall clock that moved', () => {
    expect(of([report({ health: { ...health, clockStepRealMs: -3_600_000 } })])).toMatchInlineSnapshot(`
      [
        {
          "code": "clock-step",
          "hint": "Keep the machine awake and run this level again.",
          "level": 20,
          "message": "At 20 at once the wall clock moved by 1h 00m against the steady one: it was set, or the machine slept.",
        },
      ]
    `);
  });

  it('says how late the loop was beside the latency, in model time', () => {
    const busy = report({
      health: { cpuCores: 0.95, eventLoopUtilization: 0.5, eventLoopDelayP99RealMs: 7 },
    });
    expect(of([busy], { speed: 40 })).toMatchInlineSnapshot(`
      [
        {
          "code": "client-bound",
          "hint": "Use a smaller factor, for example --speed 20.",
          "level": 20,
          "message": "At 20 at once this machine was close to being the bottleneck: 0.95 cores busy, the event loop 50 % of the time and late by 7.00 ms of real time at p99 (8 % of the typical latency).",
        },
      ]
    `);
    expect(of([busy])[0]?.hint).toBe('Use a faster or idle machine, or lower levels.');
  });

  // 19 ms late at 40 times real time is 760 of 3500 model ms: a fifth of what is measured.
  it('tells a loop whose delay is magnified by the speed', () => {
    const late = report({ health: { ...health, eventLoopDelayP99RealMs: 19 } });
    expect(codes([late], { speed: 40 })).toEqual(['client-bound']);
    expect(codes([late], { speed: 1 })).toEqual([]);
    const tenth = report({ health: { ...health, eventLoopDelayP99RealMs: 8.75 } }); // 10 % of 3500 at 40
    expect(codes([tenth], { speed: 40 })).toEqual([]);
    expect(codes([tenth], { speed: 41 })).toEqual(['client-bound']);
  });

  it('tells a mock that is late by 5 % of the latency, in model time', () => {
    expect(codes([report({ mockLatenessP99RealMs: 175 })])).toEqual([]); // 5 % of 3500
    expect(codes([report({ mockLatenessP99RealMs: 175.1 })])).toEqual(['mock-late']);
    expect(codes([report({ mockLatenessP99RealMs: 4.375 })], { speed: 40 })).toEqual([]);
    expect(of([report({ mockLatenessP99RealMs: 5 })], { speed: 40 })).toMatchInlineSnapshot(`
      [
        {
          "code": "mock-late",
          "hint": "Use a smaller factor, for example --speed 20.",
          "level": 20,
          "message": "At 20 at once the mock itself answered up to 200 ms late at p99 (5.00 ms of real time).",
        },
      ]
    `);
  });

  it('tells a harness that costs 2 % of the latency', () => {
    const overhead = (perCallMs: number) => ({ perCallRealMs: perCallMs / 40, perCallMs, calls: 200 });
    expect(codes([report()], { overhead: overhead(70), speed: 40 })).toEqual([]);
    expect(of([report()], { overhead: overhead(80), speed: 40 })).toMatchInlineSnapshot(`
      [
        {
          "code": "harness-overhead",
          "hint": "Use a smaller factor, for example --speed 20.",
          "message": "The harness itself adds 80 ms to each call, 2.3 % of the typical latency.",
        },
      ]
    `);
    expect(of([report()], { overhead: overhead(80) })[0]?.hint).toBe('Use longer calls or a faster machine.');
  });

  it('takes the mean for typical where there are too few calls for a median', () => {
    const few = report({ mockLatenessP99RealMs: 6 });
    const attemptTime = few.metrics.attemptTime && { ...few.metrics.attemptTime, p50: null, mean: 100 };
    expect(codes([{ ...few, metrics: attemptTime ? { ...few.metrics, attemptTime } : {} }])).toEqual([
      'mock-late',
    ]);
  });

  it('says nothing relative to a latency that is not known', () => {
    const dead = report(
      { mockLatenessP99RealMs: 1000, health: { ...health, cpuCores: 1 } },
      { perSecond: 0, ok: 0, failed: 5 },
    );
    expect(codes([dead], { overhead: { perCallRealMs: 9, perCallMs: 900, calls: 1 } })).toEqual(['failures']);
  });

  it('comes for the whole run first, then by level in the order of the sweep', () => {
    const levels = [
      { ...report(), ...level(30, { perSecond: 5, idleShare: 0.2 }) },
      { ...report({ complete: false }), ...level(5, { perSecond: 1 }) },
    ];
    const found = of(levels, { overhead: { perCallRealMs: 90, perCallMs: 90, calls: 1 } });
    expect(found.map(({ code, level: number }) => [code, number])).toEqual([
      ['harness-overhead', undefined],
      ['drain', 30],
      ['level-incomplete', 5],
    ]);
  });
});
