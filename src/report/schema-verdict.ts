import { z } from 'zod';

const share = z.number().describe('share: 1 is all');
const perSecond = z.number().nonnegative().describe('per second of model time');
const limitName = z.enum(['requests', 'tokens', 'input-tokens', 'output-tokens']);
const noiseSource = z
  .enum(['blocks', 'cycles', 'assumed'])
  .describe('repeats, the cycles of a single run, or an assumed 5 %');

/** Successes within the SLO per second, with the interval that goes with it. */
const goodput = z.object({
  perSecond,
  low: z.number(),
  high: z.number(),
  confidence: share,
  from: noiseSource,
});

/** What a level knows of rate limits, and what the judgement adds to it. */
export const judged = {
  rateLimits: z.object({
    told: z
      .partialRecord(
        limitName,
        z.object({
          perMinute: z.number(),
          by: z.enum(['headers', 'messages']),
          perRequest: z.number().exactOptional().describe('what a call took of it by the headers'),
          isAllCharged: z
            .literal(true)
            .exactOptional()
            .describe('perRequest has all of it, since the bucket was never full'),
          bucket: z.number().exactOptional().describe('what its bucket holds by the headers, in its unit'),
          countsByWindows: z
            .literal(true)
            .exactOptional()
            .describe('headers tell the time until the next window: bucket is what one was seen to hold'),
        }),
      )
      .describe('limits by dimension, as answers told them'),
    refusals: z.partialRecord(limitName, z.int().nonnegative()).describe('429s by the dimension they named'),
  }),
  valid: z.boolean().describe('false: this machine was the bottleneck'),
  goodput: goodput.describe('as the verdict uses it'),
  littleResidual: z.number().nullable().describe('throughput × latency ÷ calls in flight − 1'),
};

/** A limiter's opinion beside the verdict. */
export const online = z.object({
  limiter: z.string(),
  cap: z.number().describe('the most it may use'),
  settled: z.number().describe('calls in flight on average'),
  perSecond,
  attemptsPerSuccess: z.number().nullable(),
  refusals: z.int().nonnegative().describe('429s that it learnt from'),
});

const interval = z.object({
  low: z.number(),
  high: z.number(),
  confidence: share,
  levels: z.array(z.number()).describe('smallest set of levels with that share of the redraws'),
  share: share.describe('redraws that pick the answer itself'),
  redraws: z.int().positive(),
  noise: z.object({ source: noiseSource, relative: z.number(), blocks: z.int().nonnegative() }),
});

const limit = z.object({
  dimension: z.enum([...limitName.options, 'unknown']),
  perMinute: z.number().describe("in the dimension's unit"),
  source: z.enum(['headers', 'messages', 'slope']),
  perRequest: z.number().describe('what a call takes of it'),
  requestsPerSecond: perSecond.describe('what it allows'),
  bucketRequests: z.number().nullable(),
  countsByWindows: z
    .literal(true)
    .exactOptional()
    .describe('headers tell the time until the next window: one holds bucketRequests at least'),
  windowMs: z.number().exactOptional().describe('model milliseconds of a window of time that holds so many'),
  used: share.nullable().describe('by the recommended level'),
  binding: z.boolean(),
});

const misspecified = z.string().nullable().describe('what speaks against this curve; null: nothing');

const usl = z.object({
  gamma: z.number(),
  sigma: z.number(),
  kappa: z.number(),
  peak: z.number().nullable(),
  error: z.number().describe('root mean square, relative'),
  misspecified,
});

const hinge = z.object({
  slope: z.number(),
  ceiling: z.number(),
  knee: z.number().nullable(),
  error: z.number().describe('root mean square, relative'),
  misspecified,
});

/** The answer. */
export const sweetSpot = z.object({
  level: z.number().positive(),
  method: z.literal('within-5-percent'),
  reason: z.enum([
    'rate-limit',
    'retries',
    'failures',
    'latency',
    'decline',
    'plateau',
    'not-reached',
    'client-bound',
    'pacer',
    'only-level',
  ]),
  because: z.string(),
  nextLevel: z.number().positive().nullable(),
  goodput,
  interval: interval.nullable(),
  ceiling: z
    .object({
      level: z.number(),
      perSecond,
      from: z.enum(['limit', 'throughput']),
      cycleMs: z.number().describe('model milliseconds'),
      refusals: z
        .enum(['free', 'counted', 'unknown'])
        .describe('what refused calls do to a limit of requests, as far as the levels show')
        .exactOptional(),
      lasting: z
        .number()
        .describe('calls at once that last under it, whatever refused calls do, as far as that is known')
        .exactOptional(),
    })
    .nullable()
    .describe("by Little's law"),
  limits: z.array(limit).describe('the binding one first'),
  fits: z.object({ usl: usl.nullable(), hinge: hinge.nullable() }).describe('descriptions, not the answer'),
});

/** The bounds that were in force, and whether the answer can be relied on. */
export const judgement = {
  criteria: z.object({
    tolerance: share,
    maxFailures: share,
    maxRetryOverhead: share,
    maxLatencyFactor: z.number(),
    slo: z.string().nullable(),
  }),
  validity: z.object({
    valid: z.boolean(),
    because: z.string().nullable(),
    hint: z.string().nullable(),
  }),
};
