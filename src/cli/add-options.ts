import { type Command, Option } from 'commander';
import type { OptionSpec } from '../config/option-spec.ts';

/** Gives a command the flags of a table of options, with their defaults in the help; `unlisted` are understood, so that they can be refused by name, but stand in no help. */
export const addOptions = (
  command: Command,
  table: Readonly<Record<string, OptionSpec<unknown>>>,
  unlisted: readonly string[] = [],
): Command => {
  for (const [key, { flag, help, fallbackText, repeatable }] of Object.entries(table)) {
    const words = fallbackText === undefined ? help : `${help} (default: ${fallbackText})`;
    const option = new Option(flag, words).hideHelp(unlisted.includes(key));
    if (repeatable) option.argParser((text: string, given: string[] = []) => [...given, text]);
    command.addOption(option);
    // Not given is not the same as on: the environment or the file may say otherwise.
    if (flag.startsWith('--no-')) command.setOptionValue(key, undefined);
  }
  return command;
};
