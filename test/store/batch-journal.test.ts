import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { BatchJournal } from '../../src/store/batch-journal.ts';
import type { BatchRow } from '../../src/store/batch-row.ts';
import { fingerprintOf } from '../../src/store/fingerprint.ts';

const HEADER = { fingerprint: 'abc', items: 10 };
const fresh = () => join(mkdtempSync(join(tmpdir(), 'bench-journal-')), 'out.jsonl.journal');

const row = (index: number, error: string | null = null): BatchRow => ({
  index,
  input: `item ${index} – ünïcode`,
  output: error === null ? `answer ${index}` : null,
  inputTokens: 3,
  outputTokens: 5,
  attempts: 1,
  costUsd: 0.25,
  error,
});

describe('a journal', () => {
  it('gives its rows in the order of the input, however they came', () => {
    const journal = BatchJournal.create(fresh(), HEADER);
    for (const index of [3, 0, 5000, 1]) journal.append(row(index));
    expect([...journal.rows()].map(({ index }) => index)).toEqual([0, 1, 3, 5000]);
    expect([...journal.rows()][2]).toEqual(row(3));
    expect(journal.isAnswered(3)).toBe(true);
    expect(journal.isAnswered(2)).toBe(false);
    journal.close();
  });

  it('is taken up where it was left, without a torn last line', () => {
    const path = fresh();
    const first = BatchJournal.create(path, HEADER);
    for (const index of [0, 1, 2]) first.append(row(index));
    first.close();
    appendFileSync(path, '{"index":3,"input":"to');
    const journal = BatchJournal.resume(path, HEADER);
    expect(journal.ok).toBe(3);
    expect(journal.isAnswered(3)).toBe(false);
    journal.append(row(3));
    journal.close();
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(5);
    const again = BatchJournal.resume(path, HEADER);
    expect([...again.rows()]).toEqual([0, 1, 2, 3].map((index) => row(index)));
    again.close();
  });

  it('has items that failed done again, and believes the last word', () => {
    const path = fresh();
    const first = BatchJournal.create(path, HEADER);
    first.append(row(0, 'timeout: late'));
    first.append(row(1));
    expect([first.ok, first.failed]).toEqual([1, 1]);
    first.close();
    const journal = BatchJournal.resume(path, HEADER);
    expect([journal.isAnswered(0), journal.isAnswered(1)]).toEqual([false, true]);
    journal.append(row(0));
    expect([journal.ok, journal.failed]).toEqual([2, 0]);
    expect([...journal.rows()]).toEqual([row(0), row(1)]);
    journal.close();
  });

  it('adds up what was paid, tries that failed included, whenever that was', () => {
    const path = fresh();
    const first = BatchJournal.create(path, HEADER);
    first.append(row(0, 'truncated: cut off'));
    first.append({ ...row(1), costUsd: null });
    first.close();
    const journal = BatchJournal.resume(path, HEADER);
    journal.append(row(0));
    expect(journal.costUsd).toBe(0.5);
    journal.close();
  });

  it.each(['', '{"schema":"bench.ba'])('begins anew where a crash left it at "%s"', (left) => {
    const path = fresh();
    writeFileSync(path, left);
    const journal = BatchJournal.resume(path, HEADER);
    journal.append(row(4));
    journal.close();
    const again = BatchJournal.resume(path, HEADER);
    expect([...again.rows()]).toEqual([row(4)]);
    again.close();
  });

  it('loses nothing but its last line, wherever a crash cut it', () => {
    const path = fresh();
    const whole = BatchJournal.create(path, HEADER);
    for (const index of [0, 1, 2]) whole.append(row(index));
    whole.close();
    const bytes = readFileSync(path);
    for (const length of [...bytes.keys(), bytes.length].filter(
      (at) => at % 9 === 0 || bytes[at - 1] === 10,
    )) {
      writeFileSync(path, bytes.subarray(0, length));
      const lines = bytes.subarray(0, length).toString('latin1').split('\n').length - 1;
      const journal = BatchJournal.resume(path, HEADER);
      expect(journal.ok).toBe(Math.max(0, lines - 1));
      journal.close();
    }
  });

  it('reads rows longer than its window, and thousands of them', () => {
    const journal = BatchJournal.create(fresh(), HEADER);
    const long = { ...row(0), output: 'x'.repeat(3_000_000) };
    journal.append(long);
    for (let index = 1; index < 3000; index++) journal.append(row(index));
    const rows = [...journal.rows()];
    expect(rows[0]).toEqual(long);
    expect(rows).toHaveLength(3000);
    journal.close();
  });

  it.each([
    [
      'of other work',
      `${JSON.stringify({ schema: 'bench.batch/1', fingerprint: 'xyz', items: 10 })}\n`,
      'belongs to other work',
    ],
    ['that is none', 'hello\n', ':1 is not the journal of a batch'],
    [
      'that is damaged',
      `${JSON.stringify({ schema: 'bench.batch/1', ...HEADER })}\n{"index":0}\n`,
      ':2 is damaged',
    ],
  ])('%s is refused', (_name, content, told) => {
    const path = fresh();
    writeFileSync(path, content);
    expect(() => BatchJournal.resume(path, HEADER)).toThrow(UsageError);
    expect(() => BatchJournal.resume(path, HEADER)).toThrow(told);
  });
});

describe('a fingerprint', () => {
  const of = async (texts: readonly string[], about: readonly string[] = []) =>
    fingerprintOf(
      about,
      (async function* () {
        yield* texts;
      })(),
    );

  it('tells texts, their order, their limits and what stands around them apart', async () => {
    const all = await Promise.all([
      of(['a', 'b']),
      of(['b', 'a']),
      of(['a\n1:b']),
      of(['ab']),
      of(['a', 'b'], ['gpt']),
    ]);
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(5);
    expect(await of(['a', 'b'])).toEqual(all[0]);
    expect(all[0]?.items).toBe(2);
  });
});
