import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, gamma, lognormalMean } from '../../src/core/rng.ts';
import { meanLifetime } from '../../src/stats/product-limit.ts';

interface Life {
  readonly from: number;
  readonly to: number;
}

/** What a window shows of lives that may begin before it and end after it. */
const seenThrough = (lives: readonly Life[], from: number, to: number) => {
  const seen = lives.filter((life) => life.to > from && life.from < to);
  return {
    enteredAt: Float64Array.from(seen, (life) => Math.max(0, from - life.from)),
    leftAt: Float64Array.from(seen, (life) => Math.min(life.to, to) - life.from),
    ended: Float64Array.from(seen, (life) => (life.to <= to ? 1 : 0)),
  };
};

/** Slots that are never empty, each with one life after another. */
const slots = (
  count: number,
  until: number,
  draw: (of: ReturnType<typeof createRng>) => number,
  seed: number,
) =>
  Array.from({ length: count }, (_, slot) => {
    const rng = createRng(seed).fork(slot);
    const lives: Life[] = [];
    for (let at = -rng.next() * 1000; at < until; ) {
      const to = at + draw(rng);
      lives.push({ from: at, to });
      at = to;
    }
    return lives;
  }).flat();

describe('meanLifetime', () => {
  it('is the plain mean where all lives are seen whole', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 1 }), (lengths) => {
        const mean = lengths.reduce((sum, each) => sum + each, 0) / lengths.length;
        const found = meanLifetime({
          enteredAt: new Float64Array(lengths.length),
          leftAt: Float64Array.from(lengths),
          ended: Float64Array.from(lengths, () => 1),
        });
        expect((found ?? Number.NaN) / mean).toBeCloseTo(1, 9);
      }),
    );
  });

  it('does as the tables do with lives that were lost sight of (Kaplan & Meier 1958)', () => {
    // Four of eight end, at 0.8, 3.1, 5.4 and 9.2; the others are lost sight of at 1, 2.7, 7 and 12.1, the last one with half left.
    const found = (until: number, ended: number) =>
      meanLifetime({
        enteredAt: new Float64Array(8),
        leftAt: Float64Array.from([0.8, 1, 2.7, 3.1, 5.4, 7, 9.2, until]),
        ended: Float64Array.from([1, 0, 0, 1, 1, 0, 1, ended]),
      });
    const shares = [1, 0.875, 0.7, 0.525, 0.2625];
    const stretches = [0.8, 2.3, 2.3, 3.8, 2.9];
    const area = shares.reduce((sum, share, i) => sum + share * (stretches[i] ?? 0), 0);
    expect(found(12.1, 1)).toBeCloseTo(area, 9);
    expect(found(12.1, 0)).toBeUndefined();
  });

  it.each([
    ['gamma', (rng: ReturnType<typeof createRng>) => (1000 * gamma(rng, 9)) / 9],
    ['lognormal', (rng: ReturnType<typeof createRng>) => lognormalMean(rng, 1000, 0.3)],
    ['all alike', () => 1000],
  ] as const)('finds the mean through a window of two lives (%s)', (_, draw) => {
    const means = Array.from({ length: 40 }, (_, seed) => {
      const seen = seenThrough(slots(60, 7000, draw, seed + 1), 3000, 5000);
      return (meanLifetime(seen) ?? Number.NaN) / 1000;
    });
    expect(Math.abs(means.reduce((sum, each) => sum + each, 0) / means.length - 1)).toBeLessThan(0.02);
  });

  it('says nothing where nothing ended, or too much outlived what was seen', () => {
    expect(meanLifetime(seenThrough([{ from: 0, to: 100 }], 10, 20))).toBeUndefined();
    expect(meanLifetime(seenThrough([], 0, 1))).toBeUndefined();
  });
});
