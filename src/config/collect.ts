import { UsageError } from '../core/errors.ts';
import { nameHint } from '../core/nearest.ts';
import type { ConfigFile } from './file.ts';
import { envName, flagName, type OptionSpec } from './option-spec.ts';

/** Where option values come from, the strongest first: command line, environment, file, default. */
export interface Sources {
  /** Flags given, by key, as text; switches as `true`, what was repeated as a list. */
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | undefined;
}

/** A value of a configuration file as the text that the flag would have been given. */
const asText = (value: unknown, name: string, { repeatable }: OptionSpec<unknown>): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((part) => typeof part === 'number' || typeof part === 'string'))
    return value.join(repeatable ? '\n' : ',');
  throw new UsageError(`${name} must be text, a number, a list of numbers, or true or false`);
};

/** Reads every option of a table. Throws `UsageError` for the first that is wrong, naming where it was given. */
export const collect = (
  specs: Readonly<Record<string, OptionSpec<unknown>>>,
  { flags, env, file }: Sources,
): Readonly<Record<string, unknown>> => {
  const known = Object.keys(specs);
  for (const key of Object.keys(file?.values ?? {})) {
    if (!known.includes(key))
      throw new UsageError(`${file?.place(key)}: there is no option "${key}"`, nameHint(key, known));
  }
  return Object.fromEntries(
    Object.entries(specs).map(([key, spec]) => {
      const fromFlag = flags[key];
      if (fromFlag !== undefined)
        return [
          key,
          spec.read(Array.isArray(fromFlag) ? fromFlag.join('\n') : String(fromFlag), flagName(spec)),
        ];
      const fromEnv = env[envName(key)];
      if (fromEnv !== undefined && fromEnv !== '') return [key, spec.read(fromEnv, envName(key))];
      const fromFile = file?.values[key];
      if (fromFile === undefined) return [key, spec.fallback];
      const name = `${file?.place(key)}: ${key}`;
      return [key, spec.read(asText(fromFile, name, spec), name)];
    }),
  );
};
