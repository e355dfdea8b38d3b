import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import type { Recorder, RequestRecord } from '../core/record.ts';

/**
 * Appends one JSON line per request, handed to the operating system before the next one is looked at, so that a crash of
 * this process loses nothing that had completed. A write that fails (full disk) is reported once and ends the run.
 */
export class RecordWriter implements Recorder {
  readonly #path: string;
  readonly #file: number;
  readonly #onFailure: (error: BenchError) => void;
  #failed = false;
  /** Bytes of whole lines; what a torn line leaves behind is skipped by the reader. */
  #lines = 0;

  constructor(path: string, onFailure: (error: BenchError) => void) {
    this.#path = path;
    this.#file = openSync(path, 'a');
    this.#onFailure = onFailure;
  }

  /** Lines written. */
  get lines(): number {
    return this.#lines;
  }

  record(record: RequestRecord): void {
    if (this.#failed) return;
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.#file, line, written);
      this.#lines++;
    } catch (error) {
      this.#failed = true;
      this.#onFailure(
        new BenchError(
          EXIT.internal,
          `${this.#path} cannot be written: ${error instanceof Error ? error.message : error}`,
          {
            hint: `Is the disk full? The ${this.#lines} requests before it are on disk and readable (bench report).`,
            cause: error,
          },
        ),
      );
    }
  }

  /** Closes the file; further records are dropped. */
  close(): void {
    this.#failed = true;
    closeSync(this.#file);
  }
}

/** A line that a reader could make no sense of. */
const foreign = (path: string, line: number, why: string) =>
  new UsageError(
    `${path}:${line} is not a request record: ${why}`,
    'Is this the records.jsonl of a bench run?',
  );

const isRecord = (value: unknown): value is RequestRecord =>
  typeof value === 'object' &&
  value !== null &&
  'level' in value &&
  typeof value.level === 'number' &&
  'phase' in value &&
  'outcome' in value &&
  'attempts' in value &&
  Array.isArray(value.attempts);

/**
 * Reads records line by line in constant memory. A last line that is cut off is what a crash leaves behind and is skipped;
 * anything else that is no record is a `UsageError` with file and line.
 */
export async function* readRecords(path: string): AsyncGenerator<RequestRecord> {
  let number = 0;
  let torn: string | undefined;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (torn !== undefined) throw foreign(path, number, torn);
    number++;
    if (line === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      torn = error instanceof Error ? error.message : String(error);
      continue;
    }
    if (!isRecord(value)) throw foreign(path, number, 'it lacks level, phase, outcome or attempts');
    yield value;
  }
}
