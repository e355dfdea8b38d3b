import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bench, eventually, freshDir, startBench } from '../support/bench-process.ts';

const fixture = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const cwd = freshDir();
const SHORT = ['sweep', '--simulate', '--levels', '5,20', '--requests', '60', '--quiet', '--json'];
const sweep = async (...more: string[]) => {
  const { code, stdout } = await bench([...SHORT, ...more], { cwd });
  return { code, report: JSON.parse(stdout) };
};

beforeAll(async () => {
  expect((await sweep()).code).toBe(0);
  expect((await bench(['baseline', 'save', 'main'], { cwd })).code).toBe(0);
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe('this project compared with itself', () => {
  it('behaves as its baseline says; to accept another behaviour: npm run accept', async () => {
    const own = freshDir();
    mkdirSync(join(own, 'results/baselines'), { recursive: true });
    copyFileSync(fixture('results/baselines/self.json'), join(own, 'results/baselines/self.json'));
    const args = ['sweep', '--config', fixture('test/fixtures/self.bench.json'), '--quiet', '--json'];
    expect((await bench(args, { cwd: own })).code).toBe(0);
    const { code, stdout, stderr } = await bench(['compare', 'self', 'results/latest', '--strict'], {
      cwd: own,
    });
    expect(stderr + stdout).toContain('NO CHANGE');
    expect(code).toBe(0);
    rmSync(own, { recursive: true });
  });
});

describe('bench compare', () => {
  it('finds the same run the same, and another one refused by name', async () => {
    await sweep();
    const same = await bench(['compare', 'main', 'results/latest'], { cwd });
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('NO CHANGE') });
    await sweep('--seed', '2');
    const other = await bench(['compare', 'main', 'results/latest'], { cwd });
    expect(other).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('seed: 1 → 2') });
  });

  it('ends with 98 where it got worse', async () => {
    await sweep('--profile', 'constant');
    await bench(['baseline', 'save', 'fast'], { cwd });
    writeFileSync(join(cwd, 'slow.json'), JSON.stringify({ extends: 'constant', latency: '9s' }));
    await sweep('--profile', 'slow.json');
    const { code, stdout } = await bench(['compare', 'fast', 'results/latest', '--force', '--json'], { cwd });
    expect(code).toBe(98);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'exact', verdict: 'regressed' });
  });

  it.each([
    ['cut off', '{"schema":"bench.sweep/1","me', /cut off, or is not JSON/],
    ['foreign', '{"name":"sweetspot"}', /is not the report of a sweep/],
    ['newer', '{"schema":"bench.sweep/2"}', /has schema bench.sweep\/2/],
    ['a newer baseline', '{"schema":"bench.baseline/2"}', /has schema bench.baseline\/2/],
  ])('refuses a file that is %s in one sentence', async (_, content, message) => {
    writeFileSync(join(cwd, 'file.json'), content);
    const { code, stderr } = await bench(['compare', 'main', 'file.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });
});

describe('bench ab', () => {
  it('needs one pair of simulations, and keeps it', async () => {
    const config = (name: string, more: object) =>
      writeFileSync(
        join(cwd, name),
        JSON.stringify({ simulate: true, levels: [30], requests: 200, profile: 'g1', ...more }),
      );
    config('a.json', {});
    config('b.json', { maxRetries: 1 });
    const args = [
      'ab',
      '--base-config',
      'a.json',
      '--new-config',
      'b.json',
      '--json',
      '--quiet',
      '--out',
      'ab',
    ];
    const { code, stdout } = await bench(args, { cwd });
    expect(code).toBe(98);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'exact', verdict: 'regressed' });
  });

  it('refuses sides that did not measure the same levels, and a file that no sweep would take', async () => {
    const config = (name: string, more: object) =>
      writeFileSync(join(cwd, name), JSON.stringify({ simulate: true, requests: 30, ...more }));
    config('five.json', { levels: [5] });
    config('ten.json', { levels: [10] });
    config('wrong.json', { levels: [5], maxRetrys: 1 });
    const ab = (next: string) =>
      bench(['ab', '--base-config', 'five.json', '--new-config', next, '--quiet'], { cwd });
    expect(await ab('ten.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('levels: 5 → 10'),
    });
    expect(await ab('wrong.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('wrong.json:1'),
    });
  });

  it('says which command printed no report', async () => {
    const args = ['ab', '--base', 'echo nothing', '--new', 'echo nothing', '--quiet'];
    const { code, stderr } = await bench(args, { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('"echo nothing" printed no report');
  });

  it('ends when told to, with what it started', async () => {
    const run = startBench(['ab', '--base', 'sleep 60', '--new', 'sleep 60'], { cwd });
    await eventually('the first run', () => (run.stderr().includes('base: sleep') ? true : undefined));
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
  });
});

describe('--assert', () => {
  it('ends with 99 where a threshold is missed, and holds all results in the report', async () => {
    const { code, report } = await sweep(
      '--assert',
      'throughput{level:20} >= 100/s',
      '--assert',
      'warn: p50 < 1s',
    );
    expect(code).toBe(99);
    expect(report.assertions).toMatchObject([
      { metric: 'throughput', level: 20, passed: false, severity: 'fail' },
      { metric: 'p50', passed: false, severity: 'warn' },
    ]);
    const again = await bench(['report', 'results/latest', '--json'], { cwd });
    expect(JSON.parse(again.stdout)).toEqual(report);
    expect(JSON.parse(readFileSync(join(cwd, 'results/latest/report.json'), 'utf8'))).toEqual(report);
  });

  it('stops the run as soon as it cannot hold any more', async () => {
    const { code, report } = await sweep('--assert', 'abort: p50{level:5} < 1s');
    expect(code).toBe(99);
    expect(report.levels).toHaveLength(1);
    expect(report.meta.status).toBe('interrupted');
  });

  it('judges a stored run too', async () => {
    await sweep();
    const judge = (condition: string) => bench(['report', 'results/latest', '--assert', condition], { cwd });
    expect((await judge('sweet_spot >= 1')).code).toBe(0);
    expect((await judge('sweet_spot >= 1000')).code).toBe(99);
    expect(await judge('sweetspot >= 1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean sweet_spot?'),
    });
  });
});
