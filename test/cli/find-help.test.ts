import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addFind } from '../../src/cli/commands/find.ts';
import { addSweep } from '../../src/cli/commands/sweep.ts';
import { DECIDED_BY_SEARCH } from '../../src/config/decided-by-search.ts';
import { flagName } from '../../src/config/option-spec.ts';
import { SWEEP_OPTIONS, type SweepOptionKey } from '../../src/config/options.ts';

/** The flags that the help of a command lists, besides its own two. */
const listed = (add: (program: Command) => void): readonly string[] => {
  const program = new Command('bench');
  add(program);
  const help = program.commands[0]?.helpInformation() ?? '';
  const names = [...help.matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)].map(([, name]) => name ?? '');
  return names.filter((name) => name !== '--help' && name !== '--config');
};

const flags = Object.entries(SWEEP_OPTIONS).map(
  ([key, spec]) => [key as SweepOptionKey, flagName(spec)] as const,
);

test('bench sweep lists all its options, bench find those that it takes', () => {
  const refused: readonly string[] = DECIDED_BY_SEARCH;
  expect(listed(addSweep)).toEqual(flags.map(([, name]) => name));
  expect(listed(addFind)).toEqual(
    flags.filter(([key]) => key !== 'auto' && !refused.includes(key)).map(([, name]) => name),
  );
});
