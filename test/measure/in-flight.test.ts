import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxInFlight, meanInFlight } from '../../src/measure/in-flight.ts';

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

const max = (list: readonly Interval[]) =>
  maxInFlight(
    Float64Array.from(list, ({ from }) => from),
    Float64Array.from(list, ({ to }) => to),
  );

/** By definition: the largest number of half-open intervals [from, to) that hold one instant. */
const byDefinition = (list: readonly Interval[]) =>
  Math.max(0, ...list.map(({ from: at }) => list.filter(({ from, to }) => from <= at && at < to).length));

describe('maxInFlight', () => {
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

  it('leaves its input as it was', () => {
    const starts = Float64Array.of(3, 1, 2);
    const ends = Float64Array.of(9, 8, 7);
    maxInFlight(starts, ends);
    expect([...starts, ...ends]).toEqual([3, 1, 2, 9, 8, 7]);
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
