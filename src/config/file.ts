import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { SweepOptionKey } from './options.ts';
import { loadModule, readJsonFile } from './source-file.ts';

/** A configuration as the user writes it: every option of `bench sweep` by its key, as text, number, list or switch. */
export type BenchConfig = Partial<
  Record<SweepOptionKey, string | number | boolean | readonly (number | string)[]>
>;

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

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the configuration file named, or the one in the working directory; `undefined` if there is none. */
export const readConfigFile = async (named: string | undefined): Promise<ConfigFile | undefined> => {
  const path = named ?? CONFIG_FILES.find((file) => existsSync(file));
  if (path === undefined) return undefined;
  const hint = `Without --config, ${CONFIG_FILES.join(', ')} are looked for.`;
  const isJson = extname(path) === '.json';
  const file = await (isJson ? readJsonFile : loadModule)(path, '--config', hint);
  const exported =
    isJson || !isObject(file.value) ? file.value : (file.value['default'] ?? file.value['config']);
  if (!isObject(exported)) {
    throw new UsageError(
      `${path} holds no options`,
      'Export an object by default, for example { "levels": [1, 5, 10] }.',
    );
  }
  return { path, values: { ...exported }, place: (key) => file.place([key]) };
};
