import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { findingsOf } from '../../src/analyze/finding.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { level } from './levels.ts';

describe('findingsOf', () => {
  const calls = (number: number, meanMs: number): LevelSummary =>
    level(number, { perSecond: (number / meanMs) * 1000 });

  it('tells the time of a call by all levels, where they differ by no more than chance', () => {
    const found = findingsOf([calls(4, 3990), calls(20, 4010)], CRITERIA);
    expect(found.map(({ perCallMs }) => Math.round(perCallMs))).toEqual([4000, 4000]);
  });

  it('tells each level’s own where the load changes it', () => {
    const [low, high] = findingsOf([calls(4, 3990), calls(20, 4800)], CRITERIA);
    expect(low?.perCallMs).toBe(low?.callMs);
    expect(high?.perCallMs).toBe(high?.callMs);
  });

  it('tells how near to their bound the latencies of a level are', () => {
    const levels = [
      level(1, { perSecond: 0.25, p95: 4000 }),
      level(20, { perSecond: 4, p95: 6000 }),
      level(40, { perSecond: 5, p95: 9000 }),
    ];
    expect(findingsOf(levels, CRITERIA).map(({ lateness }) => lateness)).toEqual([0.5, 0.75, 1.125]);
    expect(findingsOf([level(1, { perSecond: 0.25, p95: null })], CRITERIA)[0]?.lateness).toBe(0);
  });
});
