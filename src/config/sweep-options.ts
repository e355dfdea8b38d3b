import { collect, type Sources } from './collect.ts';
import { envName } from './option-spec.ts';
import { SWEEP_OPTIONS, type SweepOptions } from './options.ts';

/** What asks for a search, or bounds one. */
const OF_A_SEARCH = ['auto', 'maxLevel', 'budget'] as const;

const without = <T>(
  values: Readonly<Record<string, T>>,
  keys: readonly string[],
): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));

/** Levels on the command line are no search, whatever environment and file say of one: a flag wins over both. */
const levelsWin = ({ flags, env, file }: Sources): Sources => {
  const { levels, auto } = flags;
  if (levels === undefined || levels === 'auto' || auto) return { flags, env, file };
  return {
    flags,
    env: without(env, OF_A_SEARCH.map(envName)),
    file: file && { ...file, values: without(file.values, OF_A_SEARCH) },
  };
};

/** Reads every option of a sweep. Throws `UsageError` for the first that is wrong, naming where it was given. */
export const sweepOptions = (sources: Sources): SweepOptions =>
  collect(SWEEP_OPTIONS, levelsWin(sources)) as SweepOptions;
