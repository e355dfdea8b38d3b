import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

/** Root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The folders that make up the program; everything else is tests, settings and prose. */
export const SOURCE_FOLDERS = ['src', 'mock-server', 'scenarios'] as const;

/** TypeScript files below `folders`, sorted, with forward slashes on every system. */
export const typescriptFiles = (folders: readonly string[], root = ROOT): readonly string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort();

/** The text of a file of the repository. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A folder with files of its own and the repository's packages, to seed violations in. `close` deletes it. */
export interface Workspace {
  readonly root: string;
  close(): void;
}

/** Makes a temporary folder that holds `files` (path → text) and the named files of the repository. */
export const workspace = (
  files: Readonly<Record<string, string>>,
  settings: readonly string[],
): Workspace => {
  const root = mkdtempSync(join(tmpdir(), 'sweetspot-architecture-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of settings) write(path, textOf(path));
  for (const [path, text] of Object.entries(files)) write(path, text);
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
  return { root, close: () => rmSync(root, { recursive: true, force: true }) };
};
