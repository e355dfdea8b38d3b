import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BatchSettings, STANDARD } from '../config/resolve-batch.ts';
import type { Call } from '../core/call.ts';
import { UsageError } from '../core/errors.ts';
import { RESULT_WRITERS, type ResultWriter } from '../report/results.ts';
import { BatchJournal } from '../store/batch-journal.ts';
import { BatchRowSchema } from '../store/batch-row.ts';
import { fingerprintOf } from '../store/fingerprint.ts';
import { type Item, readItems } from '../workload/items.ts';
import { filled } from '../workload/template.ts';

/** The call of an item. */
export const callOf = ({ system, prompt, maxTokens }: BatchSettings, item: Item): Call => ({
  messages: [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: filled(system, item.index, item) }]),
    { role: 'user', content: filled(prompt, item.index, item) },
  ],
  maxTokens,
  stream: false,
});

/** The items of a batch, from their start. */
export const itemsOf = ({ input }: BatchSettings): AsyncGenerator<Item> => {
  const { path } = input;
  return readItems(path === STANDARD ? process.stdin : createReadStream(path), {
    ...input,
    path: path === STANDARD ? 'stdin' : path,
  });
};

/** The journal that a batch writes, and how many items there are, if that is known before they are read. */
export interface OpenJournal {
  readonly journal: BatchJournal;
  readonly items: number | undefined;
  /** Removes the journal: everything it holds is in the results. */
  discard(): Promise<void>;
}

async function* prompts(settings: BatchSettings): AsyncGenerator<string> {
  for await (const item of itemsOf(settings))
    yield callOf(settings, item)
      .messages.map(({ content }) => content)
      .join('\n');
}

/** Where the journal of a file of results stands. */
const journalPath = (output: string): string => `${output}.journal`;

/** Whether there is nothing to resume, because the results are complete: only then is there no journal beside them. */
export const isComplete = ({ output: { path }, resume }: BatchSettings): boolean =>
  resume && existsSync(path) && !BatchJournal.exists(journalPath(path));

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

/** Reads the whole input once, so that a bad line is refused before any traffic, then opens or takes up the journal. */
export const openJournal = async (settings: BatchSettings): Promise<OpenJournal> => {
  const { input, output, run, resume, maxTokens } = settings;
  const toStdout = output.path === STANDARD;
  const path = toStdout
    ? join(await mkdtemp(join(tmpdir(), 'bench-batch-')), 'journal')
    : journalPath(output.path);
  if (!toStdout) checkFiles(settings, path);
  const known = input.path !== STANDARD;
  const { target } = run;
  const about = [
    target.kind,
    target.model,
    target.kind === 'mock' ? target.profile : target.baseUrl,
    maxTokens,
  ];
  const header = known ? await fingerprintOf(about, prompts(settings)) : { fingerprint: 'stdin', items: 0 };
  if (known && header.items === 0) throw new UsageError(`--input ${input.path} holds no items`);
  const journal =
    resume && BatchJournal.exists(path)
      ? BatchJournal.resume(path, header)
      : BatchJournal.create(path, header);
  return {
    journal,
    items: known ? header.items : undefined,
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
