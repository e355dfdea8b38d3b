import { z } from 'zod';

const count = z.int().nonnegative();
const millis = z.number().describe('model milliseconds');
const perSecond = z.number().nonnegative().describe('per second of model time');
const share = z.number().describe('share: 1 is all');

const interval = z.object({ low: z.number(), high: z.number() });
const percentileInterval = interval.nullable().describe('95 % interval; null: too few samples');
const atLeast = z
  .number()
  .nullable()
  .describe('where the interval is null: the percentile is at least this; null: nothing is known');

/** What is known of the percentiles of a metric. */
export const percentileBounds = {
  p50Interval: percentileInterval,
  p90Interval: percentileInterval,
  p95Interval: percentileInterval,
  p99Interval: percentileInterval,
  p50AtLeast: atLeast,
  p90AtLeast: atLeast,
  p95AtLeast: atLeast,
  p99AtLeast: atLeast,
};

const steady = z.object({
  method: z.enum(['little', 'window']).describe('estimator of the throughput'),
  requests: count.describe('started after the warm-up'),
  perSecond: perSecond.describe('successes: the throughput that lasts'),
  interval: interval.extend({ confidence: share }),
  meanCycleMs: millis,
  cycleCv: z.number().nonnegative().describe('coefficient of variation'),
  inFlight: z.number().nonnegative().describe('time average'),
  rampMs: millis,
  warmupMs: millis.describe('left out at the start, ramp included'),
  attemptsPerSuccess: z.number().nullable(),
  retryOverhead: share.nullable(),
});

const burst = z.object({
  because: z.enum(['past-the-bucket', 'below-the-limit', 'above-the-limit', 'not-settled', 'no-limit-seen']),
  first429AfterMs: millis.nullable(),
  perSecond: perSecond.describe('attempts let in until the first 429'),
  limitedPerSecond: perSecond.nullable().describe('attempts let in after it'),
  betweenRefusalsPerSecond: perSecond
    .exactOptional()
    .describe('attempts let in between the first 429 and the last'),
  paceIsEven: z.boolean().exactOptional().describe('let in at one pace between any two 429s'),
  onsets: z
    .array(z.object({ attempts: count.describe('let in before'), afterMs: millis }))
    .exactOptional()
    .describe("each block's first 429"),
  countsByWindows: z
    .boolean()
    .exactOptional()
    .describe('nothing was let in for seconds, and then all that was asked for'),
  sawOneSilence: z.boolean().exactOptional().describe('the same, once'),
  onlyWindow: z
    .object({ ms: millis, attempts: count.describe('let in within it'), endsAfterMs: millis })
    .exactOptional()
    .describe('a single window that was used up'),
  bucketAttempts: z.number().nonnegative().nullable(),
  headerPerSecond: perSecond.nullable().describe('requests that the headers allow'),
});

const block = z.object({
  block: count,
  requests: count,
  ok: count,
  failures: count.describe('requests'),
  fromMs: millis.exactOptional().describe('first scheduled start, since the start of the run'),
  wallClockMs: millis,
  perSecond,
  goodputPerSecond: perSecond.describe('within the SLO'),
  attemptsPerSuccess: z.number().nullable(),
  retryOverhead: share.nullable(),
  p50: millis.nullable().describe('of the request latency; null: too few requests'),
  p95: millis.nullable(),
  p99: millis.nullable(),
  ttftP50: millis.nullable().describe('null: nothing was streamed, or too few requests'),
  ttftP95: millis.nullable(),
  costPerSuccessUsd: z.number().nullable(),
});

const arrivals = z.object({
  offeredPerSecond: perSecond,
  lateStarts: count,
  maxLatenessMs: millis,
  dropped: count,
});

/** What lasts of a level, what was burst, its repeats and its schedule. */
export const measurement = {
  steady: steady.nullable().describe('null: too few requests after the warm-up'),
  sustained: z.boolean().describe('whether rate limits let the pace last'),
  burst,
  arrivals: arrivals.nullable().describe('open loop only'),
  blocks: z.array(block).describe('the repeats'),
};
