import { z } from 'zod';
import { FAILURES, type FailureKind } from '../core/failure.ts';
import { METRIC_NAMES, type MetricName } from '../measure/metrics.ts';
import { measurement, percentileBounds } from './schema-measure.ts';
import { judged, judgement, online, sweetSpot } from './schema-verdict.ts';

const count = z.int().nonnegative();
const millis = z.number().describe('model milliseconds');
const realMillis = z.number().nonnegative().describe('real milliseconds');
const perSecond = z.number().nonnegative().describe('per second of model time');
const usd = z.number().nonnegative().describe('US dollars');
const share = z.number().describe('share: 1 is all');

const failureKinds = Object.keys(FAILURES) as [FailureKind, ...FailureKind[]];
const byFailure = z.partialRecord(z.enum(failureKinds), count);

const distribution = z.object({
  count,
  mean: z.number(),
  stdev: z.number(),
  min: z.number(),
  p50: z.number().nullable().describe('null: too few samples'),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  max: z.number(),
  ...percentileBounds,
});

const metric = z.object({ unit: z.enum(['ms', 'tokens', 'tokens/s']), ...distribution.shape });

const items = z.object({
  counts: z.object({ items: count, ok: count, failed: count, cancelled: count }),
  perSecond: perSecond.describe('items whose calls all succeeded'),
  makespanMs: distribution.nullable().describe('first call asked for to last answer'),
  calls: distribution.nullable(),
  roundTrips: distribution.nullable().describe('calls on the critical path'),
  criticalPathMs: distribution.nullable(),
  speedUp: z.number().nullable().describe('calls of the items one after another ÷ makespan'),
});

const level = z.object({
  level: z.number().positive().describe('calls at once; requests per second in an open loop'),
  load: z.enum(['closed', 'open']),
  window: z.object({ fromMs: millis, toMs: millis }),
  wallClockMs: millis.describe('of one repeat'),
  drainMs: millis.describe('its tail after the last start'),
  counts: z.object({
    requests: count,
    ok: count,
    failed: count,
    dropped: count,
    cancelled: count,
    attempts: count,
    rateLimited: count.describe('attempts answered with 429'),
  }),
  failures: byFailure.describe('requests that failed in the end, by kind'),
  failedAttempts: byFailure.describe('attempts that failed, by kind'),
  rates: z.object({
    offeredPerSecond: perSecond,
    achievedPerSecond: perSecond.describe('successful requests: the throughput'),
    goodputPerSecond: perSecond,
    attemptsPerSecond: perSecond,
    outputTokensPerSecond: perSecond,
  }),
  attemptsPerSuccess: z.number().nullable(),
  retryOverhead: share.nullable().describe('share of slot time in failed attempts and backoff'),
  settled: z
    .object({ requests: count, attemptsPerSuccess: z.number(), retryOverhead: share })
    .nullable()
    .describe('the same two without the first request of each slot; null: too few'),
  ...measurement,
  slotTime: z.object({
    totalMs: millis.describe('level × wall-clock × repeats'),
    serviceMs: millis,
    rejectedMs: millis.describe('attempts answered with 429, 5xx and the like'),
    failedAttemptsMs: millis.describe('attempts that failed in another way'),
    cancelledMs: millis,
    backoffMs: millis.describe('between attempts, with the slot held'),
    limiterMs: millis.describe('held back by a limiter'),
    idleMs: millis,
  }),
  waste: z
    .object({ attempts: count, inputTokens: count, outputTokens: count })
    .describe('what failed attempts used up'),
  backoffPerSuccessMs: z.number().nullable(),
  effectiveConcurrency: z
    .number()
    .nonnegative()
    .describe('mean number of slots whose attempt brings an answer'),
  inFlight: z.object({ mean: z.number(), max: count }),
  tokens: z.object({
    input: count,
    output: count,
    estimated: z.literal(true).exactOptional().describe('some API told no usage'),
  }),
  costUsd: z
    .object({
      total: usd,
      perSuccess: usd.nullable(),
      waste: usd.describe('attempts without an answer; at least'),
    })
    .exactOptional()
    .describe('only where a price is known'),
  metrics: z.partialRecord(z.enum(METRIC_NAMES as [MetricName, ...MetricName[]]), metric),
  items: items.exactOptional().describe('only of a workflow'),
  complete: z.boolean().describe('false: cut short'),
  health: z
    .object({
      cpuCores: z.number().nonnegative(),
      eventLoopUtilization: share,
      eventLoopDelayP99RealMs: realMillis,
      clockStepRealMs: z.number().exactOptional(),
    })
    .exactOptional(),
  cooldown: z.object({ waitedMs: millis, because: z.string() }).exactOptional(),
  ledger: z.object({ attempts: count, ok: count, rateLimited: count }).exactOptional(),
  mockLatenessP99RealMs: realMillis.exactOptional(),
  speedUp: z.number().nullable(),
  efficiency: z.number().nullable(),
  bound: z
    .object({
      ms: millis,
      times: z.number().describe('wall-clock ÷ bound'),
      by: z.enum(['slots', 'longest', 'requests', 'tokens', 'input-tokens', 'output-tokens']),
      limits: z.enum(['options', 'profile', 'headers', 'measured', 'none']),
    })
    .nullable()
    .describe('least time for this work; null: some of it failed'),
  admissible: z.boolean(),
  inadmissibleBecause: z.string().exactOptional(),
  ...judged,
});

const assertionResult = z.object({
  assertion: z.string().describe('as it was written'),
  severity: z.enum(['fail', 'warn', 'abort']),
  passed: z.boolean(),
  metric: z.string(),
  level: z.number().positive().nullable().describe('null: the run as a whole'),
  value: z
    .number()
    .nullable()
    .describe('ms, per second, share, USD or count; null: none, which never passes'),
  operator: z.enum(['>=', '<=', '>', '<', '==']),
  bound: z.number(),
  because: z.string().exactOptional(),
});

/** The published form of `report.json`, as a checker and as JSON Schema: docs/schema/sweep-report-1.schema.json. */
export const SweepReportSchema = z.object({
  schema: z.literal('bench.sweep/1'),
  meta: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  levels: z.array(level),
  reference: z
    .object({ level: z.literal(1), throughputPerSecond: perSecond, requests: count, because: z.string() })
    .nullable(),
  overhead: z.object({ perCallRealMs: realMillis, perCallMs: millis, calls: count }).nullable(),
  sweetSpot: sweetSpot.nullable(),
  ...judgement,
  warnings: z.array(
    z.object({
      code: z.string(),
      level: z.number().positive().exactOptional(),
      message: z.string(),
      hint: z.string(),
    }),
  ),
  online: online.exactOptional().describe('what a limiter that learns settled at'),
  assertions: z.array(assertionResult).exactOptional().describe('thresholds that were set'),
});

/** The report's JSON Schema (draft 2020-12), as published. */
export const sweepReportJsonSchema = (): object => ({
  ...z.toJSONSchema(SweepReportSchema, { target: 'draft-2020-12' }),
  title: 'bench sweep report, version 1',
});
