import { z } from 'zod';

const count = z.int().nonnegative();
const millis = z.number().nonnegative().describe('milliseconds');
const share = z.number().nonnegative().describe('share: 1 is all');
const perSecond = z.number().nonnegative().describe('per second');
const usd = z.number().nonnegative().describe('US dollars');

/** A value, how it came into the plan, and from where. */
const sourced = <T extends z.ZodType>(value: T) =>
  z.object({
    value,
    provenance: z.enum(['given', 'measured', 'assumed', 'simulated']),
    source: z.string().describe('the option, file, run or reasoning behind it'),
  });

const number = sourced(z.number().nonnegative());

const tierLimits = z.object({
  requestsPerMinute: z.number().positive().optional(),
  inputTokensPerMinute: z.number().positive().optional(),
  outputTokensPerMinute: z.number().positive().optional(),
  tokensPerMinute: z.number().positive().optional().describe('input and output together'),
  requestsPerDay: z.number().positive().optional(),
  burstSeconds: z
    .number()
    .nonnegative()
    .optional()
    .describe("seconds' worth of a limit that may be used at once"),
  reservesMaxTokens: z.boolean().optional(),
  countsCached: z.boolean().optional(),
});

const tier = z.object({
  name: z.string(),
  provider: z.string(),
  limits: tierLimits,
  source: z.string(),
  date: z.string().describe('when the limits were read'),
});

const stream = z.object({
  kind: z.literal('stream'),
  perDay: number,
  curve: sourced(z.array(z.number().nonnegative()).length(24)).describe('load per hour relative to the mean'),
  burstiness: number.describe('shape of gamma gaps between arrivals: 1 is Poisson, less comes in bursts'),
  sloP95Ms: sourced(millis).optional(),
});

const batch = z.object({ kind: z.literal('batch'), requests: number, deadlineMs: sourced(millis) });

const inputs = z.object({
  work: z.discriminatedUnion('kind', [stream, batch]),
  inputTokens: number,
  outputTokens: number,
  maxTokens: number.optional(),
  tokensCv: number,
  cachedShare: sourced(share),
  latencyMs: sourced(millis),
  latencyCv: number,
  retryOverhead: sourced(share).describe('attempts beyond the first, per request'),
  price: sourced(
    z.object({ inputUsd: usd, outputUsd: usd, cachedInputUsd: usd }).describe('for a million tokens'),
  ).optional(),
  batchDiscount: sourced(share),
  headroom: sourced(share),
  growthPerMonth: sourced(share),
  slotsPerWorker: number,
  measuredProvider: z.string().optional(),
  tiers: z.array(tier),
  days: count,
  seed: count,
});

const verdict = z
  .enum(['fits', 'tight', 'late', 'queues', 'too-small'])
  .describe(
    'fits: with the headroom; tight: without; queues: the peak is over the limit, the day not; late: SLO or deadline missed; too-small: the day is over the limit',
  );

const bucket = z.object({
  dimension: z.enum(['requests', 'input tokens', 'output tokens', 'tokens', 'requests per day']),
  perRequest: z.number().positive(),
  unitsPerSecond: z.number().positive(),
  capacity: z.number().positive(),
  requestsPerSecond: z.number().positive(),
});

const reached = z.number().nullable().describe('milliseconds; null: nothing came');

const simulation = z
  .object({
    days: count,
    oneIn: z
      .number()
      .min(1)
      .describe('1: every request; 3: every third, on limits and slots a third the size'),
    p50Ms: reached,
    p95Ms: reached,
    peakP95Ms: reached,
    worstPeakP95Ms: reached,
    startedAtOnce: share,
    finishedAtMs: reached,
    hours: z
      .array(z.object({ arrivals: count, started: count, utilization: share, p95Ms: millis.nullable() }))
      .describe('of the first day'),
  })
  .describe('response times, waiting included: the median over the days');

const checks = z.array(
  z.object({
    what: z.string(),
    formula: z.number(),
    simulated: z.number(),
    unit: z.enum(['ms', 'share', 'per second']),
    difference: z.number().describe('formula ÷ simulated - 1'),
    chance: z.number().nonnegative().describe('two standard errors ÷ simulated'),
  }),
);

const tierPlan = z.object({
  tier,
  verdict,
  because: z.string(),
  buckets: z.array(bucket).describe('by formula; the one that binds first'),
  maxPerSecond: perSecond.nullable().describe('by formula; null: nothing limits'),
  demandPerSecond: z.object({ mean: perSecond, peak: perSecond }).nullable().describe('by formula'),
  utilization: z.object({ mean: share, peak: share }).nullable().describe('by formula, of the binding limit'),
  breaksAt: z
    .object({ withHeadroomPerDay: z.number(), perDay: z.number() })
    .nullable()
    .describe('by formula'),
  monthsLeft: z.number().nullable().describe('until growth uses the headroom up'),
  concurrency: z.object({
    mean: z.number().nonnegative().describe("Little's law, at the peak"),
    slots: count,
    quantile: share.nullable().describe('of requests that find a slot free, by the Poisson distribution'),
    workers: count,
  }),
  waits: z
    .object({
      fewer: z.object({ slots: count, meanMs: millis, p95Ms: millis }).nullable(),
      limitMeanMs: millis.nullable(),
    })
    .nullable()
    .describe('by formula, at the peak; null: of a batch, or the peak is over the limit'),
  batch: z
    .object({ timeMs: millis, floorMs: millis, meetsDeadline: z.boolean().nullable() })
    .nullable()
    .describe('by formula'),
  simulation: simulation.nullable().describe('null: of a batch, or the day never catches up'),
  checks,
});

const whatIf = z.object({
  change: z.string(),
  tier: z.string(),
  verdict,
  utilizationPeak: share.nullable(),
  slots: count,
  p95Ms: reached,
  timeMs: millis.nullable(),
  costUsd: usd.nullable(),
  because: z.string(),
});

/** The published form of a capacity plan, as a checker and as JSON Schema: docs/schema/plan-1.schema.json. */
export const PlanSchema = z.object({
  schema: z.literal('bench.plan/1'),
  inputs,
  tiers: z.array(tierPlan),
  recommended: z.string().nullable().describe('the smallest tier that fits; null: none does'),
  summary: z.string(),
  settings: z
    .object({
      tier: z.string(),
      provider: z.string(),
      policy: z.string(),
      concurrency: count,
      workers: count,
      limitPerSecond: perSecond.nullable(),
      requestsPerSecond: perSecond.nullable().describe('to pace by: 95 % of the limit'),
      burst: count.nullable(),
      timeoutMs: millis,
      maxRetries: count,
    })
    .nullable(),
  cost: z
    .object({
      perRequestUsd: usd,
      totalUsd: usd,
      wasteUsd: usd,
      throughBatchApiUsd: usd,
      breakEvenCachedShare: share.nullable(),
    })
    .nullable()
    .describe('null: no price is known'),
  whatIfs: z.array(whatIf),
  deferrable: z.object({ tier: z.string(), share }).nullable(),
  assumptions: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      provenance: z.enum(['given', 'measured', 'assumed', 'simulated']),
      source: z.string(),
    }),
  ),
  warnings: z.array(z.string()),
});

/** The plan's JSON Schema (draft 2020-12), as published. */
export const planJsonSchema = (): object => ({
  ...z.toJSONSchema(PlanSchema, { target: 'draft-2020-12' }),
  title: 'bench plan, version 1',
});
