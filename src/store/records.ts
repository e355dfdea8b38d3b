import { closeSync, createReadStream, existsSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { BenchError, EXIT, UsageError } from '../core/errors.ts';
import { FAILURES } from '../core/failure.ts';
import type { Outcome, Phase, Recorder, RequestRecord } from '../core/record.ts';

/** JSON leaves U+2028 and U+2029 as they are, which line readers take for the end of a line. */
const oneLine = (record: RequestRecord): string =>
  JSON.stringify(record).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

/**
 * Appends one JSON line per request, handed to the operating system before the next one is looked at, so that a crash of
 * this process loses nothing that had completed. A write that fails (full disk) is reported once and ends the run.
 */
export class RecordWriter implements Recorder {
  readonly #path: string;
  readonly #file: number;
  readonly #onFailure: (error: BenchError) => void;
  readonly #buffer: number;
  #pending = '';
  #waiting = 0;
  #failed = false;
  /** Bytes of whole lines; what a torn line leaves behind is skipped by the reader. */
  #lines = 0;

  /** `buffer`: characters to collect before a write; only for runs that can be repeated exactly, since a crash loses them. */
  constructor(path: string, onFailure: (error: BenchError) => void, buffer = 0) {
    this.#buffer = buffer;
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
    this.#pending += `${oneLine(record)}\n`;
    this.#waiting++;
    if (this.#pending.length >= this.#buffer) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
      this.#lines += this.#waiting;
      this.#pending = '';
      this.#waiting = 0;
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

  /** Writes what is waiting and closes the file; further records are dropped. */
  close(): void {
    if (!this.#failed && this.#waiting > 0) this.#flush();
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

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const PHASES = new Set<unknown>(['warmup', 'reference', 'measure'] satisfies Phase[]);
const OUTCOMES = new Set<unknown>(['ok', 'failed', 'dropped', 'cancelled'] satisfies Outcome[]);

const isFailure = (value: unknown): boolean =>
  isObject(value) && typeof value['kind'] === 'string' && Object.hasOwn(FAILURES, value['kind']);

const isSpan = (value: Readonly<Record<string, unknown>>): boolean =>
  Number.isFinite(value['startedAt']) &&
  Number.isFinite(value['endedAt']) &&
  Number(value['endedAt']) >= Number(value['startedAt']);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const isPositive = (value: unknown): boolean => Number.isFinite(value) && Number(value) > 0;

const isOptional = (value: unknown, is: (value: unknown) => boolean): boolean =>
  value === undefined || is(value);

const isUsage = (value: unknown): boolean =>
  isObject(value) &&
  isCount(value['inputTokens']) &&
  isCount(value['outputTokens']) &&
  isOptional(value['cachedTokens'], isCount) &&
  isOptional(value['cacheWriteTokens'], isCount) &&
  isOptional(value['reasoningTokens'], isCount) &&
  isOptional(value['estimated'], (flag) => flag === true);

const isAttempt = (value: unknown): boolean =>
  isObject(value) &&
  isSpan(value) &&
  isOptional(value['status'], isCount) &&
  isOptional(value['headersAt'], Number.isFinite) &&
  isOptional(value['firstTokenAt'], Number.isFinite) &&
  isOptional(value['costUsd'], Number.isFinite) &&
  isOptional(value['firstReasoningAt'], Number.isFinite) &&
  isOptional(value['failure'], isFailure);

/** By hand, since a schema library would take longer over a million lines than reading them does. */
const isRecord = (value: unknown): value is RequestRecord =>
  isObject(value) &&
  isPositive(value['level']) &&
  isOptional(value['block'], isCount) &&
  isCount(value['index']) &&
  PHASES.has(value['phase']) &&
  OUTCOMES.has(value['outcome']) &&
  isOptional(value['item'], isCount) &&
  isOptional(value['step'], (step) => typeof step === 'string') &&
  isOptional(value['askedAt'], Number.isFinite) &&
  Number.isFinite(value['scheduledAt']) &&
  isSpan(value) &&
  isOptional(value['firstTokenAt'], Number.isFinite) &&
  isOptional(value['lastTokenAt'], Number.isFinite) &&
  isOptional(value['chunks'], isCount) &&
  isOptional(value['longestGapMs'], Number.isFinite) &&
  isOptional(value['usage'], isUsage) &&
  Array.isArray(value['attempts']) &&
  (value['attempts'].length > 0 || value['outcome'] !== 'ok') &&
  value['attempts'].every(isAttempt) &&
  isOptional(value['failure'], isFailure);

/**
 * Reads records line by line in constant memory. A last line that is cut off is what a crash leaves behind and is skipped;
 * anything else that is no record is a `UsageError` with file and line. So is, where it is known how many there have to be
 * (`expected`), a file with fewer or more.
 */
export async function* readRecords(path: string, expected?: number): AsyncGenerator<RequestRecord> {
  if (!existsSync(path))
    throw new UsageError(`${path} is missing`, 'Without its records a run has no report.');
  let number = 0;
  let count = 0;
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
    if (!isRecord(value)) throw foreign(path, number, 'a field is missing or of another kind');
    count++;
    yield value;
  }
  if (expected !== undefined && count !== expected)
    throw new UsageError(
      `${path} holds ${count} requests, and the run had ${expected}: ${count < expected ? 'it is cut off' : 'it was added to'}`,
      'Copy the folder of the run again.',
    );
}
