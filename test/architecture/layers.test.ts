import { createRequire } from 'node:module';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, SOURCE_FOLDERS, typescriptFiles, type Workspace, workspace } from './workspace.ts';

interface Config {
  readonly forbidden: NonNullable<IFlattenedRuleSet['forbidden']>;
  readonly options: ICruiseOptions;
}

const config: Config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');

const cruiseAt = async (baseDir: string, options: ICruiseOptions = {}): Promise<ICruiseResult> => {
  const { output } = await cruise([...SOURCE_FOLDERS], {
    ...config.options,
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
  });
  if (typeof output === 'string') throw new TypeError('dependency-cruiser gave text instead of a result');
  return output;
};

/** `rule: from → to`, one per violation. */
const violations = (result: ICruiseResult): readonly string[] =>
  result.summary.violations
    .map(({ rule, from, to }) => `${rule.name}: ${from}${from === to ? '' : ` → ${to}`}`)
    .sort();

describe('the sources', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    result = await cruiseAt(ROOT);
  });

  it('are all seen by the layer check', () => {
    const seen = result.modules
      .map((module) => module.source)
      .filter((path) => /^(src|mock-server|scenarios)\//.test(path));
    expect(seen.sort()).toEqual(typescriptFiles(SOURCE_FOLDERS));
    expect(seen.length).toBeGreaterThan(40);
    expect(result.summary.totalCruised).toBeGreaterThanOrEqual(seen.length);
    expect(result.summary.totalDependenciesCruised ?? 0).toBeGreaterThan(seen.length);
  });

  it('keep every rule', () => {
    expect(violations(result)).toEqual([]);
  });
});

/** A file per folder, to be imported by the seeds; `hub` imports each of them, so that none is an orphan. */
const FOLDERS = [
  ...['core', 'stats', 'workload', 'load', 'policy', 'client', 'measure', 'run', 'analyze'],
  ...['report', 'store', 'distribute', 'simulate', 'plan', 'config', 'cli'],
].map((name) => `src/${name}`);
const THINGS = [...FOLDERS, 'mock-server', 'scenarios', 'test'].map((folder) => `${folder}/thing.ts`);

const up = (path: string) => '../'.repeat(path.split('/').length - 1);
const importing = (from: string, ...to: readonly string[]) =>
  to.map((path) => `import '${/\.ts$/.test(path) ? up(from) + path : path}';\n`).join('');

/** Each seeded import breaks exactly the rules named. */
const FORBIDDEN: readonly (readonly [rules: string, from: string, to: string])[] = [
  ['downward-only-L0', 'src/core/a.ts', 'src/stats/thing.ts'],
  ['downward-only-L0', 'src/core/b.ts', 'src/cli/thing.ts'],
  ['downward-only-L1', 'src/load/a.ts', 'src/client/thing.ts'],
  ['downward-only-L1', 'src/load/b.ts', 'src/measure/thing.ts'],
  ['downward-only-L1', 'src/stats/a.ts', 'src/run/thing.ts'],
  ['downward-only-L2', 'src/client/a.ts', 'src/run/thing.ts'],
  ['downward-only-L2', 'src/measure/a.ts', 'src/analyze/thing.ts'],
  ['downward-only-L3', 'src/run/a.ts', 'src/report/thing.ts'],
  ['downward-only-L4', 'src/store/a.ts', 'src/config/thing.ts'],
  ['downward-only-L5', 'src/config/a.ts', 'src/cli/thing.ts'],
  ['no-siblings-L1', 'src/load/c.ts', 'src/policy/thing.ts'],
  ['no-siblings-L1', 'src/policy/a.ts', 'src/stats/thing.ts'],
  ['no-siblings-L3', 'src/analyze/a.ts', 'src/run/thing.ts'],
  ['no-siblings-L4', 'src/report/a.ts', 'src/store/thing.ts'],
  ['page-is-for-browsers', 'src/report/e.ts', 'src/report/page/a.ts'],
  ['page-takes-figures-only', 'src/report/page/a.ts', 'src/report/thing.ts'],
  ['known-folders', 'src/misc/a.ts', 'src/core/thing.ts'],
  ['known-folders-only', 'src/run/j.ts', 'src/misc/quiet.ts'],
  ['index-is-for-users', 'src/cli/a.ts', 'src/index.ts'],
  ['client-not-load', 'src/client/b.ts', 'src/load/thing.ts'],
  ['client-no-clock', 'src/client/c.ts', 'src/core/clock.ts'],
  ['client-no-clock', 'src/client/d.ts', 'src/core/virtual-clock.ts'],
  ['src-not-mock-server', 'src/run/b.ts', 'mock-server/thing.ts'],
  ['mock-server-core-only', 'mock-server/a.ts', 'src/workload/thing.ts'],
  ['mock-server-core-only', 'mock-server/b.ts', 'scenarios/thing.ts'],
  ['scenarios-core-workload-only', 'scenarios/a.ts', 'src/load/thing.ts'],
  ['scenarios-core-workload-only', 'scenarios/b.ts', 'mock-server/thing.ts'],
  ['scenarios-from-config-and-cli', 'src/run/c.ts', 'scenarios/thing.ts'],
  ['no-test-code', 'src/run/d.ts', 'test/thing.ts'],
  ['one-door-openai', 'src/client/e.ts', 'openai'],
  ['one-door-anthropic-ai-sdk', 'src/client/f.ts', '@anthropic-ai/sdk'],
  ['one-door-undici', 'src/client/g.ts', 'undici'],
  ['one-door-eventsource-parser', 'src/client/h.ts', 'eventsource-parser'],
  ['one-door-pydantic-genai-prices', 'src/client/j.ts', '@pydantic/genai-prices'],
  ['one-door-p-limit', 'src/run/e.ts', 'p-limit'],
  ['one-door-pure-rand', 'mock-server/c.ts', 'pure-rand/generator/xoroshiro128plus'],
  ['one-door-tinybench', 'src/load/d.ts', 'tinybench'],
  ['one-door-asciichart', 'src/run/chart-user.ts', 'asciichart'],
  ['one-door-cli-table3', 'src/cli/b.ts', 'cli-table3'],
  ['one-door-csv-stringify', 'src/cli/c.ts', 'csv-stringify/sync'],
  ['one-door-csv-parse', 'src/cli/csv-door.ts', 'csv-parse'],
  ['one-door-xmlbuilder2', 'src/report/f.ts', 'xmlbuilder2'],
  ['no-dev-dependencies one-door-uplot', 'src/report/g.ts', 'uplot'],
  ['one-door-open', 'src/report/h.ts', 'open'],
  ['one-door-commander', 'src/report/c.ts', 'commander'],
  ['one-door-cli-progress', 'src/report/d.ts', 'cli-progress'],
  ['no-dev-dependencies one-door-msw', 'src/run/f.ts', 'msw'],
  ['no-dev-dependencies', 'src/run/g.ts', 'fast-check'],
  ['msw-carrier-is-for-tests', 'mock-server/d.ts', 'mock-server/carriers/msw.ts'],
  ['no-undeclared', 'src/run/h.ts', 'yocto-queue'],
  ['no-unresolvable', 'src/run/i.ts', 'src/core/missing.ts'],
];

/** Imports that are right, so that a rule which fires on everything would be noticed too. */
const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ['src/policy/z.ts', 'src/core/thing.ts'],
  ['src/analyze/z.ts', 'src/measure/thing.ts'],
  ['src/measure/z.ts', 'src/stats/thing.ts'],
  ['src/report/z.ts', 'src/stats/thing.ts'],
  ['src/run/z.ts', 'src/client/thing.ts'],
  ['src/simulate/z.ts', 'mock-server/thing.ts'],
  ['src/cli/z.ts', 'mock-server/thing.ts'],
  ['src/config/z.ts', 'scenarios/thing.ts'],
  ['scenarios/z.ts', 'src/workload/thing.ts'],
  ['mock-server/z.ts', 'src/core/thing.ts'],
  ['src/client/openai.ts', 'openai'],
  ['src/client/anthropic.ts', '@anthropic-ai/sdk'],
  ['src/client/undici-pool.ts', 'undici'],
  ['src/client/http.ts', 'eventsource-parser'],
  ['src/config/price-list.ts', '@pydantic/genai-prices'],
  ['src/load/semaphore.ts', 'p-limit'],
  ['src/core/rng.ts', 'pure-rand/generator/xoroshiro128plus'],
  ['src/run/overhead.ts', 'tinybench'],
  ['src/report/chart.ts', 'asciichart'],
  ['src/report/junit-document.ts', 'xmlbuilder2'],
  ['src/report/page/y.ts', 'uplot'],
  ['src/report/page/z.ts', 'src/core/units.ts'],
  ['src/config/y.ts', 'commander'],
  ['src/cli/y.ts', 'cli-progress'],
  ['mock-server/carriers/msw.ts', 'msw'],
];

describe('a seeded violation', () => {
  let seeded: Workspace;
  let found: readonly string[];

  beforeAll(async () => {
    const files: Record<string, string> = {
      'src/index.ts': '',
      'src/core/clock.ts': 'export type Millis = number;\n',
      'src/core/virtual-clock.ts': '',
      'src/core/units.ts': 'export const unit = 1;\n',
      'src/cli/hub.ts': importing('src/cli/hub.ts', ...THINGS.filter((path) => path.startsWith('src/'))),
      // Type-only, in a circle: the compiler would erase both imports.
      'src/core/left.ts':
        "import type { Right } from './right.ts';\nexport interface Left { readonly right: Right }\n",
      'src/core/right.ts':
        "import type { Left } from './left.ts';\nexport interface Right { readonly left: Left }\n",
      // Right: a client may name a type of the clock.
      'src/client/types.ts': "import type { Millis } from '../core/clock.ts';\nexport type Wait = Millis;\n",
      'src/client/both.ts':
        "import type { Millis } from '../core/clock.ts';\nimport '../core/clock.ts';\nexport type Wait = Millis;\n",
      // Wrong in a type, and in an import at run time.
      'src/core/typed.ts': "import type { Thing } from '../cli/thing.ts';\nexport type Other = Thing;\n",
      'src/core/late.ts': "export const late = () => import('../cli/thing.ts');\n",
      'src/misc/quiet.ts': 'export const quiet = 1;\n',
      'src/core/alone.ts': 'export const alone = 1;\n',
    };
    for (const path of THINGS) files[path] = 'export interface Thing { readonly name: string }\n';
    for (const [, from, to] of FORBIDDEN) files[from] = importing(from, to);
    for (const [from, to] of ALLOWED) files[from] = importing(from, to);
    seeded = workspace(files, ['package.json', 'tsconfig.json']);
    found = violations(await cruiseAt(seeded.root, { preserveSymlinks: true }));
  });
  afterAll(() => seeded.close());

  it.each(FORBIDDEN)('%s: %s may not import %s', (rules, from) => {
    const fired = found.filter((line) => line.includes(`: ${from} → `)).map((line) => line.split(':')[0]);
    expect(fired).toEqual(rules.split(' '));
  });

  it.each(ALLOWED)('%s may import %s', (from) => {
    expect(found.filter((line) => line.includes(`: ${from}`))).toEqual([]);
  });

  it('is found in a cycle of types', () => {
    expect(found).toContain('no-cycles: src/core/left.ts → src/core/right.ts');
  });

  it('is found in a type-only and in a dynamic import', () => {
    expect(found).toContain('downward-only-L0: src/core/typed.ts → src/cli/thing.ts');
    expect(found).toContain('downward-only-L0: src/core/late.ts → src/cli/thing.ts');
  });

  it('is found in a file that nothing imports', () => {
    expect(found).toContain('no-orphans: src/core/alone.ts');
  });

  it('is found where a client takes more from the clock than types', () => {
    expect(found.filter((line) => line.includes('src/client/types.ts'))).toEqual([]);
    expect(found).toContain('client-no-clock: src/client/both.ts → src/core/clock.ts');
  });

  it('covers every rule', () => {
    const fired = new Set(found.map((line) => line.split(':')[0]));
    expect(config.forbidden.map((rule) => rule.name).filter((name) => !fired.has(name))).toEqual([]);
  });
});
