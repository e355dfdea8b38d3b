import { UsageError } from '../core/errors.ts';
import { COMPARISON_FORMATS } from '../report/comparison/comparison-reporter.ts';
import { defaulted, type OptionSpec, type OptionsOf, onOff } from './option-spec.ts';
import { oneOf, type Read, text } from './values.ts';

/** `5%`, or a share such as 0.05; above 0 and below 100 %. */
const percentage: Read<number> = (value, name) => {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(value.trim());
  const share = Number(match?.[1]) / (match?.[2] ? 100 : 1);
  if (!(share > 0 && share < 1))
    throw new UsageError(`${name}: "${value}" is not a percentage above 0 and below 100`, 'For example 5%.');
  return share;
};

/** Where folders are not the usual ones. */
const FORMATS = COMPARISON_FORMATS.filter((format) => format !== 'terminal').join(', ');

/** How a comparison is judged and shown: shared by `bench compare` and `bench ab`. */
export const COMPARISON_OPTIONS = {
  threshold: defaulted(
    '--threshold <share>',
    'smallest relative change that matters',
    percentage,
    0.05,
    '5%',
  ),
  strict: onOff(
    '--strict',
    'end with 98 too if the result is inconclusive or the behaviour of a simulation changed',
  ),
  force: onOff('--force', 'compare what was not measured alike all the same'),
  format: defaulted(
    '--format <name>',
    `what to print: terminal, ${FORMATS}`,
    oneOf([...COMPARISON_FORMATS, 'md']),
    'terminal',
  ),
  json: onOff('--json', 'print the comparison as JSON (the same as --format json)'),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;

/** The options of `bench compare`. */
export const COMPARE_OPTIONS = {
  ...COMPARISON_OPTIONS,
  baselines: defaulted('--baselines <dir>', 'where baselines are kept', text, 'results/baselines'),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;

/** How a comparison is judged and shown. */
export type ComparisonOptions = OptionsOf<typeof COMPARISON_OPTIONS>;

/** What `bench compare` was asked for. */
export type CompareCommandOptions = OptionsOf<typeof COMPARE_OPTIONS>;
