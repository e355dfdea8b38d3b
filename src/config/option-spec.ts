import { flag, type Read } from './values.ts';

/** One option: its flag, environment variable, file key, help and default all derive from this row. */
export interface OptionSpec<T> {
  /** As commander wants it: `--levels <list>`, or `--json` for a switch. */
  readonly flag: string;
  readonly help: string;
  readonly read: Read<T>;
  /** What is used if it is not given; `undefined` where that depends on other options. */
  readonly fallback: T | undefined;
  /** The default in words, for the help. */
  readonly fallbackText: string | undefined;
  /** It may be given several times. */
  readonly repeatable?: true;
}

/** An option that always has a value. */
export interface Defaulted<T> extends OptionSpec<T> {
  readonly fallback: T;
}

/** An option whose default depends on others. */
export interface Open<T> extends OptionSpec<T> {
  readonly fallback: undefined;
}

/** A row with a default. */
export const defaulted = <T>(
  flag: string,
  help: string,
  read: Read<T>,
  fallback: T,
  words = String(fallback),
): Defaulted<T> => ({
  flag,
  help,
  read,
  fallback,
  fallbackText: words,
});

/** A row that may be left open. */
export const open = <T>(flag: string, help: string, read: Read<T>, words?: string): Open<T> => ({
  flag,
  help,
  read,
  fallback: undefined,
  fallbackText: words,
});

/** The entries of a table of variants in words, for the help. */
export const describe = (table: Readonly<Record<string, { readonly description: string }>>): string =>
  Object.entries(table)
    .map(([name, { description }]) => `${name} (${description})`)
    .join(', ');

/** An option that may be given several times; what was given arrives as lines. */
export const repeated = <T>(flag: string, help: string, read: Read<T>): Open<T> => ({
  ...open(flag, help, read),
  repeatable: true,
});

/** A row for a switch. */
export const onOff = (name: string, help: string): Defaulted<boolean> => ({
  flag: name,
  help,
  read: flag,
  fallback: false,
  fallbackText: undefined,
});

/** A row for what is on unless it is switched off; `name` starts with `--no-`. */
export const switchedOff = (name: string, help: string): Defaulted<boolean> => ({
  ...onOff(name, help),
  fallback: true,
});

/** The values of a table of options by key, each read or left at its default. */
export type OptionsOf<Table extends Readonly<Record<string, OptionSpec<unknown>>>> = {
  readonly [K in keyof Table]: Table[K] extends Open<infer T>
    ? T | undefined
    : Table[K] extends Defaulted<infer T>
      ? T
      : never;
};

/** The environment variable of an option: `maxRetries` is `BENCH_MAX_RETRIES`. */
export const envName = (key: string): string =>
  `BENCH_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** The flag of an option without its argument: `--levels`. */
export const flagName = (spec: OptionSpec<unknown>): string => spec.flag.split(' ')[0] ?? spec.flag;
