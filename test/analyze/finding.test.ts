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
});
