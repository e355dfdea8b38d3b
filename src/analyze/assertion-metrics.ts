import type { LevelReport, SweepReport } from './report.ts';

/** What an assertion's bound may be written in. */
export type AssertedUnit = 'per-second' | 'ms' | 'share' | 'count' | 'usd';

/** A figure that an assertion may be about; `undefined` or `null` where there is none. */
export interface AssertedMetric {
  readonly unit: AssertedUnit;
  readonly of: (level: LevelReport) => number | null | undefined;
  /** Of the whole run, for an assertion that names no level; without it that is the recommended level. */
  readonly ofRun?: (report: SweepReport) => number | null | undefined;
  /** As long as a level runs it can only grow, so that what is above a bound stays there. */
  readonly grows?: true;
}

const costOf = (level: LevelReport): number | undefined => level.costUsd?.total;

const totalCost = ({ levels }: SweepReport): number | undefined => {
  const costs = levels.flatMap((level) => costOf(level) ?? []);
  return costs.length > 0 ? costs.reduce((sum, cost) => sum + cost, 0) : undefined;
};

const latency = (percentile: 'p50' | 'p90' | 'p95' | 'p99'): AssertedMetric => ({
  unit: 'ms',
  of: ({ metrics }) => metrics.serviceTime?.[percentile],
});

const ttft = (percentile: 'p50' | 'p95' | 'p99'): AssertedMetric => ({
  unit: 'ms',
  of: ({ metrics }) => metrics.ttft?.[percentile],
});

/** Everything an assertion may be about, by the name it is written with. */
export const ASSERTED_METRICS: Readonly<Record<string, AssertedMetric>> = {
  goodput: { unit: 'per-second', of: ({ goodput }) => goodput.perSecond },
  throughput: { unit: 'per-second', of: ({ rates }) => rates.achievedPerSecond },
  output_tokens: { unit: 'per-second', of: ({ rates }) => rates.outputTokensPerSecond },
  wall_clock: { unit: 'ms', of: ({ wallClockMs }) => wallClockMs },
  p50: latency('p50'),
  p90: latency('p90'),
  p95: latency('p95'),
  p99: latency('p99'),
  ttft_p50: ttft('p50'),
  ttft_p95: ttft('p95'),
  ttft_p99: ttft('p99'),
  attempts_per_success: { unit: 'count', of: ({ attemptsPerSuccess }) => attemptsPerSuccess },
  retry_overhead: { unit: 'share', of: ({ retryOverhead }) => retryOverhead },
  failure_rate: {
    unit: 'share',
    of: ({ counts }) => (counts.ok + counts.failed > 0 ? counts.failed / (counts.ok + counts.failed) : null),
  },
  failures: { unit: 'count', of: ({ counts }) => counts.failed, grows: true },
  rate_limited: { unit: 'count', of: ({ counts }) => counts.rateLimited, grows: true },
  successes: { unit: 'count', of: ({ counts }) => counts.ok },
  speed_up: { unit: 'count', of: ({ speedUp }) => speedUp },
  efficiency: { unit: 'share', of: ({ efficiency }) => efficiency },
  cost: { unit: 'usd', of: costOf, ofRun: totalCost, grows: true },
  cost_per_success: { unit: 'usd', of: ({ costUsd }) => costUsd?.perSuccess },
  sweet_spot: { unit: 'count', of: () => undefined, ofRun: ({ sweetSpot }) => sweetSpot?.level ?? 0 },
};
