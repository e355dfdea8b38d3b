import type { Command } from 'commander';
import type { OptionSpec } from '../config/option-spec.ts';

/** Gives a command the flags of a table of options, with their defaults in the help. */
export const addOptions = (
  command: Command,
  table: Readonly<Record<string, OptionSpec<unknown>>>,
): Command => {
  for (const { flag, help, fallbackText, repeatable } of Object.values(table)) {
    const words = fallbackText === undefined ? help : `${help} (default: ${fallbackText})`;
    if (repeatable) command.option(flag, words, (text: string, given: string[] = []) => [...given, text]);
    else command.option(flag, words);
  }
  return command;
};
