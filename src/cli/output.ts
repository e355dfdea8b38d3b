import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SweepReport } from '../analyze/report.ts';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import type { RequestRecord } from '../core/record.ts';
import { type Format, listsRequests } from '../report/formats.ts';
import type { RenderOptions, RunDetail } from '../report/reporter.ts';
import { REPORTERS, REQUEST_REPORTERS } from '../report/reporters.ts';
import { makeFolder } from '../store/make-folder.ts';
import { writeWhole } from '../store/run-dir.ts';

/** Narrowest and widest text that is laid out; a pipe gets the usual 80 columns. */
const WIDTH = { min: 60, max: 140, pipe: 80 };

/** What the stream at the other end can show. NO_COLOR and FORCE_COLOR as at no-color.org. */
export const renderOptions = (stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): RenderOptions => {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const forbidden = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  const columns = stream.columns ?? (Number(env['COLUMNS']) || WIDTH.pipe);
  return {
    color: !forbidden && (forced || stream.isTTY === true),
    width: Math.min(WIDTH.max, Math.max(WIDTH.min, columns)),
    unicode: env['TERM'] !== 'linux' && env['TERM'] !== 'dumb',
  };
};

/** For files, which nobody reads through this terminal. */
const IN_FILES: RenderOptions = { color: false, width: 100, unicode: true };

/** Everything a format may show of a run. */
export interface ReportedRun {
  readonly report: SweepReport;
  readonly detail: RunDetail;
  /** The requests as they are stored; `undefined` where there are none. */
  readonly records: (() => AsyncIterable<RequestRecord>) | undefined;
  /** The run's own folder. */
  readonly dir: string;
}

/** Where reports are to go; by default to stdout, or to the run's folder what is not for a console. */
export interface Destination {
  /** One file, for one format. */
  readonly file?: string | undefined;
  /** A folder for all of them. */
  readonly dir?: string | undefined;
}

/** Whether a format is worth collecting a run's view. */
export const needsView = async (formats: readonly Format[]): Promise<boolean> => {
  const reporters = formats.flatMap((format) => (listsRequests(format) ? [] : [REPORTERS[format]()]));
  return (await Promise.all(reporters)).some(({ needs }) => needs === 'requests');
};

/** The text of a format, piece by piece. */
async function* textOf(run: ReportedRun, format: Format, options: RenderOptions): AsyncGenerator<string> {
  if (!listsRequests(format)) {
    yield (await REPORTERS[format]()).render(run.report, options, run.detail);
    return;
  }
  if (!run.records)
    throw new UsageError(
      `--format ${format} needs the requests of the run, and there is only its report`,
      'Name the folder of a run that has kept its records.',
    );
  const { head, line } = await REQUEST_REPORTERS[format]();
  yield head;
  for await (const record of run.records()) yield line(record);
}

/** The file that a format goes to; `undefined` for stdout. */
const fileFor = async (
  format: Format,
  run: ReportedRun,
  { file, dir }: Destination,
  isAlone: boolean,
): Promise<string | undefined> => {
  if (file !== undefined) return file;
  const reporter = listsRequests(format) ? await REQUEST_REPORTERS[format]() : await REPORTERS[format]();
  if (dir !== undefined) return join(dir, reporter.file);
  const home = 'home' in reporter ? reporter.home : undefined;
  if (home === 'console' || (isAlone && !(home === 'browser' && process.stdout.isTTY))) return undefined;
  return join(run.dir, reporter.file);
};

/** Appends what a format gives to a file named by the environment, such as the summary of a CI step. */
const append = async (format: Format, { report, detail }: ReportedRun): Promise<void> => {
  const { appends } = listsRequests(format) ? {} : await REPORTERS[format]();
  const path = appends && process.env[appends.variable];
  if (!appends || !path) return;
  const text = (await REPORTERS[appends.format]()).render(report, IN_FILES, detail);
  await appendFile(path, text).catch((cause: unknown) => {
    throw new BenchError(EXIT.internal, `${path} (${appends.variable}) cannot be written: ${cause}`, {
      cause,
    });
  });
};

/** A report that went to a file. */
export interface WrittenReport {
  readonly format: Format;
  readonly path: string;
}

/** Renders a run in every format asked for, each to its place; the result is the files written, in order. */
export const deliver = async (
  run: ReportedRun,
  formats: readonly Format[],
  destination: Destination = {},
): Promise<readonly WrittenReport[]> => {
  const written: WrittenReport[] = [];
  if (destination.dir !== undefined)
    await makeFolder(destination.dir).catch((error: unknown) => {
      throw unwritable(destination.dir ?? '', error);
    });
  for (const format of formats) {
    const path = await fileFor(format, run, destination, formats.length === 1);
    if (path === undefined) await print(textOf(run, format, renderOptions(process.stdout, process.env)));
    else {
      await writeWhole(path, textOf(run, format, IN_FILES)).catch((error: unknown) => {
        throw error instanceof UsageError ? error : unwritable(path, error);
      });
      written.push({ format, path });
    }
    await append(format, run);
  }
  return written;
};

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  ENOSPC: 'the disk is full',
};

const unwritable = (path: string, error: unknown): UsageError => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new UsageError(
    `${path} cannot be written: ${WHY[code] ?? (cause instanceof Error ? cause.message : cause)}`,
    'Name a place that you may write to.',
  );
};

/** Prints as fast as the reader reads; one that has seen enough (`| head`) is no error. */
const print = async (pieces: AsyncIterable<string>): Promise<void> => {
  try {
    for await (const text of pieces)
      if (!process.stdout.write(text) && process.stdout.writableNeedDrain)
        await once(process.stdout, 'drain');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
};

/** Prints a text, or writes it to a file, laid out for where it goes; for what is no report of a run. */
export const emit = async (
  render: (options: RenderOptions) => Promise<string>,
  file: string | undefined,
): Promise<void> => {
  if (file === undefined) {
    process.stdout.write(await render(renderOptions(process.stdout, process.env)));
    return;
  }
  await writeWhole(file, await render(IN_FILES)).catch((error: unknown) => {
    throw unwritable(file, error);
  });
  process.stderr.write(`${file}\n`);
};
