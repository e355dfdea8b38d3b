import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse as parseYaml } from 'yaml';
import { UsageError } from '../../src/core/errors.ts';
import { type Profile, parseProfile } from '../engine/profile.ts';
import { merged } from '../plain-values.ts';
import { namedProfileInput, profileInput } from './index.ts';

const isFile = (text: string): boolean => /\.(ya?ml|json|[cm]?[jt]s)$/.test(text) || /[/\\]/.test(text);

const readModule = async (path: string): Promise<unknown> => {
  const module: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href);
  return module['default'] ?? module['profile'];
};

const readInput = async (path: string): Promise<unknown> => {
  try {
    if (/\.[cm]?[jt]s$/.test(path)) return await readModule(path);
    return parseYaml(await readFile(path, 'utf8')); // JSON is YAML
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new UsageError(`cannot read profile ${path}: ${reason}`);
  }
};

/** Sets one key, given by its dotted path, in plain values; the given values stay as they are. */
export const withSetting = (input: unknown, setting: string): unknown => {
  const equals = setting.indexOf('=');
  if (equals < 1) throw new UsageError(`--set ${setting}: expected key=value, such as latency=100ms`);
  const path = setting.slice(0, equals).split('.');
  const value: unknown = parseYaml(setting.slice(equals + 1));
  return merged(
    input,
    path.reduceRight((inner: unknown, key) => ({ [key]: inner }), value),
  );
};

/**
 * A profile by name, or from a YAML, JSON or TypeScript file (`export default`, or `export const profile`), with single keys
 * replaced: `latency=100ms`, `limits.requestsPerMinute=60`. A file may build on another profile with `extends: <name>`.
 */
export const loadProfile = async (
  nameOrFile: string,
  settings: readonly string[] = [],
  certainlyFile = false,
): Promise<Profile> => {
  const input =
    certainlyFile || isFile(nameOrFile)
      ? profileInput(await readInput(nameOrFile))
      : namedProfileInput(nameOrFile);
  return parseProfile(settings.reduce(withSetting, input as unknown), nameOrFile);
};
