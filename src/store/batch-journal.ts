import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import { type BatchRow, BatchRowSchema } from './batch-row.ts';

const HeaderSchema = z.object({
  schema: z.literal('bench.batch/1'),
  /** Hash of the items and of all that an answer depends on. */
  fingerprint: z.string(),
  items: z.int().nonnegative(),
});

/** First line of a journal: which work it belongs to. */
export type JournalHeader = Omit<z.infer<typeof HeaderSchema>, 'schema'>;

const CHUNK = 1 << 20;

/** The lines of an open file with the place at which each starts; a last line without its end is left out. */
function* linesOf(file: number): Generator<{ readonly at: number; readonly text: string }> {
  const chunk = Buffer.alloc(CHUNK);
  let rest = Buffer.alloc(0);
  let at = 0;
  for (let read = at; ; ) {
    const count = readSync(file, chunk, 0, CHUNK, read);
    if (count === 0) return;
    read += count;
    let block = Buffer.concat([rest, chunk.subarray(0, count)]);
    for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10)) {
      yield { at, text: block.toString('utf8', 0, end) };
      at += end + 1;
      block = block.subarray(end + 1);
    }
    rest = Buffer.from(block);
  }
}

/** Where each item's line starts; 0 for none, since the header stands there. 8 bytes an item. */
class Places {
  #at = new Float64Array(1024);

  get length(): number {
    return this.#at.length;
  }

  of(index: number): number {
    return this.#at[index] ?? 0;
  }

  set(index: number, at: number): void {
    if (index >= this.#at.length) {
      const larger = new Float64Array(Math.max(index + 1, this.#at.length * 2));
      larger.set(this.#at);
      this.#at = larger;
    }
    this.#at[index] = at;
  }
}

/**
 * What a batch has paid for so far: one line per item as it ends, handed to the operating system at once, so that a crash of
 * this process loses nothing. A later line of the same item replaces the earlier one.
 */
export class BatchJournal {
  readonly path: string;
  readonly #file: number;
  readonly #places = new Places();
  #end = 0;
  #ok = 0;
  #failed = 0;
  #costUsd = 0;

  private constructor(path: string, file: number) {
    this.path = path;
    this.#file = file;
  }

  /** Starts a new journal over whatever was there. Throws `UsageError` if the file cannot be written. */
  static create(path: string, header: JournalHeader): BatchJournal {
    const journal = new BatchJournal(path, open(path, 'w+'));
    journal.#begin(header);
    return journal;
  }

  /** Takes up a journal. Throws `UsageError` if it belongs to other work; a torn last line is cut off. */
  static resume(path: string, header: JournalHeader): BatchJournal {
    const journal = new BatchJournal(path, open(path, 'r+'));
    let number = 0;
    for (const { at, text } of linesOf(journal.#file)) {
      number++;
      if (number === 1) check(path, text, header);
      else journal.#note(rowOf(path, number, text), at);
      journal.#end = at + Buffer.byteLength(text) + 1;
    }
    // A crash before its first line was whole: nothing had been sent.
    if (number === 0) journal.#begin(header);
    ftruncateSync(journal.#file, journal.#end);
    return journal;
  }

  static exists(path: string): boolean {
    return existsSync(path);
  }

  get ok(): number {
    return this.#ok;
  }

  get failed(): number {
    return this.#failed;
  }

  /** What all that stands in it has cost, tries that failed before another included; in USD. */
  get costUsd(): number {
    return this.#costUsd;
  }

  /** Whether an item was answered; one that failed is to be tried again. */
  isAnswered(index: number): boolean {
    return this.#places.of(index) > 0;
  }

  /** Writes what became of an item. Throws `BenchError` if the disk is full. */
  append(row: BatchRow): void {
    const at = this.#end;
    this.#write(`${JSON.stringify(row)}\n`);
    this.#note(row, at);
  }

  /** All items that ended, in the order of the input. */
  *rows(): Generator<BatchRow> {
    const indexes = this.#places.length;
    for (let index = 0; index < indexes; index++) {
      const at = Math.abs(this.#places.of(index));
      if (at > 0) yield JSON.parse(this.#line(at));
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A negative place marks a failure. */
  #note({ index, error, costUsd }: BatchRow, at: number): void {
    this.#costUsd += costUsd ?? 0;
    const before = this.#places.of(index);
    if (before > 0) this.#ok--;
    if (before < 0) this.#failed--;
    if (error === null) this.#ok++;
    else this.#failed++;
    this.#places.set(index, error === null ? at : -at);
  }

  #begin(header: JournalHeader): void {
    this.#write(`${JSON.stringify({ schema: 'bench.batch/1', ...header })}\n`);
  }

  #write(line: string): void {
    const bytes = Buffer.from(line);
    try {
      for (let written = 0; written < bytes.length; )
        written += writeSync(this.#file, bytes, written, bytes.length - written, this.#end + written);
    } catch (error) {
      throw new BenchError(EXIT.internal, `${this.path} cannot be written: ${words(error)}`, {
        hint: 'Is the disk full? What was answered before is kept: go on with --resume.',
        cause: error,
      });
    }
    this.#end += bytes.length;
  }

  /** Lines come in nearly the order in which they were written, so most stand in the piece read last. */
  #window = Buffer.alloc(0);
  #windowAt = 0;

  #line(at: number): string {
    for (let size = CHUNK; ; size *= 2) {
      const from = at - this.#windowAt;
      const end = from >= 0 && from < this.#window.length ? this.#window.indexOf(10, from) : -1;
      if (end >= 0) return this.#window.toString('utf8', from, end);
      const window = Buffer.alloc(Math.min(size, fstatSync(this.#file).size - at));
      this.#window = window.subarray(0, readSync(this.#file, window, 0, window.length, at));
      this.#windowAt = at;
    }
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const open = (path: string, flags: string): number => {
  try {
    return openSync(path, flags);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${words(error)}`, 'The journal stands beside --output.');
  }
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const check = (path: string, text: string, { fingerprint }: JournalHeader): void => {
  const header = HeaderSchema.safeParse(json(text));
  if (!header.success)
    throw new UsageError(
      `${path}:1 is not the journal of a batch`,
      'Start over with --force, or name another --output.',
    );
  if (header.data.fingerprint !== fingerprint) {
    throw new UsageError(
      `${path} belongs to other work: the input, the prompts, the target, the model or --max-tokens have changed since`,
      'Resume with what the batch was started with, start over with --force, or name another --output.',
    );
  }
};

const rowOf = (path: string, number: number, text: string): BatchRow => {
  const row = BatchRowSchema.safeParse(json(text));
  if (row.success) return row.data;
  throw new UsageError(
    `${path}:${number} is damaged: it is not what became of an item`,
    'Take the line out to have that item done again, and resume.',
  );
};
