import { describe, expect, it } from 'vitest';
import { HopeStop } from '../../src/run/hope-stop.ts';
import { attempt, request } from '../support/record-fixtures.ts';

const LEVEL = 10;
const HOPED = { perSecond: 85, shownAfter: 100, provenAfter: 300, callMs: 100 };

/** A full loop of ten slots whose calls take so long each. */
const loop = (callMs: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i / LEVEL) * callMs + (i % LEVEL);
    return request([attempt(from, from + callMs)], { level: LEVEL });
  });

/** After how many requests that have started it has seen enough; `refusedAfter` is when an attempt is refused that goes on trying. */
const reachedAfter = (
  records: ReturnType<typeof loop>,
  refusedAfter?: number,
  hoped = HOPED,
): number | undefined => {
  const stop = new HopeStop(LEVEL, hoped);
  const index = records.findIndex((record, i) => {
    if (i === refusedAfter) stop.attempt(attempt(record.endedAt - 10, record.endedAt, 'rate-limited'));
    stop.add(record);
    return stop.reached;
  });
  return index < 0 ? undefined : index + 1 + LEVEL;
};

describe('a level that may live on a full bucket', () => {
  it('ends soon where it is slower than hoped for', () => {
    expect(reachedAfter(loop(130, 600))).toBe(100);
  });

  it('is measured until that is proven where it is as fast', () => {
    expect(reachedAfter(loop(100, 600))).toBe(300);
  });

  it('goes on where too few of its calls are over to know how fast it is', () => {
    const early = { ...HOPED, shownAfter: 35 };
    expect(reachedAfter(loop(100, 600), undefined, early)).toBe(300);
    expect(reachedAfter(loop(130, 600), undefined, early)).toBeLessThan(60);
  });

  it('ends soon where it was refused early on', () => {
    expect(reachedAfter(loop(100, 600), 20)).toBe(100);
  });

  it.each([85, 270])(
    'goes on where the bucket has just ended, until the limit has shown (%i)',
    (refusedAfter) => {
      // Five calls' time, of ten calls each.
      const found = reachedAfter(loop(100, 600), refusedAfter) ?? 0;
      expect(found).toBeGreaterThan(refusedAfter + 5 * LEVEL);
      expect(found).toBeLessThan(refusedAfter + 8 * LEVEL);
    },
  );

  it('stays reached', () => {
    const stop = new HopeStop(LEVEL, HOPED);
    for (const record of loop(130, 100)) stop.add(record);
    expect(stop.reached).toBe(true);
    for (const record of loop(100, 300)) stop.add(record);
    expect(stop.reached).toBe(true);
  });
});
