import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batch } from '../../src/cli/batch.ts';
import { concurrencyOf } from '../../src/cli/batch-concurrency.ts';
import { affordable, surveyBatch } from '../../src/cli/batch-survey.ts';
import { batchPlanText } from '../../src/cli/batch-words.ts';
import { BATCH_OPTIONS, type BatchOptions } from '../../src/config/batch-options.ts';
import { collect } from '../../src/config/collect.ts';
import { resolveBatch } from '../../src/config/resolve-batch.ts';
import { BenchError, EXIT } from '../../src/core/errors.ts';
import type { BatchRow } from '../../src/store/batch-row.ts';
import { refusal, workFolder } from '../config/refusal.ts';

const { dir, write, hide } = workFolder();
const at = (name: string) => `${dir}/${name}`;

const settingsOf = (flags: Readonly<Record<string, string | boolean>>) =>
  resolveBatch(collect(BATCH_OPTIONS, { flags, env: {}, file: undefined }) as BatchOptions, {});

/** Runs a batch in virtual time. */
const run = async (flags: Readonly<Record<string, string | boolean>>) =>
  batch(await settingsOf({ simulate: true, quiet: true, out: at('no-results'), ...flags }));

const rowsOf = (name: string): readonly BatchRow[] =>
  readFileSync(at(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const docs = (count: number) => Array.from({ length: count }, (_, index) => `Document ${index}`).join('\n');

beforeAll(() => {
  write('docs.txt', docs(60));
});
afterAll(() => {
  process.exitCode = undefined;
});

describe('a batch', () => {
  it('writes each answer in the order of the input', async () => {
    expect(await run({ input: at('docs.txt'), output: at('a.jsonl'), concurrency: '7' })).toBe(EXIT.ok);
    const rows = rowsOf('a.jsonl');
    expect(rows.map(({ index, input }) => [index, input])).toEqual(
      Array.from({ length: 60 }, (_, index) => [index, `Document ${index}`]),
    );
    expect(rows.every(({ output, error, attempts }) => output && error === null && attempts === 1)).toBe(
      true,
    );
    expect(rows[0]).toMatchObject({ inputTokens: 3, outputTokens: 30 });
    expect(existsSync(at('a.jsonl.journal'))).toBe(false);
  });

  it('writes JSON and CSV alike, of CSV and JSON lines', async () => {
    write('t.csv', 'id,body\n1,"x, y"\n2,z\n');
    await run({ input: at('t.csv'), column: 'body', prompt: 'Sort {id}: {body}', output: at('b.csv') });
    const [head, first] = readFileSync(at('b.csv'), 'utf8').split('\n');
    expect(head).toBe('index,input,output,inputTokens,outputTokens,attempts,costUsd,error');
    expect(first).toMatch(/^0,"x, y",.+,3,30,1,,$/);
    write('t.jsonl', '{"text": "one"}\n{"text": "two"}\n');
    await run({ input: at('t.jsonl'), output: at('b.json') });
    expect(JSON.parse(readFileSync(at('b.json'), 'utf8'))).toMatchObject([
      { input: 'one' },
      { input: 'two' },
    ]);
  });

  it('goes on past items that fail, tells them, and does only those again', async () => {
    write(
      'every-third.yaml',
      'extends: constant\nlatency: 1s\nfaults: [{kind: status, every: 3, status: 400}]\n',
    );
    const flags = { input: at('docs.txt'), output: at('c.jsonl'), profile: at('every-third.yaml') };
    await expect(run(flags)).rejects.toMatchObject({
      exitCode: EXIT.invalid,
      message: '20 of 60 items failed',
    });
    const rows = rowsOf('c.jsonl');
    expect(rows.filter(({ output }) => output === null).map(({ index }) => index % 3)).toEqual(
      Array(20).fill(2),
    );
    expect(rows[2]?.error).toMatch(/^rejected: 400/);
    await expect(run({ ...flags, resume: true })).rejects.toMatchObject({ message: '20 of 60 items failed' });
    const journal = readFileSync(at('c.jsonl.journal'), 'utf8').trimEnd().split('\n');
    expect(journal).toHaveLength(1 + 60 + 20);
  });

  it('goes on after a crash without sending anything again', async () => {
    write('failing.json', '{ "extends": "g1", "faults": [{ "kind": "status", "rate": 0.4 }] }');
    const profile = at('failing.json');
    const flags = { input: at('docs.txt'), output: at('d.jsonl'), profile, concurrency: '30' };
    // Server errors and no retries: the run ends with failures, and keeps its journal.
    await expect(run({ ...flags, maxRetries: '0' })).rejects.toThrow(BenchError);
    const before = readFileSync(at('d.jsonl.journal'), 'utf8').trimEnd().split('\n');
    const answered = before.filter((line) => line.includes('"error":null'));
    expect(answered.length).toBeGreaterThan(20);
    writeFileSync(at('d.jsonl.journal'), `${[before[0], ...answered].join('\n')}\n`);
    appendFileSync(at('d.jsonl.journal'), '{"index":59,"inp');
    expect(await run({ ...flags, concurrency: '5', resume: true })).toBe(EXIT.ok);
    const rows = rowsOf('d.jsonl');
    expect(rows).toHaveLength(60);
    for (const line of answered) expect(rows).toContainEqual(JSON.parse(line));
    expect(await run({ ...flags, resume: true })).toBe(EXIT.ok); // nothing is left to do
    for (const [name, output] of [
      ['more.txt', 'd.jsonl'],
      ['docs.txt', 'd.json'],
    ] as const) {
      write('more.txt', docs(61));
      if (output === 'd.json') writeFileSync(at(output), '[1, 2]');
      const other = { ...flags, input: at(name), output: at(output), resume: true };
      expect(await refusal(run(other).then(String))).toContain('is not the results of');
    }
  });

  it('does not write over what was paid for, nor mix two works', async () => {
    expect(await refusal(run({ input: at('docs.txt'), output: at('a.jsonl') }).then(String))).toContain(
      'is there already',
    );
    expect(await refusal(run({ input: at('docs.txt'), output: at('c.jsonl') }).then(String))).toContain(
      'has not come to its end',
    );
    expect(
      await refusal(
        run({ input: at('docs.txt'), output: at('c.jsonl'), resume: true, system: 'Other.' }).then(String),
      ),
    ).toContain('belongs to other work');
    expect(await run({ input: at('docs.txt'), output: at('a.jsonl'), force: true })).toBe(EXIT.ok);
  });

  it.each(['json', 'csv'])('knows results in %s that are complete', async (format) => {
    write('odd.jsonl', ['"two\\nlines, \\"quoted\\""', '"{"', '" padded "'].join('\n'));
    const flags = { input: at('odd.jsonl'), output: at(`odd.${format}`) };
    expect(await run(flags)).toBe(EXIT.ok);
    const written = readFileSync(flags.output, 'utf8');
    expect(await run({ ...flags, resume: true })).toBe(EXIT.ok);
    expect(readFileSync(flags.output, 'utf8')).toBe(written);
  });

  it('costs what its rows say, ends before its cap, and goes on with the rest', async () => {
    // 3 tokens in, 30 out: 0.0063 USD each; set aside for one: 11 + 32 tokens in, 50 out.
    const flags = {
      input: at('docs.txt'),
      output: at('paid.jsonl'),
      price: '100,200',
      maxTokens: '50',
      concurrency: '4',
    };
    await expect(run({ ...flags, maxCost: '0.1' })).rejects.toMatchObject({ exitCode: EXIT.cost });
    const spent = rowsOf('paid.jsonl').reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
    expect(spent).toBeGreaterThan(0.03);
    expect(spent).toBeLessThanOrEqual(0.1);
    expect(rowsOf('paid.jsonl')[0]?.costUsd).toBeCloseTo(0.0063, 10);
    // The cap is the batch's: what is left of it allows a few more, or none.
    await expect(run({ ...flags, maxCost: '0.1', resume: true })).rejects.toMatchObject({
      exitCode: EXIT.cost,
      message: expect.stringContaining('the whole batch'),
    });
    await expect(run({ ...flags, concurrency: '1', maxCost: '0.15', resume: true })).rejects.toMatchObject({
      exitCode: EXIT.cost,
      message: expect.stringContaining('in the runs before'),
    });
    const inAll = rowsOf('paid.jsonl').reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
    expect(inAll).toBeGreaterThan(spent);
    expect(inAll).toBeLessThanOrEqual(0.15);
    expect(await run({ ...flags, maxCost: '1', resume: true })).toBe(EXIT.ok);
    const all = rowsOf('paid.jsonl').map(({ costUsd }) => costUsd);
    expect(all).toHaveLength(60);
    expect(all.every((cost) => cost !== null && Math.abs(cost - 0.0063) < 1e-9)).toBe(true);
  });

  it('makes by itself no more calls at once than the cap can bear', async () => {
    const flags = { input: at('docs.txt'), price: '100,200', maxTokens: '50', maxCost: '0.1' };
    const survey = await surveyBatch(await settingsOf({ ...flags, out: at('no-results') }));
    const settings = await settingsOf({ ...flags, out: at('no-results') });
    const most = affordable(settings, survey.worstUsd, 0);
    expect(most * survey.worstUsd).toBeLessThanOrEqual(0.1);
    expect((most + 1) * survey.worstUsd).toBeGreaterThan(0.1);
    expect(await concurrencyOf(settings, most)).toMatchObject({ level: most });
    const many = await settingsOf({ ...flags, concurrency: String(most + 1) });
    expect(() => affordable(many, survey.worstUsd, 0)).toThrow(/at once could cost up to/);
  });

  it('says in a dry run what is left to do and what that may cost', async () => {
    const settings = await settingsOf({
      input: at('docs.txt'),
      price: '1,2',
      concurrency: '10',
      maxTokens: '100',
    });
    const survey = await surveyBatch(settings);
    const text = batchPlanText(settings, survey, await concurrencyOf(settings), {
      items: 15,
      costUsd: 0.003,
    });
    expect(hide(text)).toMatchInlineSnapshot(`
      "<dir>/docs.txt, on the mock (profile g1), model gpt-4o-mini, 10 at once: as asked for

      items  tokens in  tokens out        cost    time
                             up to       up to   about
      ------------------------------------------------
      45           135       4,500  0.0091 USD  13.3 s

      15 items are answered already and not sent again; they have cost 0.0030 USD, which counts under the cap.
      Price: 1 in, 2 out USD per million tokens (--price). Cap: none.
      Counted for answers of full length and without retries (each may be sent up to 11 times);
      prompts at 4 characters per token. Time assumes a first token after 1.00 s, then 60 tokens/s, no limits.
      Nothing was sent.
      "
    `);
  });

  it('takes the sweet spot that was measured for the same target', async () => {
    const settings = await settingsOf({ input: at('docs.txt'), simulate: true, out: at('no-results') });
    expect((await concurrencyOf(settings)).because).toContain('nothing has been measured here yet');
    expect(await concurrencyOf({ ...settings, concurrency: 9 })).toMatchObject({
      level: 9,
      because: 'as asked for',
    });
  });

  it('of thousands of items keeps no more in memory than are in flight', async () => {
    write('many.txt', docs(20_000));
    const flags = {
      input: at('many.txt'),
      output: at('many.jsonl'),
      profile: 'unlimited',
      concurrency: '50',
    };
    expect(await run(flags)).toBe(EXIT.ok);
    const rows = rowsOf('many.jsonl');
    expect(rows.length).toBe(20_000);
    expect(rows.every(({ index, input }, place) => index === place && input === `Document ${place}`)).toBe(
      true,
    );
  }, 60_000);
});

describe('bad input of a batch', () => {
  it('is refused before any traffic', async () => {
    write('empty.txt', '\n\n');
    write('bad.jsonl', '"one"\n{"a":\n');
    const told = [];
    for (const flags of [
      {},
      { input: at('none.txt') },
      { input: dir },
      { input: at('docs.txt'), output: at('x.xls') },
      { input: at('docs.txt'), column: 'text' },
      { input: at('docs.txt'), resume: true, force: true },
      { input: '-', resume: true },
      { input: at('docs.txt'), concurrency: 'many' },
      { input: at('docs.txt'), inputFormat: 'xml' },
      { input: at('empty.txt'), output: at('y.jsonl') },
      { input: at('bad.jsonl'), output: at('z.jsonl') },
      { input: at('docs.txt'), output: at('z.jsonl'), profile: 'g2' },
    ])
      told.push(hide(await refusal(run(flags).then(String))).split(' → ')[0]);
    expect(told).toMatchInlineSnapshot(`
      [
        "--input is missing: the items to work on",
        "--input <dir>/none.txt: there is no such file",
        "--input <dir>: this is not a file",
        "--output <dir>/x.xls: its ending does not say how to write it",
        "--column: a plain text file has no columns",
        "--resume and --force contradict each other",
        "--resume needs files: stdin and stdout cannot be taken up again",
        "--concurrency: "many" is not a whole number of at least 1",
        "--input-format: there is no "xml"",
        "--input <dir>/empty.txt holds no items",
        "<dir>/bad.jsonl:2 is not JSON: Unexpected end of JSON input",
        "--profile: unknown profile "g2"",
      ]
    `);
    expect(existsSync(at('z.jsonl'))).toBe(false);
  });
});
