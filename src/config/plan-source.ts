import { z } from 'zod';
import { fitLimits } from '../calibrate/fit-limits.ts';
import { type LimitFit, PER_MINUTE } from '../calibrate/limit-fit.ts';
import type { ObservedRun } from '../calibrate/observations.ts';
import { momentsOf } from '../core/distribution.ts';
import { UsageError } from '../core/errors.ts';
import { MEASURED_TIER, type Tier } from '../plan/inputs.ts';
import type { MeasuredWork } from './resolve-plan.ts';
import { readJsonFile } from './source-file.ts';

const HOW: Readonly<Record<LimitFit['source'], string>> = {
  headers: 'its response headers',
  messages: 'the words of its refusals',
  slope: 'the pace that its refusals left',
};

/** The limits that a run has shown, as a tier of their own; `undefined` where it has shown none. */
export const measuredTier = (run: ObservedRun, date: string): Tier | undefined => {
  const limits = fitLimits([run]);
  const [first] = limits;
  if (!first) return undefined;
  return {
    name: MEASURED_TIER,
    provider: 'yours',
    source: `${run.name}: ${HOW[first.source]}`,
    date,
    limits: {
      ...Object.fromEntries(
        limits.map(({ dimension, perMinute }) => [PER_MINUTE[dimension], perMinute.value]),
      ),
      ...burstOf(
        limits.flatMap(({ burst, perMinute }) => (burst ? [[burst.value, perMinute.value] as const] : [])),
      ),
    },
  };
};

/** The smallest of the buckets, in seconds of its limit. */
const burstOf = (buckets: readonly (readonly [burst: number, perMinute: number])[]) =>
  buckets.length > 0
    ? { burstSeconds: Math.min(...buckets.map(([burst, perMinute]) => (burst / perMinute) * 60)) }
    : {};

const amount = z.union([z.number(), z.object({ limit: z.number(), burst: z.number().optional() })]);

const spread = z.union([
  z.number(),
  z.object({ mean: z.number(), cv: z.number() }),
  z.object({
    median: z.number(),
    sigma: z.number(),
    slow: z.object({ share: z.number(), factor: z.number(), sigma: z.number().default(0.4) }).optional(),
  }),
  z.object({ p50: z.number(), p95: z.number(), p99: z.number() }),
  z.object({ quantiles: z.array(z.number()).min(2) }),
]);

const twinSchema = z.object({
  latency: z.union([
    z.object({ total: spread }),
    z.object({ ttft: spread, tokensPerSecond: z.number().positive() }),
  ]),
  output: z.object({ tokens: spread }),
  limits: z
    .object({
      requestsPerMinute: amount.optional(),
      tokensPerMinute: amount.optional(),
      inputTokensPerMinute: amount.optional(),
      outputTokensPerMinute: amount.optional(),
    })
    .optional(),
  calibration: z.object({
    runs: z.array(z.string()),
    inputTokens: z.number().positive().nullish(),
    simulated: z.literal(true).optional(),
  }),
  date: z.string(),
});

/** What a twin's file says of the work and of the limits. Throws `UsageError` if it is none. */
export const readTwin = async (path: string): Promise<{ work: MeasuredWork; tier: Tier | undefined }> => {
  const { value } = await readJsonFile(path, '--from');
  const parsed = twinSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `--from ${path}: not a twin: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
      'bench calibrate makes one: bench calibrate results/latest -o twin.json.',
    );
  }
  const { latency, output, limits, calibration, date } = parsed.data;
  const { mean: outputTokens, cv: tokensCv } = momentsOf(output.tokens);
  const { mean: first, cv } = momentsOf('total' in latency ? latency.total : latency.ttft);
  const latencyMs = 'total' in latency ? first : first + (outputTokens / latency.tokensPerSecond) * 1000;
  const rates = Object.entries(limits ?? {}).flatMap(([key, rate]) =>
    rate === undefined
      ? []
      : [[key, typeof rate === 'number' ? { limit: rate, burst: undefined } : rate] as const],
  );
  const source = `${path}, calibrated from ${calibration.runs.join(', ')}${calibration.simulated ? ' (simulated)' : ''}`;
  const [binding] = rates;
  return {
    work: {
      source,
      latencyMs,
      latencyCv: cv,
      isSimulated: calibration.simulated === true,
      inputTokens: calibration.inputTokens ?? undefined,
      outputTokens,
      tokensCv: tokensCv > 0 ? tokensCv : undefined,
      retryOverhead: undefined,
      model: undefined,
      api: undefined,
      provider: undefined,
    },
    tier: binding && {
      name: MEASURED_TIER,
      provider: 'yours',
      source,
      date,
      limits: {
        ...Object.fromEntries(rates.map(([key, { limit }]) => [key, limit])),
        ...burstOf(
          rates.flatMap(([, { burst, limit }]) => (burst === undefined ? [] : [[burst, limit] as const])),
        ),
      },
    },
  };
};
