import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlanSchema } from '../../src/report/plan/plan-schema.ts';
import { snippets } from '../../src/report/plan/snippets.ts';
import { planOf } from '../plan/plan-of.ts';
import { bench, eventually, freshDir, startBench } from '../support/bench-process.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

describe('from a run to a plan', () => {
  const cwd = freshDir();
  afterAll(() => rmSync(cwd, { recursive: true }));
  beforeAll(async () => {
    const { code } = await bench(
      ['sweep', '--simulate', '--levels', '1,10,20,30,40', '--requests', '300', '--quiet'],
      { cwd },
    );
    expect(code).toBe(0);
  });

  it('is one line, and marks what was simulated with the run it is from', async () => {
    const { code, stderr, stdout } = await bench(
      ['plan', '--from', 'results/latest', '--requests', '1M/day', '--days', '1', '--out', 'plan.html'],
      { cwd },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('plan.html');
    const page = readFileSync(join(cwd, 'plan.html'), 'utf8');
    expect(page).toContain('results/latest: 20 at once');
    expect(page).toContain('as measured');
    for (const mark of ['measured', 'assumed', 'given', 'simulated']) expect(page).toContain(mark);
  });

  it('goes by way of a twin, which predicts levels that were held out and plans with the limits it found', async () => {
    const made = await bench(['calibrate', 'results/latest', '--holdout', '20', '-o', 'twin.json'], { cwd });
    expect(made.code).toBe(0);
    const [row = ''] = /^20 \*.*$/m.exec(made.stdout) ?? [];
    const errors = [...row.matchAll(/[+−](\d+\.\d) %/g)].map(([, percent]) => Number(percent));
    expect(errors).toHaveLength(2);
    expect(Math.max(...errors)).toBeLessThan(10);

    const twice = await bench(['calibrate', 'results/latest', './results/latest'], { cwd });
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining('is the same run as') });
    const nowhere = await bench(['calibrate', 'results/latest', '-o', 'no/such/twin.json'], { cwd });
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written') });
    const nothing = await bench(['calibrate', 'results/latest', '--holdout', '1,10,20,30,40'], { cwd });
    expect(nothing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leaves no level to learn from'),
    });
    const folder = await bench(['calibrate', 'results'], { cwd });
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringContaining('for example results/latest') });
    expect(folder.stderr).toContain('It holds runs');

    const predicted = await bench(
      [
        'sweep',
        '--simulate',
        '--profile',
        'twin.json',
        '--levels',
        '10,25',
        '--requests',
        '200',
        '--json',
        '--quiet',
      ],
      { cwd },
    );
    expect(predicted.code).toBe(0);
    expect(JSON.parse(predicted.stdout).meta).toMatchObject({ simulated: 'direct' });

    const planned = await bench(
      ['plan', '--from', 'twin.json', '--requests', '100k/day', '--format', 'json', '--tier', 'anthropic'],
      { cwd },
    );
    expect(planned.code).toBe(0);
    const report = PlanSchema.parse(JSON.parse(planned.stdout));
    const [own] = report.tiers;
    expect(own?.tier).toMatchObject({ name: 'as measured', limits: { requestsPerMinute: 360 } });
    expect(report.inputs.latencyMs).toMatchObject({ provenance: 'simulated' });
    expect(report.inputs.inputTokens).toMatchObject({ provenance: 'simulated', value: 28 });
    expect(report.inputs.latencyMs.value / 3840).toBeCloseTo(1, 1);
    expect(own?.verdict).toBe('fits');
  });

  it('reads a plan from a file, names file and line of what it does not understand, and does not write what it cannot', async () => {
    writeFileSync(
      join(cwd, 'plan.yaml'),
      'requests: 50k/day\ntier: anthropic\noutputTokens: 1.2k tokens\ndays: 1\n',
    );
    expect(await bench(['plan', 'plan.yaml', '--out', 'plan.md'], { cwd })).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, 'plan.md'), 'utf8')).toMatch(/^# Capacity plan\n/);
    writeFileSync(join(cwd, 'bad.yaml'), 'requests: 50k/day\nlatency: soon\n');
    const bad = await bench(['plan', 'bad.yaml'], { cwd });
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('bad.yaml:2: latency: "soon" is not a time');
    const nowhere = await bench(['plan', 'plan.yaml', '--out', 'no/such/plan.html'], { cwd });
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('--out no/such/plan.html cannot be written');
  });
});

describe('the code that a plan prints', () => {
  const dir = freshDir();
  afterAll(() => rmSync(dir, { recursive: true }));
  const PROVIDERS = [
    ['openai', 'openai-tier-5'],
    ['anthropic', 'anthropic-scale'],
  ] as const;

  const files = async (provider: string, tier: string) => {
    const { settings } = await planOf({ requests: '100k/day', tier, days: '1' });
    if (!settings) throw new Error('no settings');
    const folder = join(dir, provider);
    mkdirSync(folder, { recursive: true });
    for (const { language, text } of snippets(settings))
      writeFileSync(
        join(folder, { typescript: 'call.ts', python: 'call.py', sh: 'call.sh' }[language] ?? ''),
        text,
      );
    return folder;
  };

  it.each(PROVIDERS)(
    'for %s has no type error, and answers through the SDK, 429s included',
    async (provider, tier) => {
      const folder = await files(provider, tier);
      symlinkSync(modules, join(folder, 'node_modules'));
      const types = spawnSync(
        process.execPath,
        [
          join(modules, 'typescript/bin/tsc'),
          '--noEmit',
          '--strict',
          '--module',
          'nodenext',
          '--target',
          'es2023',
          '--skipLibCheck',
          '--types',
          'node',
          'call.ts',
        ],
        { cwd: folder, encoding: 'utf8' },
      );
      expect(types.stdout).toBe('');
      writeFileSync(
        join(folder, 'run.ts'),
        `import { call } from './call.ts';
const body = { model: 'm', max_tokens: 20, messages: [{ role: 'user', content: 'hello' }] } as const;
const answers = await Promise.allSettled(Array.from({ length: 12 }, () => call(body as never)));
console.log(answers.map(({ status }) => status).join());\n`,
      );
      const mock = startBench(
        [
          'mock',
          '--profile',
          'constant',
          '--set',
          'latency=20ms',
          '--set',
          'limits={requestsPerMinute: {limit: 600, burst: 8}}',
        ],
        { cwd: folder },
      );
      const [, url = ''] = await eventually(
        'the mock says where it is',
        () => /(http:\/\/\S+?),/.exec(mock.stdout()) ?? undefined,
      );
      const ran = spawnSync(process.execPath, ['run.ts'], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
        env: {
          OPENAI_BASE_URL: `${url}/v1`,
          OPENAI_API_KEY: 'x',
          ANTHROPIC_BASE_URL: url,
          ANTHROPIC_API_KEY: 'x',
        },
      });
      const summary = await (await fetch(`${url}/__bench/ledger/summary`)).text();
      mock.child.kill();
      await mock.ended;
      expect(ran.stderr).toBe('');
      expect(ran.stdout.trim()).toBe(Array(12).fill('fulfilled').join());
      expect(summary).toMatch(/"rateLimited":[1-9]/);
    },
  );

  const python = spawnSync('python3', ['--version']).status === 0;
  it.skipIf(!python).each(PROVIDERS)('for %s is Python that compiles', async (provider, tier) => {
    const folder = await files(provider, tier);
    const { status, stderr } = spawnSync(
      'python3',
      ['-c', "compile(open('call.py').read(), 'call.py', 'exec')"],
      { cwd: folder, encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
