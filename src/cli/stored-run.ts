import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SweepReport } from '../analyze/report.ts';
import { UsageError } from '../core/errors.ts';
import type { RunDetail } from '../report/reporter.ts';
import { RunViewAccumulator } from '../report/run-view/run-view.ts';
import { SweepReportSchema } from '../report/schema.ts';
import { readJsonValue, schemaOf } from '../store/json-file.ts';
import { type Manifest, readManifest } from '../store/manifest.ts';
import { readRecords } from '../store/records.ts';
import { RUN_FILES } from '../store/run-dir.ts';
import { RunAccumulator } from './build-report.ts';
import type { ReportedRun } from './output.ts';

/** Versions, machine and commit of a run, by name. */
export const environmentOf = ({ versions, host, git }: Manifest): NonNullable<RunDetail['environment']> => ({
  ...versions,
  ...host,
  ...git,
});

/** What a name on the command line stands for. Throws `UsageError` if it stands for nothing. */
const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    throw new UsageError(
      `${path}: there is no such file or folder`,
      'Name the folder of a run, for example results/latest.',
    );
  }
};

/**
 * The run in a folder, from its manifest and records alone: its report is byte for byte what the run itself wrote. With
 * `view`, its requests are collected for pictures in the same pass.
 */
const fromFolder = async (dir: string, view: boolean): Promise<ReportedRun> => {
  const manifest = await readManifest(dir);
  const figures = new RunAccumulator(manifest);
  const pictures = view ? new RunViewAccumulator() : undefined;
  const records = () => readRecords(join(dir, RUN_FILES.records), manifest.records);
  for await (const record of records()) {
    figures.record(record);
    pictures?.record(record);
  }
  const environment = environmentOf(manifest);
  const detail = pictures ? { environment, view: pictures.view() } : { environment };
  return { report: figures.report(manifest), detail, records, dir };
};

/** The report in a file. Throws `UsageError` if it is cut off, something else, or of another version. */
const readReport = async (path: string): Promise<SweepReport> => {
  const hint = 'Name a report.json of this version of bench, or the folder of a run.';
  const value = await readJsonValue(path, hint);
  const parsed = SweepReportSchema.safeParse(value);
  // As it was read: a checker that knows fewer fields must not take the others away.
  if (parsed.success) return value as SweepReport;
  const schema = schemaOf(value);
  if (schema?.startsWith('bench.sweep/') && schema !== 'bench.sweep/1')
    throw new UsageError(
      `${path} has schema ${schema}, this version reads bench.sweep/1`,
      'Use the bench version that wrote it, or a newer one.',
    );
  const issue = parsed.error.issues[0];
  throw new UsageError(
    `${path} is not the report of a sweep: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
    hint,
  );
};

/** A stored run by its folder, a file in it, or a report alone. With `view`, with what pictures need. */
export const openRun = async (path: string, view: boolean): Promise<ReportedRun> => {
  if (await isFolder(path)) return fromFolder(path, view);
  if (path.endsWith(RUN_FILES.records) || path.endsWith(RUN_FILES.manifest))
    return fromFolder(dirname(path), view);
  return { report: await readReport(path), detail: {}, records: undefined, dir: dirname(path) };
};

/** The report of the run in a folder: the stored one, or from its records where that is lost or of an earlier form. */
export const openReport = async (dir: string): Promise<SweepReport> => {
  const path = join(dir, RUN_FILES.report);
  if (!existsSync(path)) return (await fromFolder(dir, false)).report;
  return readReport(path).catch((why: unknown) =>
    fromFolder(dir, false).then(
      ({ report }) => report,
      () => Promise.reject(why),
    ),
  );
};
