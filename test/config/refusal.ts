import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfigFile } from '../../src/config/file.ts';
import type { SweepOptions } from '../../src/config/options.ts';
import { resolveSweep, type SweepSettings } from '../../src/config/resolve.ts';
import { sweepOptions } from '../../src/config/sweep-options.ts';
import { UsageError } from '../../src/core/errors.ts';

/** What a user gives, by the way it is given. */
export interface Given {
  readonly flags?: Readonly<Record<string, string | boolean | readonly string[]>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Path of a configuration file. */
  readonly config?: string;
}

/** The options of a sweep as they were given, in the way the command reads them. */
export const optionsOf = async ({ flags = {}, env = {}, config }: Given): Promise<SweepOptions> => {
  const file = config === undefined ? undefined : await readConfigFile(config);
  return sweepOptions({ flags, env, file });
};

/** The settings of a sweep, from input to plan. */
export const settingsOf = async (given: Given): Promise<SweepSettings> =>
  resolveSweep(await optionsOf(given), given.env ?? {});

/** A folder for files that a test writes; `hide` takes its path out of a message. */
export const workFolder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-test-'));
  return {
    dir,
    write(name: string, content: string): string {
      const path = join(dir, name);
      writeFileSync(path, content);
      return path;
    },
    makeFolder(name: string): string {
      const path = join(dir, name);
      mkdirSync(path);
      return path;
    },
    hide: (text: string): string => text.replaceAll(dir, '<dir>'),
  };
};

/** What the user is told, `message → hint`, where input is refused; throws if it is accepted or fails in another way. */
export const refusal = async (work: Promise<unknown>): Promise<string> => {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`accepted: ${JSON.stringify(outcome.value)}`);
  if (!(outcome.error instanceof UsageError)) throw new Error('not a UsageError', { cause: outcome.error });
  const { message, hint } = outcome.error;
  return hint === undefined ? message : `${message} → ${hint}`;
};
