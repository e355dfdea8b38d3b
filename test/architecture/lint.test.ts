import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, SOURCE_FOLDERS, typescriptFiles, type Workspace, workspace } from './workspace.ts';

interface Lint {
  /** `path: rule`, one per diagnostic. */
  readonly found: readonly string[];
  readonly checked: number;
}

const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

/** Runs the linter with the repository's rules; its exit code only repeats whether it found something. */
const lint = (cwd: string): Promise<Lint> =>
  new Promise((resolve, reject) => {
    const argv = [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
    execFile(process.execPath, argv, { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!stdout.startsWith('{')) {
        reject(new Error(`biome gave no result: ${stderr || String(error)}`));
        return;
      }
      const { summary, diagnostics } = JSON.parse(stdout) as {
        readonly summary: { readonly changed: number; readonly unchanged: number };
        readonly diagnostics: readonly {
          readonly category: string;
          readonly location: { readonly path: string };
        }[];
      };
      const found = diagnostics.map(
        ({ category, location }) => `${location.path.replaceAll('\\', '/')}: ${category.split('/').at(-1)}`,
      );
      resolve({ found: found.sort(), checked: summary.changed + summary.unchanged });
    });
  });

const ANYWHERE = ['src/run/seed.ts', 'mock-server/engine/seed.ts', 'scenarios/seed.ts'];

/** The clock law: each of these, in each of those files, breaks the rule named. */
const AMBIENT: readonly (readonly [rule: string, code: string])[] = [
  ['noRestrictedGlobals', 'export const a = () => setTimeout(() => {}, 1);'],
  ['noRestrictedGlobals', 'export const a = () => setInterval(() => {}, 1);'],
  ['noRestrictedGlobals', 'export const a = () => setImmediate(() => {});'],
  ['noRestrictedGlobals', 'export const a = () => Date.now();'],
  ['noRestrictedGlobals', 'export const a = () => new Date();'],
  ['noRestrictedGlobals', 'export const a = () => performance.now();'],
  ['noRestrictedGlobals', 'export const a = () => process.hrtime();'],
  ['noRestrictedGlobals', "export const a = () => console.log('x');"],
  ['noRestrictedGlobals', 'export const a = () => crypto.randomUUID();'],
  ['noRestrictedGlobals', 'export const a = () => globalThis.setTimeout(() => {}, 1);'],
  ['noRestrictedGlobals', "export const a = () => globalThis['Date'].now();"],
  ['noRestrictedGlobals', 'export const a = () => global.performance.now();'],
  ['noJsRestrictedProperties', 'export const a = () => Math.random();'],
  ['noJsRestrictedProperties', "export const a = () => Math['random']();"],
  ['noJsRestrictedProperties', 'export const { random } = Math;'],
  ['noJsRestrictedProperties', 'export const a = { random: Math.random };'],
  ['noJsRestrictedProperties', 'export const a = () => AbortSignal.timeout(1);'],
  ['noRestrictedImports', "import { setTimeout } from 'node:timers';\nexport const a = setTimeout;"],
  [
    'noRestrictedImports',
    "import { setTimeout as wait } from 'node:timers/promises';\nexport const a = wait;",
  ],
  ['noRestrictedImports', "import { performance } from 'node:perf_hooks';\nexport const a = performance;"],
  ['noRestrictedImports', "import { hrtime } from 'node:process';\nexport const a = hrtime;"],
  ['noRestrictedImports', "import { log } from 'node:console';\nexport const a = log;"],
  ['noRestrictedImports', "export const a = () => import('node:timers/promises');"],
  [
    'useNodejsImportProtocol',
    "import { setTimeout as wait } from 'timers/promises';\nexport const a = wait;",
  ],
];

const PROMISE = 'const answer = async (): Promise<number> => 1;\n';

/** The other laws that the linter keeps, each broken once. */
const SEEDS: readonly (readonly [rule: string, path: string, code: string])[] = [
  ['noDefaultExport', 'src/run/default.ts', 'const a = 1;\nexport default a;'],
  ['noDefaultExport', 'scenarios/default.ts', 'export default { a: 1 };'],
  ['noDefaultExport', 'mock-server/default.ts', 'export default class A {}'],
  ['noFloatingPromises', 'src/run/floating.ts', `${PROMISE}export const a = (): void => {\n  answer();\n};`],
  ['noMisusedPromises', 'src/run/misused.ts', `${PROMISE}export const a = (): number => (answer() ? 1 : 2);`],
  ['noBarrelFile', 'src/load/index.ts', "export * from './floating.ts';"],
  ['noExplicitAny', 'src/run/any.ts', 'export const a = (value: any): unknown => value;'],
  ['noNonNullAssertion', 'src/run/bang.ts', 'export const a = (value?: string): string => value!;'],
  ['useFilenamingConvention', 'src/run/CamelCase.ts', 'export const a = 1;'],
  ['useImportType', 'src/run/value.ts', "import { Clock } from '../core/clock.ts';\nexport type A = Clock;"],
  ['noRestrictedGlobals', 'test/run/sleep.test.ts', 'export const a = () => setTimeout(() => {}, 1);'],
  ['noRestrictedImports', 'test/run/wait.test.ts', "export const a = () => import('node:timers/promises');"],
  ['noJsRestrictedProperties', 'test/run/fake.test.ts', "import { vi } from 'vitest';\nvi.useFakeTimers();"],
  ['noJsRestrictedProperties', 'test/run/mock.test.ts', "import { vi } from 'vitest';\nvi.mock('node:fs');"],
  ['noFocusedTests', 'test/run/only.test.ts', "import { it } from 'vitest';\nit.only('a', () => {});"],
  ['noSkippedTests', 'test/run/skip.test.ts', "import { it } from 'vitest';\nit.skip('a', () => {});"],
  // A file that may do one ambient thing may not do the others.
  ['noRestrictedGlobals', 'src/core/clock.ts', 'export const a = () => process.exit();'],
  ['noRestrictedGlobals', 'src/core/virtual-clock.ts', 'export const a = () => Date.now();'],
  ['noRestrictedGlobals', 'src/run/self.ts', 'export const a = () => Date.now();'],
  ['noRestrictedGlobals', 'src/cli/commands/sweep.ts', 'export const a = () => Date.now();'],
  ['noRestrictedGlobals', 'mock-server/main.ts', 'export const a = () => setTimeout(() => {}, 1);'],
  ['noRestrictedGlobals', 'mock-server/wheel-clock.ts', "export const a = () => console.log('x');"],
  ['noJsRestrictedProperties', 'src/core/clock.ts', 'export const b = () => Math.random();'],
];

/** The places where time, process and output do enter. */
const ALLOWED: readonly (readonly [path: string, code: string])[] = [
  ['src/core/clock.ts', 'export const a = () => [Date.now(), performance.now(), setTimeout, setImmediate];'],
  ['src/core/virtual-clock.ts', 'export const a = () => setImmediate(() => {});'],
  [
    'src/run/self.ts',
    "import { performance } from 'node:perf_hooks';\nexport const a = () => [performance, process];",
  ],
  ['src/cli/main.ts', "process.on('exit', () => console.log('x'));"],
  ['mock-server/main.ts', "process.on('exit', () => console.log('x'));"],
  [
    'mock-server/wheel-clock.ts',
    'export const a = () => [Date.now(), performance.now(), setTimeout, setImmediate];',
  ],
  ['src/index.ts', "export { a } from './core/clock.ts';"],
  ['some.config.ts', 'export default {};'],
  ['test/e2e/cli.test.ts', 'export const a = () => setTimeout(() => {}, Date.now());'],
  ['test/bench/loop.bench.ts', 'export const a = () => setTimeout(() => {}, Date.now());'],
];

/** Every seed stands alone, so one folder per seed would be a run per seed: the seed's number tells them apart instead. */
const numbered = (path: string, number: number) => path.replace('seed.ts', `seed-${number}.ts`);

describe('the linter', () => {
  it('sees every file', async () => {
    const { checked } = await lint(ROOT);
    expect(checked).toBeGreaterThan(typescriptFiles([...SOURCE_FOLDERS, 'test']).length);
  });
});

describe('a seeded violation', () => {
  let places: Workspace;
  let clean: Workspace;
  let found: readonly string[];
  let complaints: readonly string[];

  beforeAll(async () => {
    const seeds: Record<string, string> = {};
    AMBIENT.forEach(([, code], number) => {
      for (const path of ANYWHERE) seeds[numbered(path, number)] = `${code}\n`;
    });
    for (const [, path, code] of SEEDS) seeds[path] = `${seeds[path] ?? ''}${code}\n`;
    places = workspace(seeds, ['biome.json', 'package.json', 'tsconfig.json']);
    clean = workspace(Object.fromEntries(ALLOWED.map(([path, code]) => [path, `${code}\n`])), [
      'biome.json',
      'package.json',
      'tsconfig.json',
    ]);
    [{ found }, { found: complaints }] = await Promise.all([lint(places.root), lint(clean.root)]);
  });
  afterAll(() => {
    places.close();
    clean.close();
  });

  it.each(AMBIENT.map(([rule, code], number) => ({ rule, code, number })))(
    'of $rule is found: $code',
    ({ rule, number }) => {
      for (const path of ANYWHERE) expect(found).toContain(`${numbered(path, number)}: ${rule}`);
    },
  );

  it.each(SEEDS)('of %s is found in %s', (rule, path) => {
    expect(found).toContain(`${path}: ${rule}`);
  });

  it('is what was found: the same code is right where time, process and output enter', () => {
    expect(complaints).toEqual([]);
  });
});
