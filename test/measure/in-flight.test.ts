import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlight, meanInFlight } from '../../src/measure/in-flight.ts';

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Small whole instants, so that ties are common; lengths of zero included. */
const intervals = fc.array(
  fc
    .record({ from: fc.integer({ min: 0, max: 20 }), length: fc.integer({ min: 0, max: 10 }) })
    .map(({ from, length }): Interval => ({ from, to: from + length })),
  { maxLength: 30 },
);

const max = (list: readonly Interval[]) => {
  const inFlight = new InFlight();
  for (const { from, to } of list) inFlight.add(from, to);
  return inFlight.max;
};

/** By definition: the largest number of half-open intervals [from, to) that hold one instant. */
const byDefinition = (list: readonly Interval[]) =>
  Math.max(0, ...list.map(({ from: at }) => list.filter(({ from, to }) => from <= at && at < to).length));

describe('InFlight', () => {
  it('is what its definition says', () => {
    fc.assert(
      fc.property(intervals, (list) => {
        expect(max(list)).toBe(byDefinition(list));
      }),
      { numRuns: 500 },
    );
  });

  it('does not count a slot twice that is handed over', () => {
    expect(
      max([
        { from: 0, to: 10 },
        { from: 10, to: 20 },
        { from: 20, to: 30 },
      ]),
    ).toBe(1);
  });

  it('counts what overlaps by the least', () => {
    expect(
      max([
        { from: 0, to: 10 + 1e-9 },
        { from: 10, to: 20 },
      ]),
    ).toBe(2);
  });

  it('stays exact over more intervals than it holds', () => {
    const inFlight = new InFlight();
    for (let i = 0; i < 350_000; i++) {
      // Twenty at once in closed loop; at one place, long gone at the end, twenty-three.
      const extra = i === 120_000 ? 3 : 0;
      inFlight.add(i, i + 20);
      for (let k = 0; k < extra; k++) inFlight.add(i + 0.5, i + 19.5);
    }
    expect(inFlight.max).toBe(23);
  });

  it('counts a request that was open all the time, though it ends last', () => {
    const inFlight = new InFlight();
    for (let i = 0; i < 250_000; i++) inFlight.add(i, i + 5);
    inFlight.add(0, 250_010);
    expect(inFlight.max).toBe(6);
  });
});

describe('meanInFlight', () => {
  it('is the time average, counted instant by instant', () => {
    fc.assert(
      fc.property(intervals, (list) => {
        const window = Math.max(0, ...list.map(({ to }) => to));
        const ticks = Array.from(
          { length: window },
          (_, at) => list.filter(({ from, to }) => from <= at && at < to).length,
        );
        const busy = list.reduce((sum, { from, to }) => sum + to - from, 0);
        const average = ticks.reduce((sum, open) => sum + open, 0) / (ticks.length || 1);
        expect(meanInFlight(busy, window)).toBeCloseTo(average, 9);
      }),
    );
  });

  it('of no time is none', () => {
    expect(meanInFlight(0, 0)).toBe(0);
  });
});
