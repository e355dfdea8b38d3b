import { expect, it } from 'vitest';
import { predictionOf } from '../../src/calibrate/prediction.ts';
import { predictionTable } from '../../src/cli/prediction-table.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { createRng, lognormalMean } from '../../src/core/rng.ts';
import { summarize } from '../../src/measure/summarize.ts';

/** A level of ten at once whose calls take `mean` on average. */
const level = (seed: number, mean: number, { requests = 400, cv = 0.3 } = {}) => {
  const rng = createRng(seed);
  const freeAt = Array.from({ length: 10 }, () => 0);
  const records = Array.from({ length: requests }, (_, index): RequestRecord => {
    const slot = freeAt.indexOf(Math.min(...freeAt));
    const startedAt = freeAt[slot] ?? 0;
    const endedAt = startedAt + lognormalMean(rng, mean, cv);
    freeAt[slot] = endedAt;
    const attempts = [{ startedAt, endedAt }];
    return {
      level: 10,
      index,
      phase: 'measure',
      scheduledAt: startedAt,
      startedAt,
      endedAt,
      attempts,
      outcome: 'ok',
    };
  });
  return summarize(10, records);
};

const virtual = (mean: number, options = {}) =>
  [11, 12, 13, 14, 15].map((seed) => level(seed, mean, options));

const PLAIN = { color: false, width: 80, unicode: true };

const shown = (...args: Parameters<typeof predictionOf>) =>
  predictionTable([{ ...predictionOf(...args), run: undefined }], 5, PLAIN).join('\n');

it('is close within 10 %, and shows the interval of the p95 that was measured', () => {
  const found = predictionOf(level(1, 1000), virtual(1030), true);
  expect(found).toMatchObject({ isSteady: true, perSecond: { verdict: 'close' }, p95: { verdict: 'close' } });
  expect(found.p95?.interval?.low).toBeLessThan(found.p95?.measured ?? 0);
  expect(found.p95?.interval?.high).toBeGreaterThan(found.p95?.measured ?? 0);
  const text = shown(level(1, 1000), virtual(1030), true);
  expect(text).toMatch(/^10 \* .* \d\.\d\d–\d\.\d\d /m);
  expect(text).toContain('2 of 2 figures of held-out levels are within 10 %.');
});

it('is wrong where it is off by more than chance makes of one run', () => {
  const found = predictionOf(level(1, 1000), virtual(1400), true);
  expect(found).toMatchObject({ perSecond: { verdict: 'off' }, p95: { verdict: 'off' } });
  const text = shown(level(1, 1000), virtual(1400), true).replaceAll(/\n +/g, ' ');
  expect(text).toContain('10 at once, held out: throughput −');
  expect(text).toContain('more than chance: the twin is wrong here');
  expect(text).toContain('2 are beyond it by more than chance');
});

it('is off by chance where the next run of the endpoint would be as well', () => {
  const wide = { requests: 80, cv: 1.2 };
  const verdicts = [1, 2, 3, 4, 5, 6, 7, 8].map(
    (seed) => predictionOf(level(seed, 1000, wide), virtual(1000, wide), true).p95?.verdict,
  );
  expect(verdicts).toContain('chance');
  expect(verdicts.filter((verdict) => verdict === 'off').length).toBeLessThanOrEqual(1);
  expect(predictionOf(level(1, 1000, wide), virtual(1000, wide), false).isSteady).toBe(false);
});

it('says nothing of a p95 that a run is too short to have', () => {
  const few = { requests: 12 };
  const found = predictionOf(level(1, 1000, few), virtual(1000, few), false);
  expect(found.p95).toBeNull();
  expect(shown(level(1, 1000, few), virtual(1000, few), false)).toMatch(/^10 .* – +– +– +–$/m);
});
