import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BatchSettings, STANDARD } from '../config/resolve-batch.ts';
import { BenchError, UsageError } from '../core/errors.ts';
import type { Usd } from '../core/price.ts';
import { RESULT_WRITERS, type ResultWriter } from '../report/results.ts';
import { BatchJournal, type JournalHeader } from '../store/batch-journal.ts';
import { BatchRowSchema } from '../store/batch-row.ts';
import { type Item, readItems } from '../workload/items.ts';

/** The items of a batch, from their start. Throws `UsageError` for a file that cannot be read. */
export async function* itemsOf({ input }: BatchSettings): AsyncGenerator<Item> {
  const { path } = input;
  const isFile = path !== STANDARD;
  try {
    yield* readItems(isFile ? createReadStream(path) : process.stdin, {
      ...input,
      path: isFile ? path : 'stdin',
    });
  } catch (error) {
    if (error instanceof BenchError || !(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(`--input ${path} cannot be read: ${error.message}`);
  }
}

/** The journal that a batch writes. */
export interface OpenJournal {
  readonly journal: BatchJournal;
  /** Removes the journal: everything it holds is in the results. */
  discard(): Promise<void>;
}

/** Where the journal of a file of results stands. */
export const journalPath = (output: string): string => `${output}.journal`;

/** The inputs that a file of results answers, in their order. */
async function* answeredInputs({ path, format }: BatchSettings['output']): AsyncGenerator<string> {
  if (format !== 'json') {
    for await (const { text } of readItems(createReadStream(path), { path, format, column: 'input' }))
      yield text;
    return;
  }
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const row = line.trim().replace(/,$/, '');
    if (row.startsWith('{')) yield BatchRowSchema.parse(JSON.parse(row)).input;
  }
}

const areSame = async (answered: AsyncGenerator<string>, asked: AsyncGenerator<Item>): Promise<boolean> => {
  for await (const { text } of asked) {
    const { value } = await answered.next();
    if (value !== text) return false;
  }
  return (await answered.next()).done === true;
};

/**
 * Whether there is nothing to resume, because the results are complete: only then is there no journal beside them. Throws
 * `UsageError` if they are the results of other items.
 */
export const isComplete = async (settings: BatchSettings): Promise<boolean> => {
  const { output, input, resume } = settings;
  if (!resume || !existsSync(output.path) || BatchJournal.exists(journalPath(output.path))) return false;
  if (await areSame(answeredInputs(output), itemsOf(settings)).catch(() => false)) return true;
  throw new UsageError(
    `--output ${output.path} is there, and is not the results of ${input.path}: the input has changed since, or it is another file`,
    'Name another --output, or start over with --force.',
  );
};

/** Refuses to write over what was paid for. */
const checkFiles = ({ output: { path }, resume, force }: BatchSettings, journal: string): void => {
  if (force) return;
  if (!resume && BatchJournal.exists(journal)) {
    throw new UsageError(
      `${journal} is there: an earlier batch with this --output has not come to its end`,
      'Add --resume to go on without paying twice, or --force to start over.',
    );
  }
  if (existsSync(path) && !BatchJournal.exists(journal)) {
    throw new UsageError(
      `--output ${path} is there already`,
      'Name another file, or add --force to start over and overwrite it.',
    );
  }
};

/** What the earlier runs of a batch have brought. */
export interface AnsweredBefore {
  readonly items: number;
  /** What they have cost, failed items included. */
  readonly costUsd: Usd;
}

/** What is so of a batch that begins. */
export const NOTHING: AnsweredBefore = { items: 0, costUsd: 0 };

/** What earlier runs have answered, and paid for it. Throws `UsageError` as `openJournal` does; writes nothing new. */
export const answeredBefore = (settings: BatchSettings, header: JournalHeader): AnsweredBefore => {
  const { path } = settings.output;
  if (path === STANDARD) return NOTHING;
  checkFiles(settings, journalPath(path));
  if (!settings.resume || !BatchJournal.exists(journalPath(path))) return NOTHING;
  const journal = BatchJournal.resume(journalPath(path), header);
  journal.close();
  return { items: journal.ok, costUsd: journal.costUsd };
};

/** Opens the journal of a batch or takes it up. Throws `UsageError` where that would write over what was paid for, or mix two works. */
export const openJournal = async (settings: BatchSettings, header: JournalHeader): Promise<OpenJournal> => {
  const { output, resume } = settings;
  const toStdout = output.path === STANDARD;
  const path = toStdout
    ? join(await mkdtemp(join(tmpdir(), 'bench-batch-')), 'journal')
    : journalPath(output.path);
  if (!toStdout) checkFiles(settings, path);
  const journal =
    resume && BatchJournal.exists(path)
      ? BatchJournal.resume(path, header)
      : BatchJournal.create(path, header);
  return {
    journal,
    async discard() {
      await (toStdout ? rm(join(path, '..'), { recursive: true }) : rm(path));
    },
  };
};

function* pieces(journal: BatchJournal, writer: ResultWriter): Generator<string> {
  const columns = Object.keys(BatchRowSchema.shape);
  yield writer.head(columns);
  let isFirst = true;
  for (const row of journal.rows()) {
    yield writer.row(row, isFirst);
    isFirst = false;
  }
  yield writer.foot;
}

/** Writes all results in the order of the input; a file is replaced as a whole. */
export const writeResults = async (
  journal: BatchJournal,
  { path, format }: BatchSettings['output'],
): Promise<void> => {
  const source = Readable.from(pieces(journal, RESULT_WRITERS[format]));
  if (path !== STANDARD) {
    const draft = `${path}.draft`;
    await pipeline(source, createWriteStream(draft));
    await rename(draft, path);
    return;
  }
  await pipeline(source, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error; // a reader that has seen enough is no error
  });
};
