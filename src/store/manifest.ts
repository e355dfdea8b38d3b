import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { METRIC_NAMES, type MetricName } from '../measure/metrics.ts';
import { readJsonValue, schemaOf } from './json-file.ts';
import { RUN_FILES, writeWhole } from './run-dir.ts';

const count = z.number().int().nonnegative();

/** A point of the sweep's axis: whole calls at once, or any rate. */
const point = z.number().positive();

const LevelFactsSchema = z.object({
  level: point,
  complete: z.boolean(),
  health: z
    .object({
      cpuCores: z.number(),
      eventLoopUtilization: z.number(),
      eventLoopDelayP99RealMs: z.number(),
      clockStepRealMs: z.number().exactOptional(),
    })
    .exactOptional(),
  cooldown: z.object({ waitedMs: z.number(), because: z.string() }).exactOptional(),
  ledger: z.object({ attempts: count, ok: count, rateLimited: count }).exactOptional(),
  mockLatenessP99RealMs: z.number().exactOptional(),
});

const Flat = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Everything about a run that its requests do not hold. Rewritten as a whole whenever a level ends. */
export const ManifestSchema = z.object({
  schema: z.literal('bench.manifest/1'),
  /** `running` in a file at rest means that the process died. */
  status: z.enum(['running', 'complete', 'interrupted', 'failed']),
  /** Header facts of the report: scenario, target, model, speed, policy … */
  meta: Flat,
  /** Levels asked for, in order, each once. */
  plannedLevels: z.array(point),
  /** By what levels are judged; the defaults where it is absent. */
  criteria: z
    .object({
      tolerance: z.number(),
      maxFailures: z.number(),
      maxRetryOverhead: z.number(),
      maxLatencyFactor: z.number(),
      slo: z.array(
        z.object({
          metric: z.enum(METRIC_NAMES as [MetricName, ...MetricName[]]),
          percentile: z.enum(['p50', 'p90', 'p95', 'p99']),
          below: z.number().positive(),
        }),
      ),
      allowSaturated: z.boolean(),
    })
    .exactOptional(),
  /** Model time ÷ real time. */
  speed: z.number().positive(),
  seed: z.number().int(),
  /** The command line, without anything secret. */
  argv: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
  host: Flat,
  git: Flat.nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  overhead: z.object({ perCallRealMs: z.number(), perCallMs: z.number(), calls: count }).nullable(),
  levels: z.array(LevelFactsSchema),
  /** Requests in the file of records, once the run has ended and if it kept them. */
  records: count.exactOptional(),
  /** The mock's profile as it was, so that the run can be repeated; `null` for a real endpoint. */
  mockProfile: z.unknown(),
  /** Rate limits that were known before the run, from its options or the mock's profile. */
  limits: z
    .array(
      z.object({
        name: z.enum(['requests', 'tokens', 'input-tokens', 'output-tokens']),
        perSecond: z.number().positive(),
        burst: z.number().positive(),
        perCall: z.number().positive().exactOptional(),
        counts: z.enum(['used', 'reserved']).exactOptional(),
        source: z.enum(['options', 'profile', 'headers']),
      }),
    )
    .exactOptional(),
  /** Thresholds that were set, as they were written. */
  assertions: z.array(z.string()).exactOptional(),
});

/** See `ManifestSchema`. */
export type Manifest = z.infer<typeof ManifestSchema>;

/** Writes the manifest of the run in `dir`. */
export const writeManifest = (dir: string, manifest: Manifest): Promise<void> =>
  writeWhole(join(dir, RUN_FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`);

const fieldOf = ({ issues }: z.ZodError): string => {
  const issue = issues[0];
  return `${issue?.path.join('.') || 'the file'}: ${issue?.message}`;
};

const HINT = 'Name the folder of a run, for example results/latest.';

/** Who names the folder that runs were written to means one of them. */
const hintFor = (dir: string): string =>
  existsSync(join(dir, 'latest', RUN_FILES.manifest))
    ? `It holds runs: name one of them, for example ${join(dir, 'latest')}.`
    : HINT;

/** Reads the manifest of the run in `dir`. Throws `UsageError` if there is none, or one of another kind or version. */
export const readManifest = async (dir: string): Promise<Manifest> => {
  const path = join(dir, RUN_FILES.manifest);
  const value = await readJsonValue(path, hintFor(dir));
  const parsed = ManifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const schema = schemaOf(value);
  if (schema?.startsWith('bench.manifest/') && schema !== 'bench.manifest/1') {
    throw new UsageError(
      `${path} has schema ${schema}, this version reads bench.manifest/1`,
      'Use the bench version that wrote it, or a newer one.',
    );
  }
  throw new UsageError(`${path} is not a run's manifest: ${fieldOf(parsed.error)}`, HINT);
};
