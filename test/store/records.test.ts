import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BenchError, EXIT, UsageError } from '../../src/core/errors.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { RecordWriter, readRecords } from '../../src/store/records.ts';
import { attempt, failure, request, runs } from '../support/record-fixtures.ts';

const dir = mkdtempSync(join(tmpdir(), 'bench-records-'));
const MKFIFO = '/usr/bin/mkfifo';
let files = 0;
const newFile = () => join(dir, `${files++}.jsonl`);

const fileOf = (content: string): string => {
  const path = newFile();
  writeFileSync(path, content);
  return path;
};

const read = async (path: string, expected?: number): Promise<readonly RequestRecord[]> => {
  const records: RequestRecord[] = [];
  for await (const record of readRecords(path, expected)) records.push(record);
  return records;
};

const noFailure = (error: BenchError) => {
  throw error;
};

const write = (path: string, records: readonly RequestRecord[]) => {
  const writer = new RecordWriter(path, noFailure);
  for (const record of records) writer.record(record);
  writer.close();
  return writer;
};

const full = request(
  [{ ...attempt(0.1, 1 / 3, 'rate-limited'), rateLimit: { requests: { limit: 5, reset: 20 } } }],
  {
    firstTokenAt: 1e-7,
    usage: { inputTokens: 1, outputTokens: 2, reasoningTokens: 3 },
    failure: {
      kind: 'rate-limited',
      message: 'line\nfeed, "quotes", \u{1F680} and \\',
      status: 429,
      retryAfter: 0,
    },
  },
);
const plain = request([attempt(5, 7)]);
const line = (record: RequestRecord) => `${JSON.stringify(record)}\n`;

/** What the user is told where a file is refused, without its folder. */
const refusal = async (content: string): Promise<string> => {
  const error = await read(fileOf(content)).catch((caught: unknown) => caught);
  if (!(error instanceof UsageError)) throw new Error('not refused', { cause: error });
  return error.message.replaceAll(dir, '<dir>').replace(/\d+\.jsonl/, 'records.jsonl');
};

describe('records on disk', () => {
  it('come back as they were written, in order', async () => {
    const path = newFile();
    expect(write(path, [full, plain, full]).lines).toBe(3);
    expect(await read(path)).toEqual([full, plain, full]);
  });

  it('come back as they were written, any run', async () => {
    await fc.assert(
      fc.asyncProperty(runs(), async ({ records }) => {
        const path = newFile();
        write(path, records);
        expect(await read(path)).toEqual(records);
      }),
      { numRuns: 30 },
    );
  });

  it('keep any message whole', async () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom('\n', '\r', '"', '\\', '\0'), fc.string()) });
    await fc.assert(
      fc.asyncProperty(text, async (message) => {
        const record = request([attempt(0, 1, 'server')], { failure: { ...failure('server'), message } });
        const path = newFile();
        write(path, [record, plain]);
        expect(await read(path)).toEqual([record, plain]);
      }),
      { numRuns: 30 },
    );
  });

  // node:readline takes U+2028 and U+2029 for line ends, JSON.stringify does not escape them.
  it.each(['\u2028', '\u2029'])('keep a message with the separator %j whole', async (separator) => {
    const record = request([attempt(0, 1, 'server')], {
      failure: { ...failure('server'), message: `a${separator}b` },
    });
    const path = newFile();
    write(path, [record, plain]);
    expect(await read(path)).toEqual([record, plain]);
  });

  it('are on disk before the next one is looked at', () => {
    const path = newFile();
    const writer = new RecordWriter(path, noFailure);
    writer.record(plain);
    expect(readFileSync(path, 'utf8')).toBe(line(plain)); // not closed yet
    writer.record(full);
    expect(readFileSync(path, 'utf8')).toBe(line(plain) + line(full));
    writer.close();
  });

  it('are added to what is there, never over it', async () => {
    const path = newFile();
    write(path, [plain]);
    write(path, [full]);
    expect(await read(path)).toEqual([plain, full]);
  });

  it('are dropped once the file is closed', async () => {
    const path = newFile();
    const writer = write(path, [plain]);
    writer.record(full);
    expect(writer.lines).toBe(1);
    expect(await read(path)).toEqual([plain]);
  });

  it('are none in an empty file', async () => {
    expect(await read(fileOf(''))).toEqual([]);
    expect(await read(fileOf('\n'))).toEqual([]);
  });

  it('survive a last line that a crash cut off, wherever it was cut', async () => {
    const last = line(full);
    for (let kept = 0; kept < last.length - 1; kept += 7)
      expect(await read(fileOf(line(plain) + line(plain) + last.slice(0, kept))), `${kept}`).toEqual([
        plain,
        plain,
      ]);
  });

  it('survive a cut in the middle of a character', async () => {
    const path = fileOf(line(plain));
    const bytes = Buffer.from(line(full));
    appendFileSync(path, bytes.subarray(0, bytes.indexOf(Buffer.from('\u{1F680}')) + 2));
    expect(await read(path)).toEqual([plain]);
  });

  it('are refused where it is known how many there have to be, and there are others', async () => {
    const path = fileOf(line(plain) + line(plain) + line(full).slice(0, 30));
    const all = (expected: number) => read(path, expected);
    expect(await all(2)).toEqual([plain, plain]);
    await expect(all(3)).rejects.toThrow('holds 2 requests, and the run had 3: it is cut off');
    await expect(all(1)).rejects.toThrow('holds 2 requests, and the run had 1: it was added to');
  });

  it('are refused with file and line where there is garbage between them', async () => {
    expect(await refusal(`${line(plain)}garbage\n${line(plain)}`)).toMatch(
      /^<dir>\/records\.jsonl:2 is not a request record: Unexpected token/,
    );
    const torn = line(full).slice(0, 20);
    expect(await refusal(`${line(plain)}${torn}\n\n${line(plain)}`)).toContain(':2 is not a request record');
  });

  it('are refused where the lines are of something else', async () => {
    expect(await refusal('{"event":"start"}\n{"event":"end"}\n')).toMatchInlineSnapshot(
      `"<dir>/records.jsonl:1 is not a request record: a field is missing or of another kind"`,
    );
    for (const foreign of ['{}', '[]', '7', 'null', '"text"', '{"level":"1","phase":"measure"}'])
      expect(await refusal(`${line(plain)}${foreign}\n`), foreign).toContain(':2 is not a request record');
  });

  // Such a line would make every figure NaN, and null in JSON.
  it.each([
    ['no instants', { startedAt: undefined, endedAt: undefined }],
    ['an unknown outcome', { outcome: 'maybe' }],
    ['an unknown phase', { phase: 'pause' }],
    ['an instant that is text', { endedAt: 'later' }],
    ['an attempt that is none', { attempts: [7] }],
    ['an attempt without an end', { attempts: [{ startedAt: 5 }] }],
    ['an end before its start', { startedAt: 7, endedAt: 5 }],
    ['a failure of no known kind', { outcome: 'failed', failure: { kind: 'bad luck', message: '' } }],
    [
      'an attempt’s failure of no known kind',
      { attempts: [{ ...attempt(5, 7), failure: { kind: 'bad luck' } }] },
    ],
    ['no number', { index: undefined }],
    ['a level that is no number above 0', { level: 0 }],
    ['a block that is no count', { block: -1 }],
  ])('are refused with %s', async (_what, wrong) => {
    expect(await refusal(`${JSON.stringify({ ...plain, ...wrong })}\n${line(plain)}`)).toContain(
      ':1 is not a request record',
    );
  });

  it('are told to be missing, not an internal error, where the file is', async () => {
    await expect(read(join(dir, 'missing.jsonl'))).rejects.toThrow(UsageError);
  });

  it.runIf(existsSync('/dev/full'))('tell once that the disk is full, and how much is safe', () => {
    const told: BenchError[] = [];
    const writer = new RecordWriter('/dev/full', (error) => told.push(error));
    for (let i = 0; i < 3; i++) writer.record(plain);
    writer.close();
    expect(writer.lines).toBe(0);
    expect(told.map(({ exitCode, message }) => [exitCode, message])).toEqual([
      [EXIT.internal, '/dev/full cannot be written: ENOSPC: no space left on device, write'],
    ]);
    expect(told[0]?.hint).toContain('The 0 requests before it are on disk');
  });

  it.runIf(existsSync(MKFIFO))('before a write that failed stay as they were', () => {
    const path = newFile();
    execFileSync(MKFIFO, [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const told: BenchError[] = [];
    const writer = new RecordWriter(path, (error) => told.push(error));
    writer.record(plain);
    writer.record(full);
    const buffer = Buffer.alloc(65_536);
    const seen = buffer.toString('utf8', 0, readSync(reader, buffer));
    closeSync(reader);
    writer.record(plain); // nobody is left to take it
    writer.record(plain);
    writer.close();
    expect(seen).toBe(line(plain) + line(full));
    expect(writer.lines).toBe(2);
    expect(told).toHaveLength(1);
    expect(told[0]?.hint).toContain('The 2 requests before it are on disk');
  });
});
