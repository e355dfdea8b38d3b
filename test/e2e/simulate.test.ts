import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bench, eventually, freshDir, startBench } from '../support/bench-process.ts';

const recordsOf = (cwd: string): string => readFileSync(join(cwd, 'results/latest/records.jsonl'), 'utf8');

describe('a sweep in simulated time', () => {
  it('takes no time, says so in every format, and can be rendered again', async () => {
    const cwd = freshDir();
    const { code, stdout } = await bench(
      ['sweep', '--simulate', '--levels', '1,20,30', '--requests', '300', '--json', '--quiet'],
      { cwd },
    );
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      meta: { simulated: 'direct', timeUnit: 'simulated ms', speed: 1 },
      overhead: null,
      sweetSpot: { level: 20, reason: 'rate-limit' },
    });
    for (const level of report.levels) {
      const { attempts, ok, rateLimited } = level.counts;
      expect(level.ledger).toEqual({ attempts, ok, rateLimited });
      expect(level).not.toHaveProperty('health');
    }
    expect((await bench(['report', 'results/latest', '--json'], { cwd })).stdout).toBe(stdout);
    for (const format of ['terminal', 'markdown']) {
      expect((await bench(['report', 'results/latest', '--format', format], { cwd })).stdout).toContain(
        'simulated',
      );
    }
    rmSync(cwd, { recursive: true });
  });

  it('leaves the same records for the same seed, byte for byte', async () => {
    const run = async (...more: string[]) => {
      const cwd = freshDir();
      const args = [
        'sweep',
        '--simulate',
        '--levels',
        '10,40',
        '--requests',
        '200',
        '--quiet',
        '--format',
        'csv',
        ...more,
      ];
      expect((await bench(args, { cwd })).code).toBe(0);
      const records = recordsOf(cwd);
      rmSync(cwd, { recursive: true });
      return records;
    };
    const first = await run();
    expect(await run()).toBe(first);
    expect(await run('--seed', '2')).not.toBe(first);
    expect(await run('--limiter', 'pool')).toBe(first);
  });

  it.each(['openai', 'anthropic'])('runs through the real %s SDK', async (sdk) => {
    const { code, stdout } = await bench([
      'sweep',
      `--simulate=${sdk}`,
      '--levels',
      '5,30',
      '--requests',
      '100',
      '--json',
      '--quiet',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).levels).toMatchObject([{ counts: { ok: 100 } }, { counts: { ok: 100 } }]);
  });

  it('keeps no records where that is wished, and says what that costs', async () => {
    const cwd = freshDir();
    const { code, stderr } = await bench(
      ['sweep', '--simulate', '--levels', '5', '--requests', '50', '--records', 'drop'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('70 requests, the report in results/');
    const again = await bench(['report', 'results/latest'], { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('records.jsonl is missing');
  });

  it('saves what it has on Ctrl-C', async () => {
    const cwd = freshDir();
    const run = startBench(['sweep', '--simulate', '--levels', '5,10', '--requests', '3000000', '--json'], {
      cwd,
    });
    await eventually('a first line of progress', () =>
      run.stderr().includes('level 5: started') ? true : undefined,
    );
    run.child.kill('SIGINT');
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      meta: { status: 'interrupted' },
      levels: [{ level: 5, complete: false }],
    });
  });

  it('refuses what makes no sense in it', async () => {
    for (const [args, named] of [
      [['--simulate', '--speed', '3'], '--speed'],
      [
        ['--simulate', '--target', 'openai', '--model', 'm', '--base-url', 'http://127.0.0.1:1'],
        '--simulate',
      ],
      [['--simulate', 'nonsense'], '--simulate'],
      [['--simulate', '--hop', 'far'], '--hop'],
    ] as const) {
      const { code, stderr } = await bench(['sweep', ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain(named);
    }
  });
});
