import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/analyze/criteria.ts';
import { findingsOf } from '../../src/analyze/finding.ts';
import type { LevelSummary } from '../../src/measure/level-summary.ts';
import { judgedRun } from '../support/judged-run.ts';
import { level } from './levels.ts';

const WORKERS = { latencyMs: 2000, cv: 0.3, law: 'gamma', tells: 'nothing', status: 429 } as const;

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

  it('knows a level whose calls wait in line no better than as many calls of an idle endpoint would be', async () => {
    const [summary] = await judgedRun({
      profile: { ...WORKERS, work: { by: 'workers', count: 5 } },
      levels: [10],
      measure: { requests: 170 },
    });
    const idle = level(1, { perSecond: 0.5 });
    const spread = (cv: number): LevelSummary => {
      const { attemptTime } = idle.metrics;
      if (!attemptTime) throw new Error('no attempts');
      return {
        ...idle,
        metrics: { ...idle.metrics, attemptTime: { ...attemptTime, stdev: cv * attemptTime.mean } },
      };
    };
    const errorAt10 = (cv: number) => {
      const [, high] = findingsOf([spread(cv), ...(summary ? [summary] : [])], CRITERIA);
      return (high?.error ?? Number.NaN) / (high?.perSecond ?? Number.NaN);
    };
    const requests = summary?.steady?.requests ?? Number.NaN;
    expect(errorAt10(0.6)).toBeCloseTo(0.6 / Math.sqrt(requests), 6);
    expect(errorAt10(0.05)).toBeGreaterThan(0.05 / Math.sqrt(requests));
    expect(errorAt10(0.05)).toBeLessThan(errorAt10(0.6));
  });
});
