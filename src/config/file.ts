import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../core/errors.ts';
import type { SweepOptionKey } from './options.ts';

/** A configuration as the user writes it: every option of `bench sweep` by its key, as text, number, list or switch. */
export type BenchConfig = Partial<Record<SweepOptionKey, string | number | boolean | readonly number[]>>;

/** Returns its argument; gives `bench.config.ts` its types. */
export const defineConfig = (config: BenchConfig): BenchConfig => config;

/** A configuration file that was read, not yet understood. */
export interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Where a key stands, as `file:line`. */
  place(key: string): string;
}

/** Files looked for in the working directory if none is named, in this order. */
const CONFIG_FILES = ['bench.config.ts', 'bench.config.js', 'bench.config.json'] as const;

const literal = (key: string): string => key.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The first line of `source` on which `key` is given a value. */
const lineOf = (source: string, key: string): number | undefined => {
  const match = new RegExp(`(^|[\\s{,"'])${literal(key)}["']?\\s*:`, 'm').exec(source);
  if (!match) return undefined;
  const at = match.index + (match[1]?.length ?? 0);
  return source.slice(0, at).split('\n').length;
};

/** Position of a JSON error as `file:line`, from the parser's own words. */
const jsonPlace = (path: string, source: string, message: string): string => {
  const line = /line (\d+)/.exec(message)?.[1];
  const position = /position (\d+)/.exec(message)?.[1];
  if (line) return `${path}:${line}`;
  return position ? `${path}:${source.slice(0, Number(position)).split('\n').length}` : path;
};

const load = async (path: string, source: string): Promise<unknown> => {
  if (extname(path) === '.json') {
    try {
      return JSON.parse(source);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${jsonPlace(path, source, message)} is not JSON: ${message}`);
    }
  }
  try {
    const module: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href);
    return module['default'] ?? module['config'];
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${error instanceof Error ? error.message : error}`);
  }
};

/** Reads the configuration file named, or the one in the working directory; `undefined` if there is none. */
export const readConfigFile = async (named: string | undefined): Promise<ConfigFile | undefined> => {
  const path = named ?? CONFIG_FILES.find((file) => existsSync(file));
  if (path === undefined) return undefined;
  let source: string;
  try {
    source = await readFile(path, 'utf8');
  } catch {
    throw new UsageError(
      `--config ${path}: there is no such file`,
      `Without --config, ${CONFIG_FILES.join(', ')} are looked for.`,
    );
  }
  const values = await load(path, source);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new UsageError(
      `${path} holds no options`,
      'Export an object by default, for example { "levels": [1, 5, 10] }.',
    );
  }
  return {
    path,
    values: { ...values },
    place(key) {
      const line = lineOf(source, key);
      return line === undefined ? path : `${path}:${line}`;
    },
  };
};
