import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ComparedRun } from '../analyze/compare-run.ts';
import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import { readJsonValue, schemaOf } from './json-file.ts';
import { makeFolder } from './make-folder.ts';
import { writeWhole } from './run-dir.ts';

const SCHEMA = 'bench.baseline/1';

/** Where baselines are kept, committed with the code that they belong to. */
export const BASELINE_DIR = 'results/baselines';

const figures = z.record(z.string(), z.number());

const BaselineSchema = z.object({
  schema: z.literal(SCHEMA),
  exact: z.boolean(),
  conditions: z.record(z.string(), z.string()),
  scopes: z.array(
    z.object({ level: z.number().positive().nullable(), values: figures, blocks: z.array(figures) }),
  ),
  spot: z.object({ low: z.number(), high: z.number() }).nullable(),
});

const HINT = 'bench baseline list shows what there is; bench baseline save NAME RUN makes one.';

const isName = (name: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u.test(name);

/** The file of a baseline. Throws `UsageError` for a name that is none. */
const baselinePath = (dir: string, name: string): string => {
  if (isName(name)) return join(dir, `${name}.json`);
  throw new UsageError(
    `"${name}" cannot be the name of a baseline`,
    'Use letters, digits, dots, hyphens and underscores, for example main.',
  );
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, sorted(each)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** The bytes of a baseline: sorted keys, no time, no place, so that a diff shows what has changed and nothing else. */
export const baselineText = (run: ComparedRun): string =>
  `${JSON.stringify({ schema: SCHEMA, ...(sorted(run) as ComparedRun) }, null, 2)}\n`;

/** Whether a file is a baseline, by what it says. */
export const isBaseline = (value: unknown): boolean =>
  schemaOf(value)?.startsWith('bench.baseline/') ?? false;

/** A baseline from what its file held. Throws `UsageError` if it is of another version, or damaged. */
export const parseBaseline = (value: unknown, path: string): ComparedRun => {
  const parsed = BaselineSchema.safeParse(value);
  if (parsed.success) {
    const { schema: _known, ...run } = parsed.data;
    return run;
  }
  const schema = schemaOf(value);
  if (schema !== SCHEMA && schema?.startsWith('bench.baseline/')) {
    throw new UsageError(
      `${path} has schema ${schema}, this version reads ${SCHEMA}`,
      'Use the bench version that wrote it, or a newer one.',
    );
  }
  const issue = parsed.error.issues[0];
  throw new UsageError(
    `${path} is not a baseline: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
    HINT,
  );
};

/** Names of the baselines in a folder, sorted; none if there is no such folder. */
export const listBaselines = async (dir: string): Promise<readonly string[]> => {
  const files = await readdir(dir).catch(() => []);
  return files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : [])).sort();
};

const missing = async (dir: string, name: string): Promise<UsageError> => {
  const names = await listBaselines(dir);
  return new UsageError(
    `there is no baseline "${name}" in ${dir}`,
    names.length > 0 ? nameHint(name, names) : 'Make one: bench baseline save NAME RUN.',
  );
};

/** The baseline of that name. Throws `UsageError` if there is none, or one that cannot be read. */
export const readBaseline = async (dir: string, name: string): Promise<ComparedRun> => {
  const path = baselinePath(dir, name);
  if (!(await listBaselines(dir)).includes(name)) throw await missing(dir, name);
  return parseBaseline(await readJsonValue(path, HINT), path);
};

/** Writes a baseline, over an older one of that name; the result is its path. */
export const saveBaseline = async (dir: string, name: string, run: ComparedRun): Promise<string> => {
  const path = baselinePath(dir, name);
  await makeFolder(dir).catch((error: unknown) => {
    throw new UsageError(`${dir} cannot be written: ${error}`, 'Name a folder that you may write to.');
  });
  await writeWhole(path, baselineText(run));
  return path;
};

/** Deletes a baseline. Throws `UsageError` if there is none. */
export const removeBaseline = async (dir: string, name: string): Promise<void> => {
  const path = baselinePath(dir, name);
  if (!(await listBaselines(dir)).includes(name)) throw await missing(dir, name);
  await rm(path);
};
