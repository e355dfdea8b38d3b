import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepReport } from '../../src/analyze/report.ts';
import type { RequestRecord } from '../../src/core/record.ts';
import { SweepReportSchema } from '../../src/report/schema.ts';
import { bench, type Ended, freshDir } from '../support/bench-process.ts';

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

const LATENCY = 3840;
const MOST_AT_ONCE = 40;

/** The largest speed, up to 15, at which this machine sends 40 calls in half a call's time: else it bounds what is in flight. */
const safeSpeed = async (cwd: string): Promise<number> => {
  const { stdout } = await bench('sweep --levels 1 --requests 20 --speed 15 --seed 3 --json'.split(' '), {
    cwd,
  });
  const { overhead }: SweepReport = JSON.parse(stdout);
  const sendingMs = MOST_AT_ONCE * (overhead?.perCallRealMs ?? Number.POSITIVE_INFINITY);
  return Math.max(2, Math.min(15, Math.floor(LATENCY / 2 / sendingMs)));
};

describe('a sweep on the embedded mock, over real sockets', () => {
  const cwd = freshDir();
  let speed: number;
  let args: readonly string[];
  let ended: Ended;
  let report: SweepReport;
  let records: readonly RequestRecord[];

  beforeAll(async () => {
    const probe = freshDir();
    speed = await safeSpeed(probe);
    rmSync(probe, { recursive: true });
    // So many retries that no request gives up, however slow the machine is.
    args = `sweep --levels 40,5,40,12 --requests 120 --speed ${speed} --seed 3 --max-retries 60 --json`.split(
      ' ',
    );
    ended = await bench(args, { cwd });
    report = JSON.parse(ended.stdout);
    records = linesOf(readFileSync(join(cwd, 'results/latest/records.jsonl'), 'utf8')).map((line) =>
      JSON.parse(line),
    );
  });

  afterAll(() => rmSync(cwd, { recursive: true }));

  it('prints the report alone to stdout, in the published schema', () => {
    expect(ended).toMatchObject({ code: 0 });
    expect(SweepReportSchema.parse(JSON.parse(ended.stdout))).toEqual(report);
    expect(ended.stderr).toContain(
      'classify-500: 120 requests at each of 40, 5, 12 at once, against the embedded mock',
    );
  });

  it('runs each level once, in the order given, with every request', () => {
    expect(report.levels.map(({ level }) => level)).toEqual([40, 5, 12]);
    for (const { level, counts } of report.levels) {
      expect(counts).toMatchObject({ requests: 120, ok: 120, failed: 0 });
      const indices = records
        .filter((record) => record.level === level && record.phase === 'measure')
        .map(({ index }) => index);
      expect(indices.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index));
    }
  });

  it('meets 429s at 40 and counts attempts, 429s and successes exactly as the mock does', () => {
    for (const { level, counts, ledger } of report.levels) {
      expect(ledger, `level ${level}`).toEqual({
        attempts: counts.attempts,
        ok: counts.ok,
        rateLimited: counts.rateLimited,
      });
    }
    expect(report.warnings.map(({ code }) => code)).not.toContain('ledger-mismatch');
    const at = (wanted: number) => report.levels.find(({ level }) => level === wanted);
    expect(at(5)?.counts.rateLimited).toBe(0);
    expect(at(40)?.counts.rateLimited).toBeGreaterThan(0);
  });

  it('keeps exactly the level in flight', () => {
    expect(report.levels.map(({ inFlight }) => inFlight.max)).toEqual([40, 5, 12]);
  });

  it('says how the reference was obtained where level 1 was not asked for', () => {
    expect(report.reference).toMatchObject({ level: 1, requests: 20 });
    expect(report.reference?.because).toContain('20 calls in sequence');
    expect(records.filter(({ phase }) => phase === 'reference')).toHaveLength(20);
  });

  it('recommends a level and says why', () => {
    expect(report.sweetSpot).toMatchObject({ level: 12, reason: 'rate-limit', nextLevel: 40 });
  });

  it('measures what the harness itself costs', () => {
    expect(report.overhead?.perCallRealMs).toBeGreaterThan(0);
    expect(report.overhead?.perCallMs).toBeCloseTo((report.overhead?.perCallRealMs ?? 0) * speed, 6);
  });

  it('renders the same report again from the records, byte for byte', async () => {
    const stored = readFileSync(join(cwd, 'results/latest/report.json'), 'utf8');
    expect(ended.stdout).toBe(stored);
    const again = await bench(['report', 'results/latest', '--json'], { cwd });
    expect(again).toEqual({ code: 0, stdout: stored, stderr: '' });
  });

  it('writes a report that was lost again', async () => {
    const path = join(cwd, 'results/latest/report.json');
    const stored = readFileSync(path, 'utf8');
    rmSync(path);
    const again = await bench(['report', 'results/latest', '--format', 'md'], { cwd });
    expect(again.stdout).toContain('| at once |');
    expect(readFileSync(path, 'utf8')).toBe(stored);
  });

  it('leaves the run under a name that sorts by time, and a link to the latest', () => {
    const name = realpathSync(join(cwd, 'results/latest')).split('/').at(-1);
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-classify-500$/);
    const manifest = JSON.parse(readFileSync(join(cwd, 'results/latest/manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      schema: 'bench.manifest/1',
      status: 'complete',
      seed: 3,
      speed,
      argv: args,
    });
  });
});

describe('bad input is refused before any traffic', () => {
  it.each([
    [['--levels', '0'], '--levels'],
    [['--levels', '-1'], '--levels'],
    [['--levels', '1.5'], '--levels'],
    [['--levels', 'abc'], '--levels'],
    [['--levels', ''], '--levels'],
    [['--levels', '10001'], '--levels'],
    [['--levels'], '--levels'],
    [['--scenario', 'clasify-500'], 'classify-500'],
    [['--lvels', '1'], '--levels'],
    [['--target', 'opnai'], 'openai'],
    [['--target', 'openai', '--model', 'm'], 'OPENAI_API_KEY'],
    [['--target', 'anthropic', '--model', 'm'], 'ANTHROPIC_API_KEY'],
    [['--profile', 'g11'], 'g1'],
    [['--out', '/dev/null/runs'], '--out'],
    [['--config', 'nowhere.json'], 'nowhere.json'],
    [['--timeout', '5'], '--timeout'],
    [['--speed', '0'], '--speed'],
    [['extra'], 'extra'],
  ])('%j', async (args, named) => {
    const cwd = freshDir();
    const { code, stdout, stderr } = await bench(['sweep', ...args], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^bench: /);
    expect(stderr).toContain(named);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(cwd, 'results'))).toBe(false);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('help', () => {
  it.each([['--help'], ['sweep', '--help'], ['report', '--help']])(
    'bench %s %s has examples',
    async (...args) => {
      const { code, stdout } = await bench(args.filter(Boolean));
      expect(code).toBe(0);
      expect(stdout).toContain('Examples:');
    },
  );

  it('lists the scenarios that ship', async () => {
    const { code, stdout } = await bench(['scenarios']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^classify-500 +500 requests/);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await bench(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
