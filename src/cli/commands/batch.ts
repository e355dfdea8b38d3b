import type { Command } from 'commander';
import { BATCH_OPTIONS, type BatchOptions } from '../../config/batch-options.ts';
import { collect } from '../../config/collect.ts';
import { addOptions } from '../add-options.ts';

/** `bench batch`: the job itself, from a file of items to a file of results. */
export const addBatch = (program: Command): void => {
  const command = program
    .command('batch')
    .description('run a job over a file of items, with retries, and go on where it was interrupted');
  addOptions(command, BATCH_OPTIONS);
  command
    .addHelpText(
      'after',
      `
Each result has index, input, output, inputTokens, outputTokens, attempts, costUsd and error; a failed item never ends the batch.
What was answered stands in <output>.journal as it completes, so neither a crash nor Ctrl-C loses what was paid for.
Exit code 0: every item succeeded; 4: some failed (--resume tries them again).

Examples:
  bench batch --input docs.txt --system "Summarize in one sentence."               on the embedded mock
  bench batch --input tickets.csv --column body --prompt "Classify: {body}" --output labels.csv --concurrency 20
  bench batch --input items.jsonl --target openai --model gpt-5-mini --output out.jsonl --dry-run
  bench batch --input items.jsonl --target openai --model gpt-5-mini --output out.jsonl --max-cost 5
  bench batch --input items.jsonl --target openai --model gpt-5-mini --output out.jsonl --resume
  cat docs.txt | bench batch --input - --output - --quiet | jq -r .output`,
    )
    .action(async (flags: Record<string, string | boolean | string[]>) => {
      const options = collect(BATCH_OPTIONS, { flags, env: process.env, file: undefined }) as BatchOptions;
      const [{ resolveBatch }, { batch }] = await Promise.all([
        import('../../config/resolve-batch.ts'),
        import('../batch.ts'),
      ]);
      process.exitCode = await batch(await resolveBatch(options, process.env));
    });
};
