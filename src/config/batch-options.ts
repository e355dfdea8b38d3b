import { defaulted, type OptionsOf, onOff, open } from './option-spec.ts';
import { SWEEP_OPTIONS } from './options.ts';
import { oneOf, type Read, text, whole } from './values.ts';

const AUTO = 'auto';

const concurrency: Read<number | typeof AUTO> = (value, name) =>
  value === AUTO ? AUTO : whole(1, 'auto or 20')(value, name);

/** What a batch has in common with a sweep: the target, and how it is spoken to. */
const { target, profile, baseUrl, model, apiKeyEnv, header, client, transport, maxRetries, timeout } =
  SWEEP_OPTIONS;
const { price, maxCost, dryRun, yes, preflight, speed, simulate, hop, seed, out, quiet } = SWEEP_OPTIONS;

/** The one table of `bench batch`'s options. */
export const BATCH_OPTIONS = {
  input: open('--input <file>', 'the items: .txt (one per line), .jsonl or .csv; - for stdin', text),
  inputFormat: open(
    '--input-format <name>',
    'how the items are written: txt, jsonl, csv',
    oneOf(['txt', 'jsonl', 'csv']),
    'by the ending of the name',
  ),
  column: open('--column <name>', 'column or field that holds the text', text, 'text, or the only one'),
  system: open('--system <text>', 'system prompt', text),
  prompt: defaulted(
    '--prompt <template>',
    'what to send for an item: {item}, {column} or {i} (its number) are replaced',
    text,
    '{item}',
  ),
  maxTokens: defaulted('--max-tokens <n>', 'most tokens of an answer', whole(1, '512'), 512),
  concurrency: defaulted(
    '--concurrency <n|auto>',
    'calls at once; auto: the sweet spot last measured for this target, else as refusals allow',
    concurrency,
    AUTO,
  ),
  output: defaulted(
    '--output <file>',
    'results in the order of the input: .jsonl, .json or .csv; - for stdout as JSONL',
    text,
    'results.jsonl',
  ),
  resume: onOff(
    '--resume',
    'go on with a batch that was interrupted; what is answered is not paid for again',
  ),
  force: onOff('--force', 'start over, and overwrite results that are there'),
  target,
  profile,
  baseUrl,
  model,
  apiKeyEnv,
  header,
  client,
  transport,
  maxRetries,
  timeout,
  price,
  maxCost: {
    ...maxCost,
    help: 'stop before the next attempt could take the whole batch, resumed runs included, above this; off for no cap',
  },
  dryRun,
  yes,
  preflight,
  speed,
  simulate,
  hop,
  seed,
  out,
  quiet,
} as const;

/** See `BATCH_OPTIONS`. */
export type BatchOptions = OptionsOf<typeof BATCH_OPTIONS>;
