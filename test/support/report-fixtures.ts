import type { LimitFinding } from '../../src/analyze/limits.ts';
import type { LevelReport, SweepReport } from '../../src/analyze/report.ts';
import type { SweetSpot } from '../../src/analyze/verdict.ts';
import type { LevelSummary, MetricSummary } from '../../src/measure/level-summary.ts';

/** A narrow distribution around `p50`; percentiles that need more than `count` samples are `null`. */
export const metric = (p50: number, p95 = p50 * 1.2, p99 = p95 * 1.1, count = 500): MetricSummary => ({
  unit: 'ms',
  count,
  mean: p50 * 1.02,
  stdev: p50 * 0.1,
  min: p50 * 0.8,
  p50: count < 2 ? null : p50,
  p90: count < 10 ? null : p95 * 0.95,
  p95: count < 20 ? null : p95,
  p99: count < 100 ? null : p99,
  max: p99 * 1.1,
  p50Interval: count < 6 ? null : { low: p50 * 0.97, high: p50 * 1.03 },
  p90Interval: count < 36 ? null : { low: p95 * 0.91, high: p95 * 0.99 },
  p95Interval: count < 72 ? null : { low: p95 * 0.97, high: p95 * 1.04 },
  p99Interval: count < 368 ? null : { low: p99 * 0.95, high: p99 * 1.08 },
  p50AtLeast: count < 6 ? p50 * 0.9 : null,
  p90AtLeast: count < 36 ? p95 * 0.85 : null,
  p95AtLeast: count < 72 ? p95 * 0.9 : null,
  p99AtLeast: count < 368 ? p99 * 0.9 : null,
});

/** 360 requests per minute, told by headers, of which the answer uses so much. */
export const sixPerSecond = (used: number | null): LimitFinding => ({
  dimension: 'requests',
  perMinute: 360,
  source: 'headers',
  perRequest: 1,
  requestsPerSecond: 6,
  bucketRequests: null,
  used,
  binding: true,
});

/** What a level without a 429 knows beside its counts, at a throughput and with one block. */
export const measured = (
  level: number,
  { perSecond, wallClockMs, ok = 500 }: { perSecond: number; wallClockMs: number; ok?: number },
): Pick<
  LevelSummary,
  'load' | 'drainMs' | 'steady' | 'sustained' | 'burst' | 'arrivals' | 'blocks' | 'rateLimits'
> => ({
  load: 'closed',
  drainMs: wallClockMs * 0.04,
  steady:
    perSecond > 0
      ? {
          method: 'little',
          requests: Math.max(0, ok - 2 * level),
          perSecond,
          interval: { low: perSecond * 0.98, high: perSecond * 1.02, confidence: 0.95 },
          meanCycleMs: (level / perSecond) * 1000,
          cycleCv: 0.3,
          inFlight: level,
          rampMs: 0,
          warmupMs: (1500 * level) / perSecond,
          attemptsPerSuccess: 1,
          retryOverhead: 0,
        }
      : null,
  sustained: true,
  burst: {
    because: 'below-the-limit',
    first429AfterMs: null,
    perSecond,
    limitedPerSecond: null,
    bucketAttempts: null,
    headerPerSecond: perSecond * 2,
  },
  arrivals: null,
  rateLimits: { told: {}, refusals: {} },
  blocks: [
    {
      block: 0,
      requests: ok,
      ok,
      failures: 0,
      wallClockMs,
      perSecond,
      goodputPerSecond: perSecond,
      attemptsPerSuccess: 1,
      retryOverhead: 0,
      p50: 3800,
      p95: 4000,
      p99: 4100,
      ttftP50: null,
      ttftP95: null,
      costPerSuccessUsd: null,
    },
  ],
});

/** A level of 500 requests at 3.84 s each that all succeed at the first attempt. */
export const levelReport = (overrides: Partial<LevelReport> = {}): LevelReport => {
  const level = overrides.level ?? 1;
  const wallClockMs = overrides.wallClockMs ?? 1_920_000 / level;
  const ok = overrides.counts?.ok ?? 500;
  const achieved = wallClockMs > 0 ? (ok * 1000) / wallClockMs : 0;
  const attempts = overrides.counts?.attempts ?? 500;
  const speedUp = overrides.speedUp === undefined ? achieved / (500 / 1925) : overrides.speedUp;
  return {
    level,
    ...measured(level, { perSecond: achieved, wallClockMs, ok }),
    window: { fromMs: 0, toMs: wallClockMs },
    wallClockMs,
    counts: { requests: 500, ok, failed: 0, dropped: 0, cancelled: 0, attempts, rateLimited: 0 },
    failures: {},
    failedAttempts: {},
    rates: {
      offeredPerSecond: achieved,
      achievedPerSecond: achieved,
      goodputPerSecond: achieved,
      attemptsPerSecond: wallClockMs > 0 ? (attempts * 1000) / wallClockMs : 0,
      outputTokensPerSecond: achieved * 30,
    },
    attemptsPerSuccess: ok > 0 ? attempts / ok : null,
    retryOverhead: 0,
    settled: null,
    slotTime: {
      totalMs: level * wallClockMs,
      serviceMs: level * wallClockMs * 0.98,
      rejectedMs: 0,
      failedAttemptsMs: 0,
      limiterMs: 0,
      backoffMs: 0,
      cancelledMs: 0,
      idleMs: level * wallClockMs * 0.02,
    },
    waste: { attempts: 0, inputTokens: 0, outputTokens: 0 },
    backoffPerSuccessMs: 0,
    effectiveConcurrency: level * 0.98,
    inFlight: { mean: level * 0.98, max: level },
    tokens: { input: 21_000, output: 15_000 },
    metrics: { serviceTime: metric(3840), attemptTime: metric(3840), responseTime: metric(3840) },
    complete: true,
    speedUp,
    efficiency: speedUp === null ? null : speedUp / level,
    bound: null,
    admissible: true,
    valid: true,
    goodput: {
      perSecond: achieved,
      low: achieved * 0.97,
      high: achieved * 1.03,
      confidence: 0.95,
      from: 'cycles',
    },
    littleResidual: 0,
    ...overrides,
  };
};

/** A finished run against the mock at 40 times real time, without levels. */
export const sweepReport = (overrides: Partial<SweepReport> = {}): SweepReport => ({
  schema: 'bench.sweep/1',
  meta: META,
  levels: [],
  reference: null,
  overhead: { perCallRealMs: 1.2, perCallMs: 48, calls: 50 },
  criteria: { tolerance: 0.05, maxFailures: 0.01, maxRetryOverhead: 0.1, maxLatencyFactor: 2, slo: null },
  sweetSpot: null,
  validity: { valid: true, because: null, hint: null },
  warnings: [],
  ...overrides,
});

/** A verdict with nothing known beside it; formats that show more are tested with more. */
export const verdict = (
  spot: Pick<SweetSpot, 'level' | 'reason' | 'because' | 'nextLevel'> & Partial<SweetSpot>,
): SweetSpot => ({
  method: 'within-5-percent',
  goodput: { perSecond: 5, low: 4.9, high: 5.1, confidence: 0.95, from: 'cycles' },
  interval: null,
  ceiling: null,
  limits: [],
  fits: { usl: null, hinge: null },
  ...spot,
});

const META = {
  tool: 'sweetspot',
  version: '0.1.0',
  node: 'v24.21.0',
  scenario: 'classify-500',
  target: 'mock',
  model: 'mock-small',
  baseUrl: 'http://127.0.0.1:41234/v1',
  profile: 'hosted-tier',
  speed: 40,
  timeUnit: 'model ms',
  seed: 1,
  limiter: 'semaphore',
  retry:
    'SDK-like: Retry-After, else 0.5 s doubling to 8 s with jitter; at most 2 retries, slot held while waiting',
  attemptTimeoutMs: 60_000,
  startedAt: '2026-05-04T09:30:00.000Z',
  status: 'complete',
  command: 'bench sweep --levels 1,5,10,20,30',
} as const;
