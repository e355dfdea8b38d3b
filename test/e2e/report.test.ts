import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bench, type Ended, freshDir } from '../support/bench-process.ts';

const cwd = freshDir();
let swept: Ended;
const run = (...args: string[]) => bench(args, { cwd });
const inRun = (name: string) => join(cwd, 'results/latest', name);
const read = (path: string) => readFileSync(join(cwd, path), 'utf8');

beforeAll(async () => {
  swept = await run(
    'sweep',
    '--simulate',
    '--levels',
    '5,30',
    '--requests',
    '100',
    '--format',
    'github,terminal,html,csv-requests',
    '--html',
    'own.html',
  );
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe('a sweep with several formats', () => {
  it('prints what is for the console, and writes the rest to the run’s folder', () => {
    expect(swept.code).toBe(0);
    expect(swept.stdout).toMatch(/^::notice title=/);
    expect(swept.stdout).toContain('★ Sweet spot');
    expect(swept.stdout).not.toContain('<!doctype');
    expect(existsSync(inRun('report.html'))).toBe(true);
    expect(swept.stderr).toContain('own.html');
  });

  it('makes the page that bench report makes from the records, byte for byte', async () => {
    const again = await run('report', 'results/latest', '--format', 'html');
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(readFileSync(inRun('report.html'), 'utf8'));
    expect(again.stdout).toBe(read('own.html'));
  });

  it('lists every request, the reference among them', () => {
    const rows = readFileSync(inRun('requests.csv'), 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(1 + 20 + 2 * 100);
  });
});

describe('bench report', () => {
  it('writes any number of formats to a folder', async () => {
    const formats = 'html,md,json,csv,junit,github,openmetrics,csv-requests,terminal';
    const { code, stdout } = await run('report', 'results/latest', '--format', formats, '--out', 'a/b');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(readdirSync(join(cwd, 'a/b')).sort()).toEqual([
      'annotations.txt',
      'junit.xml',
      'metrics.txt',
      'report.csv',
      'report.html',
      'report.json',
      'report.md',
      'report.txt',
      'requests.csv',
    ]);
  });

  it('appends the Markdown report to the summary of a CI step', async () => {
    writeFileSync(join(cwd, 'summary.md'), 'before\n');
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') };
    const { stdout } = await bench(['report', 'results/latest', '--format', 'github'], { cwd, env });
    expect(stdout).toMatch(/^::notice/);
    expect(read('summary.md')).toMatch(/^before\n\*\*Sweet spot/);
  });

  it('shows a report alone, without the pictures of its requests', async () => {
    const { code, stdout } = await run('report', 'results/latest/report.json', '--format', 'html');
    expect(code).toBe(0);
    expect(stdout).toContain('data-chart="throughput"');
    expect(stdout).not.toContain('class="plot" data-waterfall');
  });

  it('refuses what it cannot do with one clear sentence and exit code 2', async () => {
    const report = JSON.parse(readFileSync(inRun('report.json'), 'utf8'));
    mkdirSync(join(cwd, 'bad'));
    writeFileSync(join(cwd, 'bad/cut.json'), JSON.stringify(report).slice(0, 2000));
    writeFileSync(join(cwd, 'bad/foreign.json'), '{"lighthouse":1}');
    writeFileSync(join(cwd, 'bad/newer.json'), JSON.stringify({ ...report, schema: 'bench.sweep/2' }));
    mkdirSync(join(cwd, 'bad/run'));
    writeFileSync(
      join(cwd, 'bad/run/manifest.json'),
      readFileSync(inRun('manifest.json'), 'utf8').slice(0, 300),
    );
    const told = await Promise.all(
      [
        ['nowhere'],
        ['bad/cut.json'],
        ['bad/foreign.json'],
        ['bad/newer.json'],
        ['bad/run'],
        ['results/latest/report.json', '--format', 'csv-requests'],
        ['results/latest', '--format', 'htm'],
        ['results/latest', '--format', 'html,md', '--output', 'x'],
        ['results/latest', '--format', 'md', '--open'],
        ['results/latest', '--format', 'md', '--output', 'no/such/place.md'],
      ].map(async (args) => {
        const { code, stdout, stderr } = await run('report', ...args);
        return `${code} ${stdout}${stderr.split('\n')[0]?.replace(/(cut off|SyntaxError).*/, '$1')}`;
      }),
    );
    expect(told).toMatchInlineSnapshot(`
      [
        "2 bench: nowhere: there is no such file or folder",
        "2 bench: bad/cut.json is cut off",
        "2 bench: bad/foreign.json is not the report of a sweep: schema: Invalid input: expected "bench.sweep/1"",
        "2 bench: bad/newer.json has schema bench.sweep/2, this version reads bench.sweep/1",
        "2 bench: bad/run/manifest.json is cut off",
        "2 bench: --format csv-requests needs the requests of the run, and there is only its report",
        "2 bench: --format: there is no "htm"",
        "2 bench: --output is one file, and these are 2 formats",
        "2 bench: --open shows the HTML page, which is not among the formats",
        "2 bench: no/such/place.md cannot be written: its folder does not exist",
      ]
    `);
  });
});

describe('bench history', () => {
  it('shows the runs, and names what it had to leave out', async () => {
    const { code, stdout, stderr } = await run('history', '--format', 'json');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).groups[0].runs).toHaveLength(1);
    mkdirSync(join(cwd, 'results/of-something-else'));
    mkdirSync(join(cwd, 'results/broken'));
    writeFileSync(join(cwd, 'results/broken/report.json'), '{');
    const again = await run('history');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('levels 5,30, simulated (direct): 1 run');
    expect(again.stderr).toMatch(/^left out: results\/broken\/report\.json is cut off.*\n$/);
    expect((await run('history', '--format', 'html')).stdout).toContain('1 run of 1 kind');
  });

  it('refuses a folder without runs, and a run itself', async () => {
    mkdirSync(join(cwd, 'empty'));
    const told = await Promise.all(
      ['nowhere', 'empty', 'results/latest'].map(async (dir) => {
        const { code, stderr } = await run('history', dir);
        return `${code} ${stderr.split('\n')[0]}`;
      }),
    );
    expect(told).toMatchInlineSnapshot(`
      [
        "2 bench: nowhere: there is no such folder",
        "2 bench: empty holds no run",
        "2 bench: results/latest is one run, not a folder of runs",
      ]
    `);
  });
});
