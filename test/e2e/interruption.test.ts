import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BenchProcess, bench, eventually, freshDir, startBench } from '../support/bench-process.ts';

const ARGS = ['sweep', '--levels', '4,8', '--requests', '2000', '--speed', '40', '--json'];

const recordsIn = (cwd: string): readonly string[] => {
  try {
    return readFileSync(join(cwd, 'results', latestIn(cwd), 'records.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1);
  } catch {
    return [];
  }
};

const latestIn = (cwd: string): string => {
  const { readdirSync } = process.getBuiltinModule('node:fs');
  return readdirSync(join(cwd, 'results')).find((name) => name.endsWith('classify-500')) ?? '';
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The mock that a run has started, by its process id. */
const mockOf = ({ child }: BenchProcess): number => {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  return Number(children[0]);
};

const underWay = async (cwd: string, run: BenchProcess): Promise<number> => {
  await eventually('some records on disk', () => (recordsIn(cwd).length > 60 ? true : undefined));
  return mockOf(run);
};

describe.skipIf(process.platform !== 'linux')('a run that is cut short', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('saves and reports what it has on a %s to it and its mock', async (signal, code) => {
    const cwd = freshDir();
    const run = startBench(ARGS, { cwd });
    const mock = await underWay(cwd, run);
    process.kill(mock, signal); // as a terminal does and `timeout`: the whole group gets it
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended.code).toBe(code);
    const report = JSON.parse(ended.stdout);
    expect(report.meta.status).toBe('interrupted');
    const records = recordsIn(cwd).map((line) => JSON.parse(line));
    const measured = records.filter(({ phase, level }) => phase === 'measure' && level === 4);
    expect(report.levels[0].counts.requests).toBe(measured.length);
    expect(report.levels[0].complete).toBe(false);
    expect(report.levels[0].counts.failed).toBe(0);
    expect(measured.filter(({ outcome }) => outcome === 'cancelled').length).toBeGreaterThan(0);
    expect(isAlive(mock)).toBe(false);
    const again = await bench(['report', 'results/latest', '--json'], { cwd });
    expect(again.stdout).toBe(ended.stdout);
  });

  it('leaves every completed request readable when it is killed, and no mock behind', async () => {
    const cwd = freshDir();
    const run = startBench(ARGS, { cwd });
    const mock = await underWay(cwd, run);
    run.child.kill('SIGKILL');
    await run.ended;
    await eventually('the mock ends by itself', () => (isAlive(mock) ? undefined : true));
    const count = recordsIn(cwd).length;
    const { code, stdout } = await bench(['report', join('results', latestIn(cwd)), '--json'], { cwd });
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.meta.status).toBe('running');
    expect(report.levels[0].counts.requests + report.reference.requests).toBe(count);
  });

  it('ends with an error of its own when the mock dies', async () => {
    const cwd = freshDir();
    const run = startBench(ARGS, { cwd });
    const mock = await underWay(cwd, run);
    process.kill(mock, 'SIGKILL');
    const ended = await run.ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('the mock server ended in mid-run');
    expect(JSON.parse(ended.stdout).levels[0].counts.failed).toBe(0);
  });
});
