import { statSync } from 'node:fs';
import { UsageError } from '../core/errors.ts';
import { type BatchPrompt, batchCall } from '../workload/batch-call.ts';
import { type ItemFormat, itemFormatOf } from '../workload/items.ts';
import type { CallScenario } from '../workload/scenario.ts';
import type { BatchOptions } from './batch-options.ts';
import { SWEEP_OPTIONS, type SweepOptions } from './options.ts';
import { resolveSweep, type SweepSettings } from './resolve.ts';

/** How results can be written. */
export type ResultFormat = 'jsonl' | 'json' | 'csv';

/** A batch, ready to run. */
export interface BatchSettings extends BatchPrompt {
  readonly input: {
    readonly path: string;
    readonly format: ItemFormat;
    readonly column?: string | undefined;
  };
  readonly output: { readonly path: string; readonly format: ResultFormat };
  readonly concurrency: number | 'auto';
  readonly resume: boolean;
  readonly force: boolean;
  /** The target and how it is spoken to, as a sweep would have it. */
  readonly run: SweepSettings;
}

/** Stands for stdin as input and for stdout as output. */
export const STANDARD = '-';

const FORMATS: Readonly<Record<string, ResultFormat>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  csv: 'csv',
};

const resultFormat = (path: string): ResultFormat => {
  if (path === STANDARD) return 'jsonl';
  const format = FORMATS[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
  if (format) return format;
  throw new UsageError(
    `--output ${path}: its ending does not say how to write it`,
    'Use .jsonl, .json or .csv.',
  );
};

/** Sweep options nobody gave, at their defaults. */
const sweepDefaults = (): SweepOptions =>
  Object.fromEntries(
    Object.entries(SWEEP_OPTIONS).map(([key, { fallback }]) => [key, fallback]),
  ) as SweepOptions;

/** An input is read twice: to see what it holds, and to work on it. */
const checkInput = (path: string): void => {
  if (path === STANDARD) return;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`--input ${path}: there is no such file`);
  if (!found.isFile())
    throw new UsageError(
      `--input ${path}: this is not a file`,
      found.isDirectory() ? undefined : 'What can be read only once comes through stdin: --input -.',
    );
};

/** What stands for the items before they are read: an empty one, so that model, price and API can be checked. */
const unread = (prompt: BatchPrompt): CallScenario => ({
  name: 'batch',
  description: 'items of a file',
  requests: 1,
  call: (index) => batchCall(prompt, { index, text: '', fields: {} }),
});

/** What a batch is sent with: it is to be done, not to show what concurrency alone does. */
const BATCH_POLICY = 'recommended';

/** Turns options into settings. Throws `UsageError`, before any traffic, for whatever contradicts itself. */
export const resolveBatch = async (options: BatchOptions, env: NodeJS.ProcessEnv): Promise<BatchSettings> => {
  const {
    input,
    inputFormat,
    column,
    system,
    prompt,
    maxTokens,
    concurrency,
    output,
    resume,
    force,
    ...shared
  } = options;
  if (input === undefined)
    throw new UsageError(
      '--input is missing: the items to work on',
      'For example --input docs.txt, or - for stdin.',
    );
  const format = inputFormat ?? itemFormatOf(input);
  checkInput(input);
  if (column !== undefined && format === 'txt')
    throw new UsageError(
      '--column: a plain text file has no columns',
      'Use .jsonl or .csv, or leave --column out.',
    );
  if (resume && force)
    throw new UsageError('--resume and --force contradict each other', 'Give one of them.');
  if (resume && (input === STANDARD || output === STANDARD))
    throw new UsageError(
      '--resume needs files: stdin and stdout cannot be taken up again',
      'Name --input and --output.',
    );
  return {
    input: { path: input, format, column },
    output: { path: output, format: resultFormat(output) },
    system,
    prompt,
    maxTokens,
    concurrency,
    resume,
    force,
    run: await resolveSweep(
      { ...sweepDefaults(), ...shared, levels: [1], policy: BATCH_POLICY },
      env,
      unread({ system, prompt, maxTokens }),
    ),
  };
};
