import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/core/errors.ts';
import { bench, eventually, freshDir, startBench } from '../support/bench-process.ts';

const ITEMS = 300;

describe('bench batch', () => {
  it('goes on after kill -9 and sends nothing twice', async () => {
    const cwd = freshDir();
    const text = Array.from({ length: ITEMS }, (_, index) => `Document ${index}`).join('\n');
    writeFileSync(join(cwd, 'docs.txt'), text);
    const args = [
      'batch',
      '--input',
      'docs.txt',
      '--output',
      'out.jsonl',
      '--concurrency',
      '20',
      '--speed',
      '20',
    ];
    const first = startBench(args, { cwd });
    const journal = () => {
      try {
        return readFileSync(join(cwd, 'out.jsonl.journal'), 'utf8').split('\n').slice(1, -1);
      } catch {
        return [];
      }
    };
    await eventually('some answers', () => (journal().length >= 30 ? true : undefined), 60_000);
    first.child.kill('SIGKILL');
    await first.ended;
    const paid = journal().length;
    expect(paid).toBeLessThan(ITEMS);

    const again = await bench(args, { cwd });
    expect(again.code).toBe(EXIT.usage);
    expect(again.stderr).toContain('Add --resume');

    const second = await bench([...args, '--resume', '--speed', '100'], { cwd });
    expect(second.code).toBe(EXIT.ok);
    expect(second.stderr).toContain(`${paid} of them are answered already and not sent again`);
    expect(second.stderr).toContain(`The ${ITEMS - paid} answers of this run`);
    expect(second.stderr).toContain(`${ITEMS} succeeded, 0 failed, in out.jsonl.`);
    const rows = readFileSync(join(cwd, 'out.jsonl'), 'utf8').trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row).input)).toEqual(text.split('\n'));
  });

  it('saves what is there on Ctrl-C', async () => {
    const cwd = freshDir();
    writeFileSync(join(cwd, 'docs.txt'), Array.from({ length: ITEMS }, (_, n) => `Document ${n}`).join('\n'));
    const args = [
      'batch',
      '--input',
      'docs.txt',
      '--output',
      'out.csv',
      '--concurrency',
      '10',
      '--speed',
      '20',
    ];
    const { child, ended } = startBench(args, { cwd });
    const journal = join(cwd, 'out.csv.journal');
    await eventually(
      'some answers',
      () => {
        try {
          return readFileSync(journal, 'utf8').split('\n').length > 15 || undefined;
        } catch {
          return undefined;
        }
      },
      60_000,
    );
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(EXIT.interrupted);
    expect(stderr).toMatch(/\d+ succeeded, 0 failed, \d+ not done, in out\.csv; go on with --resume\./);
    const answered = readFileSync(join(cwd, 'out.csv'), 'utf8').trimEnd().split('\n').length - 1;
    expect(readFileSync(journal, 'utf8').trimEnd().split('\n')).toHaveLength(1 + answered);
  });
});

describe('bench init', () => {
  it.each(['ts', 'js', 'yaml', 'json'])(
    'writes a scenario in %s that runs as it is, and never over a file',
    async (format) => {
      const cwd = freshDir();
      expect(await bench(['init', '--format', format], { cwd })).toMatchObject({ code: EXIT.ok });
      const path = `./my-scenario.${format}`;
      const shown = await bench(['scenarios', '--show', path], { cwd });
      expect(shown.stdout).toContain('100 requests in one batch');
      const sweep = await bench(
        [
          'sweep',
          '--scenario',
          path,
          '--simulate',
          '--levels',
          '1,5',
          '--requests',
          '20',
          '--json',
          '--quiet',
        ],
        { cwd },
      );
      expect(sweep.code).toBe(EXIT.ok);
      expect(
        JSON.parse(sweep.stdout).levels.map(({ counts }: { counts: { ok: number } }) => counts.ok),
      ).toEqual([20, 20]);
      const twice = await bench(['init', '--format', format], { cwd });
      expect(twice.code).toBe(EXIT.usage);
      expect(twice.stderr).toContain('is there already');
      expect(await bench(['init', '--format', format, '--force'], { cwd })).toMatchObject({ code: EXIT.ok });
    },
  );
});
