import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, SOURCE_FOLDERS, textOf, typescriptFiles, type Workspace, workspace } from './workspace.ts';

type Named = readonly { readonly name: string }[];

/** One row of knip's JSON report; only what the seeds below set off. */
interface Row {
  readonly file: string;
  readonly files: Named;
  readonly exports: Named;
  readonly types: Named;
  readonly dependencies: Named;
  readonly devDependencies: Named;
  readonly unlisted: Named;
}

const KNIP = join(ROOT, 'node_modules/knip/bin/knip.js');

/** Runs knip with the repository's settings; its exit code only repeats whether it found something. */
const knip = (cwd: string): Promise<readonly Row[]> =>
  new Promise((resolve, reject) => {
    const argv = [KNIP, '--reporter=json', '--no-progress'];
    execFile(process.execPath, argv, { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const start = stdout.indexOf('{');
      if (start < 0) reject(new Error(`knip gave no result: ${stderr || String(error)}`));
      else resolve((JSON.parse(stdout.slice(start)) as { readonly issues: readonly Row[] }).issues);
    });
  });

/** What is started from outside, so that its exports count as wanted. */
const ENTRY = /^(src\/index|src\/cli\/main|mock-server\/main|scenarios\/index|.+\.d)\.ts$/;

/** One file of every folder: an export that nobody wants is added to each. */
const HOSTS = [
  ...new Map(
    typescriptFiles(SOURCE_FOLDERS)
      .filter((path) => !ENTRY.test(path))
      .map((path) => [dirname(path), path]),
  ).values(),
];

describe('knip', () => {
  let seeded: Workspace;
  let rows: readonly Row[];

  const named = (kind: Exclude<keyof Row, 'file'>, file?: string) =>
    rows
      .filter((row) => file === undefined || row.file === file)
      .flatMap((row) => row[kind].map(({ name }) => name));

  beforeAll(async () => {
    const tree = typescriptFiles([...SOURCE_FOLDERS, 'test']);
    const files = Object.fromEntries(tree.map((path) => [path, textOf(path)]));
    // With every host in use, what is found in it is the seeded export.
    files['test/hosts.test.ts'] = HOSTS.map((path) => `import '../${path}';\n`).join('');
    for (const path of HOSTS) files[path] += '\n/** Seeded. */\nexport const nobodyWantsThis = 1;\n';
    files['src/core/nobody-imports-this.ts'] = 'export const alone = 1;\n';
    files['test/support/nobody-imports-this.ts'] = 'export const alone = 1;\n';
    files['src/core/abort.ts'] +=
      "\nimport 'yocto-queue';\n/** Seeded. */\nexport interface NobodyWantsThis {}\n";
    const manifest = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
    manifest['dependencies'] = { ...manifest['dependencies'], escalade: '3.0.0' };
    manifest['devDependencies'] = { ...manifest['devDependencies'], y18n: '5.0.0' };
    files['package.json'] = JSON.stringify(manifest);
    seeded = workspace(files, [
      'knip.json',
      'biome.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'vitest.config.ts',
      '.dependency-cruiser.cjs',
    ]);
    rows = await knip(seeded.root);
  });
  afterAll(() => seeded.close());

  it.each(HOSTS)('finds a dead export in %s', (path) => {
    expect(named('exports', path)).toContain('nobodyWantsThis');
  });

  it('finds a dead type', () => {
    expect(named('types', 'src/core/abort.ts')).toEqual(['NobodyWantsThis']);
  });

  it.each(['src/core/nobody-imports-this.ts', 'test/support/nobody-imports-this.ts'])(
    'finds the dead file %s',
    (path) => {
      expect(named('files')).toContain(path);
    },
  );

  it('finds a dead dependency and a dead devDependency', () => {
    expect(named('dependencies')).toContain('escalade');
    expect(named('devDependencies')).toContain('y18n');
  });

  it('finds a package that package.json does not list', () => {
    expect(named('unlisted')).toContain('yocto-queue');
  });
});
