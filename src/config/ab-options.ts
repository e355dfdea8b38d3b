import { PAIR_DEFAULTS } from '../analyze/compare-pairs.ts';
import { UsageError } from '../core/errors.ts';
import { COMPARISON_OPTIONS } from './compare-options.ts';
import { defaulted, type OptionSpec, type OptionsOf, onOff, open } from './option-spec.ts';
import { duration, text, whole } from './values.ts';

/** The options of `bench ab`. */
export const AB_OPTIONS = {
  base: open('--base <command>', 'command that measures what is there and prints its report as JSON', text),
  new: open('--new <command>', 'command that measures what is to replace it', text),
  baseConfig: open('--base-config <file>', 'instead of --base: options of a bench sweep', text),
  newConfig: open('--new-config <file>', 'instead of --new: options of a bench sweep', text),
  minPairs: defaulted(
    '--min-pairs <n>',
    'pairs before the first look',
    whole(2, '8'),
    PAIR_DEFAULTS.minPairs as number,
  ),
  maxPairs: defaulted(
    '--max-pairs <n>',
    'pairs after which what is not clear stays open',
    whole(2, '30'),
    PAIR_DEFAULTS.maxPairs as number,
  ),
  seed: defaulted('--seed <n>', 'seed of the first pair; each further pair has the next', whole(0, '7'), 1),
  timeout: defaulted('--timeout <time>', 'longest that one run may take', duration('10m', 1), 600_000, '10m'),
  out: defaulted('--out <dir>', 'where the pairs are kept', text, 'results'),
  ...COMPARISON_OPTIONS,
  quiet: onOff('--quiet', 'no progress, only the result'),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;

/** Options by key, each read or left at its default. */
export type AbOptions = OptionsOf<typeof AB_OPTIONS>;

/** What is run for each side: a shell's command line, or a sweep with this configuration file. */
export type AbCommand = { readonly line: string } | { readonly config: string };

const sideOf = (name: string, line: string | undefined, config: string | undefined): AbCommand => {
  if (line !== undefined && config === undefined) return { line };
  if (config !== undefined && line === undefined) return { config };
  throw new UsageError(
    line === undefined ? `--${name} is missing` : `--${name} and --${name}-config are both given`,
    `Give --${name} 'npx bench sweep …' or --${name}-config file.json.`,
  );
};

/** What to run on both sides. Throws `UsageError` unless each is given once, and the pairs are in order. */
export const abCommands = (options: AbOptions): { readonly base: AbCommand; readonly next: AbCommand } => {
  if (options.minPairs > options.maxPairs) {
    throw new UsageError(
      `--min-pairs ${options.minPairs} is more than --max-pairs ${options.maxPairs}`,
      'For example --min-pairs 8 --max-pairs 30.',
    );
  }
  return {
    base: sideOf('base', options.base, options.baseConfig),
    next: sideOf('new', options.new, options.newConfig),
  };
};
