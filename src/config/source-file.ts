import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { isMap, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import { UsageError } from '../core/errors.ts';

/** What a file holds, and where in it a key stands. */
export interface SourceFile {
  readonly path: string;
  readonly value: unknown;
  /** `file:line` of the value at a path of keys, or just the file where that is not known. */
  place(keys: readonly (string | number)[]): string;
}

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length;

/** The text of a file that the user named with `flag`. */
const readText = async (path: string, flag: string, hint?: string): Promise<string> => {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`${flag} ${path}: there is no such file`, hint);
  if (!found.isFile()) throw new UsageError(`${flag} ${path}: this is not a file`, hint);
  return (await readFile(path, 'utf8')).replace(/^\uFEFF/, ''); // some editors put a byte-order mark first
};

/** The key of an object that stands in it a second time. */
const duplicate = (node: Node): Node | undefined => {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = child.type === 'property' ? child.children?.[0] : undefined;
    if (key && seen.has(key.value)) return key;
    if (key) seen.add(key.value);
    const inner = duplicate(child);
    if (inner) return inner;
  }
  return undefined;
};

/** Reads JSON, comments and a comma too many allowed. Throws `UsageError` with file and line. */
export const readJsonFile = async (path: string, flag: string, hint?: string): Promise<SourceFile> => {
  const source = await readText(path, flag, hint);
  const errors: ParseError[] = [];
  const root: Node | undefined = parseTree(source, errors, { allowTrailingComma: true });
  const error = errors[0];
  if (error || !root) {
    const line = error ? lineAt(source, error.offset) : 1;
    const what = error
      ? printParseErrorCode(error.error)
          .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
          .toLowerCase()
      : 'it is empty';
    throw new UsageError(`${path}:${line} is not JSON: ${what}`);
  }
  const twice = duplicate(root);
  if (twice)
    throw new UsageError(`${path}:${lineAt(source, twice.offset)} is not JSON: ${twice.value} stands twice`);
  return {
    path,
    value: getNodeValue(root),
    place(keys) {
      const node = findNodeAtLocation(root, [...keys]);
      const at = node?.parent?.type === 'property' ? node.parent : node;
      return at ? `${path}:${lineAt(source, at.offset)}` : path;
    },
  };
};

/** Reads YAML. Throws `UsageError` with file and line. */
export const readYamlFile = async (path: string, flag: string, hint?: string): Promise<SourceFile> => {
  const source = await readText(path, flag, hint);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error)
    throw new UsageError(`${path}:${lines.linePos(error.pos[0]).line} is not YAML: ${error.message}`);
  return {
    path,
    value: document.toJS(),
    place(keys) {
      const parent = keys.length > 1 ? document.getIn(keys.slice(0, -1), true) : document.contents;
      const last = keys.at(-1);
      const pair = isMap(parent) && parent.items.find((each) => String(each.key) === String(last));
      const node = isPair(pair) ? pair.key : isSeq(parent) ? parent.items[Number(last)] : parent;
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
      return Array.isArray(range) ? `${path}:${lines.linePos(Number(range[0])).line}` : `${path}:1`;
    },
  };
};

const literal = (key: string): string => key.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The line of code on which `key` is given a value; comments do not count. */
const codeLine = (source: string, key: string): number | undefined => {
  const assignment = new RegExp(`(^|[\\s{,"'])${literal(key)}["']?\\s*:`);
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '));
  const index = code.split('\n').findIndex((line) => assignment.test(line.replace(/(^|\s)\/\/.*$/, '')));
  return index < 0 ? undefined : index + 1;
};

/** Marks a module that is to be read as TypeScript, whose parser says at which line it is wrong. */
const AS_TYPESCRIPT = '?as-typescript';

/** Where the package that scenarios import their types from is: this one, unless it is installed beside them. */
const OURS = new URL(`../index.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href;

/** What only a module says, at the start of a line. */
const MODULE_SYNTAX = /^\s*(?:import\s*[\w{*"']|export\s)/m;

/** Formats that node takes a file for by the `type` of a package.json around it, and what a module of the kind is. */
const MODULE_FORMATS: Readonly<Record<string, string>> = {
  commonjs: 'module',
  'commonjs-typescript': 'module-typescript',
};

/**
 * `npm init` writes `"type": "commonjs"`, and node then refuses `import` in a scenario beside it. What is written as a module is
 * read as one; packages are left to node.
 */
const formatOf = (url: string, format: string | null | undefined): string | null | undefined => {
  if (url.endsWith(AS_TYPESCRIPT)) return 'module-typescript';
  const asModule = MODULE_FORMATS[format ?? ''];
  const isOwn = asModule !== undefined && url.startsWith('file:') && !url.includes('/node_modules/');
  return isOwn && MODULE_SYNTAX.test(readFileSync(new URL(url), 'utf8')) ? asModule : format;
};

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (specifier !== 'sweetspot') throw error;
      return { url: OURS, shortCircuit: true };
    }
  },
  load: (url, context, next) => next(url, { ...context, format: formatOf(url, context.format) }),
});

const lineIn = (error: unknown, path: string): string | undefined => {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const name = basename(path);
  return new RegExp(`${literal(name)}(?:${literal(AS_TYPESCRIPT)})?:(\\d+)`).exec(stack)?.[1];
};

/** The line of a module at which loading it failed, where that can be told. */
const failedLine = async (error: unknown, path: string, url: string): Promise<string | undefined> =>
  lineIn(error, path) ??
  (error instanceof SyntaxError
    ? import(`${url}${AS_TYPESCRIPT}`).then(
        () => undefined,
        (told: unknown) => lineIn(told, path),
      )
    : undefined);

/** Loads a TypeScript or JavaScript module; its value is the namespace of its exports. Throws `UsageError`. */
export const loadModule = async (path: string, flag: string, hint?: string): Promise<SourceFile> => {
  const source = await readText(path, flag, hint);
  const url = pathToFileURL(resolve(path)).href;
  try {
    const value: unknown = await import(url);
    return {
      path,
      value,
      place(keys) {
        const line = codeLine(source, String(keys.at(-1)));
        return line === undefined ? path : `${path}:${line}`;
      },
    };
  } catch (error) {
    const line = await failedLine(error, path, url);
    const place = line === undefined ? path : `${path}:${line}`;
    throw new UsageError(`${place} cannot be loaded: ${error instanceof Error ? error.message : error}`);
  }
};
