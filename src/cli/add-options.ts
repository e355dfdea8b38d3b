import type { Command } from 'commander';
import type { OptionSpec } from '../config/option-spec.ts';

/** Gives a command the flags of a table of options, with their defaults in the help. */
export const addOptions = (
  command: Command,
  table: Readonly<Record<string, OptionSpec<unknown>>>,
): Command => {
  for (const [key, { flag, help, fallbackText, repeatable }] of Object.entries(table)) {
    const words = fallbackText === undefined ? help : `${help} (default: ${fallbackText})`;
    if (repeatable) command.option(flag, words, (text: string, given: string[] = []) => [...given, text]);
    else command.option(flag, words);
    // Not given is not the same as on: the environment or the file may say otherwise.
    if (flag.startsWith('--no-')) command.setOptionValue(key, undefined);
  }
  return command;
};
