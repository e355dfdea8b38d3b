import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanReport, TierPlan } from '../../src/plan/report.ts';
import { planOf } from './plan-of.ts';

/** Four tiers that nobody sells: requests, input and output tokens per minute. */
const TIERS = [
  ['tier-50', 50, 50_000, 10_000],
  ['tier-1000', 1000, 100_000, 25_000],
  ['tier-2000', 2000, 200_000, 40_000],
  ['tier-4000', 4000, 400_000, 80_000],
] as const;

describe('100,000 requests a day on four tiers', () => {
  let dir = '';
  let report: PlanReport;
  let tiers: readonly TierPlan[] = [];
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bench-tiers-'));
    const file = join(dir, 'tiers.json');
    const rows = TIERS.map(([name, requestsPerMinute, inputTokensPerMinute, outputTokensPerMinute]) => ({
      name,
      requestsPerMinute,
      inputTokensPerMinute,
      outputTokensPerMinute,
    }));
    writeFileSync(file, JSON.stringify({ tiers: rows }));
    report = await planOf({
      requests: '100k/day',
      peakFactor: '2',
      inputTokens: '1.2k tokens',
      outputTokens: '300',
      latency: '3.84s',
      retryOverhead: '0%',
      tiers: file,
    });
    tiers = report.tiers;
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('is bound by tokens on each, by requests per minute on none', () => {
    expect(tiers.map(({ buckets }) => buckets[0]?.dimension)).toEqual([
      'output tokens',
      'input tokens',
      'output tokens',
      'output tokens',
    ]);
  });

  it('has the ceilings and the use at the peak that the formulas give', () => {
    expect(tiers.map(({ maxPerSecond }) => maxPerSecond?.toFixed(2))).toEqual([
      '0.56',
      '1.39',
      '2.22',
      '4.44',
    ]);
    expect(tiers.map(({ utilization }) => utilization?.peak.toFixed(2))).toEqual([
      '4.17',
      '1.67',
      '1.04',
      '0.52',
    ]);
  });

  it('cannot keep up on the first, queues for hours and for minutes on the next, and is at ease on the last', () => {
    expect(tiers.map(({ verdict }) => verdict)).toEqual(['too-small', 'queues', 'queues', 'fits']);
    const [first, second, third, fourth] = tiers.map(({ simulation }) => simulation);
    expect(first).toBeNull();
    const hours = (second?.peakP95Ms ?? 0) / 3_600_000;
    expect(hours).toBeGreaterThan(1);
    expect((second?.p95Ms ?? 0) / 3_600_000).toBeGreaterThan(3);
    expect((second?.p95Ms ?? 0) / 3_600_000).toBeLessThan(5);
    expect(second?.finishedAtMs).toBeLessThan(26 * 3_600_000);
    expect((third?.peakP95Ms ?? 0) / 1000).toBeGreaterThan(60);
    expect((third?.peakP95Ms ?? 0) / 1000).toBeLessThan(600);
    expect((fourth?.peakP95Ms ?? 0) / 1000).toBeLessThan(9.2);
    expect(report.recommended).toBe('tier-4000');
    expect(1 - (tiers[3]?.utilization?.peak ?? 1)).toBeCloseTo(0.48, 2);
  });
});
