import { z } from 'zod';
import { UsageError } from '../../src/core/errors.ts';
import { nameHint } from '../../src/core/nearest.ts';
import { parseDuration } from '../../src/core/units.ts';
import { distributionOf } from './distribution.ts';
import { knownKeys } from './known-keys.ts';

const share = z.number().min(0).max(1);
const NO_DURATION = 'expected a duration such as 100ms or 1.5s, or a number of milliseconds';
const duration = z
  .union([z.number().nonnegative(), z.string()], { error: NO_DURATION })
  .transform((value, context) => {
    const millis = typeof value === 'number' ? value : parseDuration(value);
    if (millis !== undefined) return millis;
    context.addIssue({ code: 'custom', message: `"${value}" is no duration: ${NO_DURATION}` });
    return z.NEVER;
  });
const durations = distributionOf(duration, 'a duration such as 300ms');
const counts = distributionOf(z.number().nonnegative(), 'a number');

const tokenLatency = z.strictObject({
  /** Time to the first token of an idle server, without prefill. */
  ttft: durations,
  /** Prefill time of each prompt token that no cache holds. */
  prefillPerToken: duration.default(0),
  tokensPerSecond: z.number().positive(),
  /** Spread of the token rate between requests (coefficient of variation). */
  rateCv: z.number().nonnegative().default(0),
  /** Spread of the gap between chunks within one request. */
  chunkCv: z.number().nonnegative().default(0),
  /** Tokens that one chunk carries. */
  chunkTokens: z.number().int().positive().default(1),
  /** A share of the gaps is longer by a uniform draw between `shortest` and `longest`. */
  stalls: z.strictObject({ share, shortest: duration, longest: duration }).optional(),
});

const totalLatency = z.strictObject({
  /** Time of the whole call at `tokens` output tokens. */
  total: durations,
  tokens: z.number().int().min(2),
  /** Share of that time before the first token. */
  ttftShare: share.default(0.4),
});

const latency = z.union([duration, totalLatency, tokenLatency], {
  error:
    'expected a duration (constant), {total, tokens, ttftShare?} or {ttft, tokensPerSecond, prefillPerToken?, rateCv?, chunkCv?, chunkTokens?, stalls?}',
});

const rate = z.union(
  [
    z
      .number()
      .positive()
      .transform((limit) => ({ limit, burst: undefined as number | undefined })),
    z.strictObject({ limit: z.number().positive(), burst: z.number().positive().optional() }),
  ],
  { error: 'expected a positive number, or {limit, burst?}' },
);

const rates = z.strictObject({
  requestsPerMinute: rate.optional(),
  requestsPerDay: rate.optional(),
  tokensPerMinute: rate.optional(),
  inputTokensPerMinute: rate.optional(),
  outputTokensPerMinute: rate.optional(),
});

const limits = rates.extend({
  /** Other limits for models whose name starts with the key; the longest match wins. */
  models: z.record(z.string(), rates).default({}),
  /** Capacity of each bucket as a slice of its period: 1s enforces 60 per minute as 1 per second. */
  burstWindow: duration.optional(),
  /** Refused and failed requests use up the request limit too (as at OpenAI). */
  countRejected: z.boolean().default(false),
  /** 429 answers say when to come back. */
  retryAfter: z.boolean().default(true),
  retryAfterMs: z.boolean().default(false),
  /**
   * What a call reserves of the token limit: the larger or the sum of prompt and max_tokens, or a draw of its own, which stays
   * the same over its retries and is at most what the bucket holds.
   */
  charge: z
    .union([z.enum(['max', 'sum']), counts], {
      error: 'expected max, sum, a number of tokens, or their distribution such as {mean, cv}',
    })
    .default('max'),
  /** Whether the unused part of the reservation comes back at the end. */
  reconcile: z.enum(['never', 'on-complete']).default('never'),
  /** Output tokens count as they are produced, or max_tokens is reserved and corrected at the end. */
  outputTokens: z.enum(['realtime', 'reserve']).default('realtime'),
  /** Starts per slice may exceed the busiest of the six slices before by `factor`, but never fall below `floor`. */
  ramp: z
    .strictObject({
      floor: z.number().positive(),
      factor: z.number().min(1).default(2),
      slice: duration.default(10_000),
    })
    .optional(),
});

const FAULT_KINDS = [
  'hang',
  'stall',
  'reset',
  'truncate',
  'garbage',
  'error',
  'drip',
  'duplicate',
  'late-done',
  'late-end',
  'close-early',
  'status',
] as const;

const fault = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  /** Share of attempts; alone or within the schedule below. */
  rate: share.default(1),
  /** Schedule: every n-th request, listed indices, or a window of model time. */
  every: z.number().int().positive().optional(),
  indices: z.array(z.number().int().nonnegative()).optional(),
  from: duration.optional(),
  until: duration.optional(),
  /** Where in the answer it strikes, as a share of its chunks. */
  at: share.default(0.5),
  /** How long a hang, stall or late end lasts; without it the first two last until the client leaves. */
  lasting: duration.optional(),
  /** How many times slower a drip is. */
  factor: z.number().positive().default(10),
  /** Status of kind `status`. */
  status: z.number().int().min(400).max(599).default(500),
});

/** Schema of a mock server's behaviour; the text of each key is its documentation. */
export const profileSchema = z.strictObject({
  name: z.string().default('custom'),
  description: z.string().default(''),
  /** Where the figures come from, and when they held. */
  source: z.string().default(''),
  date: z.string().default(''),
  latency,
  /** Share of the time to the first token after which a stream's headers leave. */
  headShare: share.default(0.8),
  output: z.strictObject({
    /** Length of the visible answer, before `max_tokens` cuts it. */
    tokens: counts,
    /** Reasoning before the answer, whether or not the request asks for it. */
    thinking: counts.optional(),
    /** Share of requests with optional tools that call one. */
    toolCallShare: share.default(0),
  }),
  /** Share of each prompt that a cache holds. */
  cachedShare: share.default(0),
  /**
   * Everything takes `factor` times as long with `at` requests in service, linearly from 1 with one; each request above
   * `thrash.above` slows everyone by another `thrash.slowdown` of that, as where caches no longer fit.
   */
  load: z
    .strictObject({
      factor: z.number().min(1),
      at: z.number().int().min(2),
      thrash: z
        .strictObject({ above: z.number().int().positive(), slowdown: z.number().positive() })
        .optional(),
    })
    .optional(),
  /** A self-hosted server: so many at once, the others wait. */
  queue: z
    .strictObject({
      slots: z.number().int().positive(),
      waiting: z.number().int().nonnegative().optional(),
      fullStatus: z.union([z.literal(429), z.literal(503)]).default(429),
    })
    .optional(),
  limits: limits.optional(),
  /** Time a refused call takes to be answered. */
  rejectLatency: duration.default(80),
  /** Episodes of overload (529 or 503): mean time between them, mean length, share of requests they hit. */
  overload: z.strictObject({ every: duration, lasting: duration, share: share.default(1) }).optional(),
  faults: z.array(fault).default([]),
  /** How `bench calibrate` made the profile: runs, levels, intervals, goodness of fit. Changes nothing. */
  calibration: z.looseObject({ runs: z.array(z.string()), levels: z.array(z.number()) }).optional(),
  /** Answers in Azure's form on the OpenAI endpoints. */
  dialect: z.enum(['provider', 'azure']).default('provider'),
  /** A request without a key is refused. */
  requireKey: z.boolean().default(false),
  /** Keys that are always refused, and how. */
  keys: z.record(z.string(), z.enum(['invalid', 'forbidden', 'quota'])).default({}),
});

/** Everything about a mock server that can be chosen, in model milliseconds. */
export type Profile = z.output<typeof profileSchema>;
/** A profile as people write it: durations with units, defaults left out. */
export type ProfileInput = z.input<typeof profileSchema>;
/** How long answers take. */
export type LatencySpec = Profile['latency'];
/** Rate limits of a profile. */
export type LimitsSpec = NonNullable<Profile['limits']>;
/** One rule of what goes wrong, and when. */
export type FaultRule = Profile['faults'][number];
/** What can go wrong with an answer. */
export type FaultKind = FaultRule['kind'];

/** Reads a profile from plain values; the error names every wrong key, and the one that an unknown key was meant to be. */
export const parseProfile = (input: unknown, origin: string): Profile => {
  const parsed = profileSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'profile'}: ${issue.message}`,
  );
  const stray = parsed.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  const hint = stray && nameHint(stray.keys[0] ?? '', knownKeys(profileSchema, stray.path));
  throw new UsageError(`profile ${origin} is not valid: ${problems.join('; ')}`, hint);
};
