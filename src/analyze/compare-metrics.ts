import type { BlockSummary } from '../measure/level-summary.ts';
import type { Judgement, LevelReport, SweepReport } from './report.ts';

/** A figure that two runs are compared by. */
export interface ComparedMetric {
  readonly label: string;
  readonly unit: 'ms' | '/s' | 'share' | 'USD' | 'count';
  /** `neither`: a change shows that something behaves otherwise, not that it is better or worse. */
  readonly better: 'lower' | 'higher' | 'neither';
  /** What may be 0 is compared by its difference, all else by its ratio. */
  readonly by: 'ratio' | 'difference';
  /** Smallest difference that anyone would act on, in the figure's unit. */
  readonly floor: number;
  /** Without it a comparison is incomplete; what does not gate may stay open, but counts where it has clearly changed. */
  readonly gates: boolean;
  /** A count that only an exact comparison looks at. */
  readonly exactOnly?: true;
}

/** A figure of one level. */
interface LevelMetric extends ComparedMetric {
  of(level: LevelReport, criteria: Judgement): number | null | undefined;
  /** The same of one repeat, where repeats have it. */
  ofBlock?(block: BlockSummary): number | null | undefined;
}

const failureShare = ({ counts }: LevelReport): number | undefined => {
  const ended = counts.ok + counts.failed;
  return ended > 0 ? counts.failed / ended : undefined;
};

/** What a run's success costs, where prices are known. */
const costPerSuccess = ({ costUsd }: LevelReport): number | null | undefined => costUsd?.perSuccess;

/** Without an SLO it is the throughput, which has its own row. */
const goodput = ({ goodput: { perSecond } }: LevelReport, { slo }: Judgement): number | undefined =>
  slo === null ? undefined : perSecond;

const ratio = { by: 'ratio', gates: false } as const;
const milliseconds = { ...ratio, unit: 'ms', better: 'lower', floor: 10 } as const;
const counter = { ...ratio, unit: 'count', floor: 5, exactOnly: true } as const;

/** What levels are compared by, in the order in which it is shown. */
export const LEVEL_METRICS = {
  wallClock: {
    ...milliseconds,
    label: 'wall-clock',
    gates: true,
    // How fast everything failed is no speed.
    of: ({ counts, wallClockMs }) => (counts.ok > 0 ? wallClockMs : undefined),
    ofBlock: ({ ok, wallClockMs }) => (ok > 0 ? wallClockMs : undefined),
  },
  throughput: {
    ...ratio,
    label: 'throughput',
    unit: '/s',
    better: 'higher',
    floor: 0.01,
    gates: true,
    of: ({ rates }) => rates.achievedPerSecond,
    ofBlock: ({ ok, wallClockMs }) => (wallClockMs > 0 ? (ok / wallClockMs) * 1000 : undefined),
  },
  goodput: {
    ...ratio,
    label: 'goodput',
    unit: '/s',
    better: 'higher',
    floor: 0.01,
    gates: true,
    of: goodput,
    ofBlock: ({ goodputPerSecond }) => goodputPerSecond,
  },
  steady: {
    ...ratio,
    label: 'steady throughput',
    unit: '/s',
    better: 'higher',
    floor: 0.01,
    of: ({ steady }) => steady?.perSecond,
    ofBlock: ({ perSecond }) => perSecond,
  },
  p50: {
    ...milliseconds,
    label: 'latency p50',
    of: ({ metrics }) => metrics.serviceTime?.p50,
    ofBlock: ({ p50 }) => p50,
  },
  p95: {
    ...milliseconds,
    label: 'latency p95',
    gates: true,
    of: ({ metrics }) => metrics.serviceTime?.p95,
    ofBlock: ({ p95 }) => p95,
  },
  p99: {
    ...milliseconds,
    label: 'latency p99',
    of: ({ metrics }) => metrics.serviceTime?.p99,
    ofBlock: ({ p99 }) => p99,
  },
  ttftP50: {
    ...milliseconds,
    label: 'TTFT p50',
    of: ({ metrics }) => metrics.ttft?.p50,
    ofBlock: ({ ttftP50 }) => ttftP50,
  },
  ttftP95: {
    ...milliseconds,
    label: 'TTFT p95',
    of: ({ metrics }) => metrics.ttft?.p95,
    ofBlock: ({ ttftP95 }) => ttftP95,
  },
  attemptsPerSuccess: {
    ...ratio,
    label: 'attempts per success',
    unit: 'count',
    better: 'lower',
    floor: 0.02,
    gates: true,
    of: ({ attemptsPerSuccess }) => attemptsPerSuccess,
    ofBlock: ({ attemptsPerSuccess }) => attemptsPerSuccess,
  },
  retryOverhead: {
    label: 'retry overhead',
    unit: 'share',
    better: 'lower',
    by: 'difference',
    floor: 0.02,
    gates: true,
    of: ({ retryOverhead }) => retryOverhead,
    ofBlock: ({ retryOverhead }) => retryOverhead,
  },
  failures: {
    label: 'failures',
    unit: 'share',
    better: 'lower',
    by: 'difference',
    floor: 0.005,
    gates: true,
    of: failureShare,
    ofBlock: ({ ok, failures }) => (ok + failures > 0 ? failures / (ok + failures) : undefined),
  },
  cost: {
    ...ratio,
    label: 'cost per success',
    unit: 'USD',
    better: 'lower',
    floor: 1e-6,
    of: costPerSuccess,
    ofBlock: ({ costPerSuccessUsd }) => costPerSuccessUsd,
  },
  ok: { ...counter, label: 'successes', better: 'higher', of: ({ counts }) => counts.ok },
  attempts: { ...counter, label: 'attempts', better: 'lower', of: ({ counts }) => counts.attempts },
  rateLimited: { ...counter, label: '429s', better: 'neither', of: ({ counts }) => counts.rateLimited },
  outputTokens: {
    ...counter,
    label: 'output tokens',
    better: 'neither',
    of: ({ tokens }) => tokens.output,
  },
} as const satisfies Readonly<Record<string, LevelMetric>>;

/** A figure of a run as a whole. */
interface RunMetric extends ComparedMetric {
  of(report: SweepReport): number | null | undefined;
}

/** What whole runs are compared by. */
export const RUN_METRICS = {
  sweetSpot: {
    label: 'sweet spot',
    unit: 'count',
    better: 'higher',
    by: 'difference',
    floor: 0.5,
    gates: false,
    // None at all is worse than the lowest.
    of: ({ sweetSpot }) => sweetSpot?.level ?? 0,
  },
  sweetThroughput: {
    ...ratio,
    label: 'throughput at the sweet spot',
    unit: '/s',
    better: 'higher',
    floor: 0.01,
    of: ({ sweetSpot, levels }) =>
      levels.find(({ level }) => level === sweetSpot?.level)?.rates.achievedPerSecond,
  },
} as const satisfies Readonly<Record<string, RunMetric>>;

const METRICS: Readonly<Record<string, ComparedMetric>> = { ...RUN_METRICS, ...LEVEL_METRICS };

/** Name of a figure that runs are compared by. */
export type ComparedMetricName = keyof typeof LEVEL_METRICS | keyof typeof RUN_METRICS;

/** All their names, in the order in which they are shown. */
export const COMPARED_METRIC_NAMES = Object.keys(METRICS) as readonly ComparedMetricName[];

/** A metric of levels or runs by its name; `undefined` for a name of a newer version. */
export const comparedMetric = (name: string): ComparedMetric | undefined => METRICS[name];
