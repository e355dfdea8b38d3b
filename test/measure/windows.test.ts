import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowsOf } from '../../src/measure/windows.ts';

/** One slot that asks all the time. */
const ONE = { from: 0, slots: 1 } as const;

interface Asked {
  readonly every: number;
  readonly forMs: number;
  /** From where in a window the block begins. */
  readonly phase: number;
  /** What the window has already let in when it begins. */
  readonly used?: number;
}

/** One attempt each `every` ms against a window that holds so many; a refused one is just as often made again. */
const windowed = (perWindow: number, windowMs: number, { every, forMs, phase, used = 0 }: Asked) => {
  const [admitted, refused]: [number[], number[]] = [[], []];
  let window = 0;
  let left = perWindow - used;
  for (let at = 0; at < forMs; at += every) {
    const now = Math.floor((at + phase) / windowMs);
    if (now !== window) [window, left] = [now, perWindow];
    (left-- > 0 ? admitted : refused).push(at);
  }
  return { admitted: Float64Array.from(admitted), refused: Float64Array.from(refused) };
};

describe('a limit that counts by windows', () => {
  it('is known from the end of a silence to that of another, wherever in a window a block begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 12_000, max: 60_000 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (perWindow, windowMs, phase) => {
          // Used up after half of the window.
          const every = windowMs / perWindow / 2;
          const starts = windowed(perWindow, windowMs, {
            every,
            forMs: 4 * windowMs,
            phase: phase * windowMs,
          });
          const found = windowsOf(starts, ONE);
          expect(found).toBeDefined();
          if (!found || found.only) return;
          const perMs = found.admitted / found.ms;
          expect(Math.abs(perMs / (perWindow / windowMs) - 1)).toBeLessThan(0.1);
          expect(found.perWindow).toBeCloseTo(perWindow, 0);
        },
      ),
    );
  });

  it('lasts as long as limits usually do, where that fits what is known of when two silences ended', () => {
    // Refused or let in every 130 ms, which divides no ten seconds: both ends are known to half of that.
    const seconds = windowed(60, 10_000, { every: 130, forMs: 38_000, phase: 0 });
    expect(windowsOf(seconds, ONE)).toMatchObject({ admitted: 120, ms: 20_000, perWindow: 60 });
    const others = windowed(60, 9000, { every: 110, forMs: 34_000, phase: 0 });
    expect(windowsOf(others, ONE)?.ms).toBeCloseTo(18_000, -3);
    expect(windowsOf(others, ONE)?.ms).not.toBe(20_000);
  });

  it('is one of a minute where it was silent for longer than others are, once: what was let in then is all it holds', () => {
    const early = windowed(360, 60_000, { every: 60, forMs: 70_000, phase: 0 });
    expect(windowsOf(early, ONE)?.only).toEqual({ ms: 60_000, attempts: 360, endsAfterMs: 59_970 });
    // Others had used 200 of it in the 25 s before.
    const late = windowed(360, 60_000, { every: 100, forMs: 40_000, phase: 25_000, used: 200 });
    expect(windowsOf(late, ONE)?.only).toEqual({ ms: 60_000, attempts: 160, endsAfterMs: 34_950 });
  });

  it('is one of ten seconds where a short silence came once, and what its last ten seconds were let have is all it holds', () => {
    const once = windowed(160, 10_000, { every: 50, forMs: 12_000, phase: 0 });
    expect(windowsOf(once, ONE)).toMatchObject({ perWindow: 160, only: { ms: 10_000, attempts: 160 } });
    // Asked for half as much before, it was not used up.
    const slow = Array.from({ length: 50 }, (_, i) => i * 100);
    const later = windowed(160, 10_000, { every: 50, forMs: 12_000, phase: 0 });
    const starts = {
      admitted: Float64Array.from([...slow, ...later.admitted.map((at) => at + 5000)]),
      refused: later.refused.map((at) => at + 5000),
    };
    expect(windowsOf(starts, ONE)).toMatchObject({ perWindow: 160, only: { ms: 10_000 } });
  });

  it('is none where far more came in the ten seconds after it, unless others may have used most of the first', () => {
    const every = (ms: number, from: number, count: number) =>
      Array.from({ length: count }, (_, i) => from + i * ms);
    // Slots and a queue are full after 40, until the first of them are done.
    const starts = {
      admitted: Float64Array.from([...every(60, 0, 40), ...every(100, 3800, 150)]),
      refused: Float64Array.from(every(100, 2400, 14)),
    };
    expect(windowsOf(starts, { ...ONE, isRested: true })).toBeUndefined();
    expect(windowsOf(starts, ONE)).toMatchObject({ perWindow: 40 });
  });

  it('ended when refused calls were told that it would, though none came before 0.7 s later', () => {
    const { admitted, refused } = windowed(160, 10_000, { every: 50, forMs: 13_000, phase: 0 });
    const asleep = {
      admitted: admitted.filter((at) => at < 10_000 || at >= 10_700),
      refused: refused.filter((at) => at < 9200),
    };
    expect(windowsOf(asleep, ONE)?.perWindow).toBe(146);
    // In whole seconds, rounded up.
    const againAt = asleep.refused.map((at) => at + 1000 * Math.ceil((10_000 - at) / 1000));
    expect(windowsOf({ ...asleep, againAt }, ONE)?.perWindow).toBe(160);
    // A constant says nothing: the silence outlasts it.
    const constant = asleep.refused.map((at) => at + 100);
    expect(windowsOf({ ...asleep, againAt: constant }, ONE)?.perWindow).toBe(146);
  });

  it('is one of a minute where ten seconds before had been let have more than the last ten', () => {
    // It began 34 s into the minute, and was silent for the last 3 s of it.
    const late = windowed(360, 60_000, { every: 64, forMs: 30_000, phase: 34_000 });
    expect(windowsOf(late, ONE)?.only).toMatchObject({ ms: 60_000, attempts: 360 });
  });

  it('is none where one is let in now and then, however long nothing is', () => {
    const admitted = Float64Array.from([
      ...Array.from({ length: 40 }, (_, i) => i * 100),
      20_000,
      21_000,
      ...Array.from({ length: 20 }, (_, i) => 40_000 + i * 1000),
    ]);
    const refused = Float64Array.from([4100, 9000, 20_500, 30_000, 40_500]);
    expect(windowsOf({ admitted, refused }, ONE)).toBeUndefined();
  });

  it('is none where nothing was asked for, nor where calls come as seldom all the time', () => {
    const pause = windowed(1000, 60_000, { every: 100, forMs: 3000, phase: 0 });
    const later = pause.admitted.map((at) => at + 30_000);
    const admitted = Float64Array.from([...pause.admitted, ...later]);
    expect(windowsOf({ admitted, refused: Float64Array.of(31_000) }, ONE)).toBeUndefined();
    const seldom = Float64Array.from({ length: 40 }, (_, i) => i * 6000);
    expect(windowsOf({ admitted: seldom, refused: seldom.map((at) => at + 2000) }, ONE)).toBeUndefined();
  });
});
