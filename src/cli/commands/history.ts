import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { oneOf } from '../../config/values.ts';
import { UsageError } from '../../core/errors.ts';

const FORMATS = ['terminal', 'json', 'html'] as const;

/** A folder of something else has neither. */
const RUNS_HOLD = ['manifest.json', 'report.json'] as const;

interface HistoryFlags {
  readonly format: string;
  readonly output?: string;
}

/** `bench history [dir]`: how stored runs of the same thing developed. */
export const addHistory = (program: Command): void => {
  program
    .command('history')
    .description('show the trend of the stored runs, those that measured the same together')
    .argument('[dir]', 'folder that holds the runs', 'results')
    .option('--format <name>', `one of ${FORMATS.join(', ')}`, 'terminal')
    .option('--output <file>', 'write it to this file')
    .addHelpText(
      'after',
      `
Runs go together if scenario, target, profile, model, client settings, seed, kind of time and levels are the same.

Examples:
  bench history
  bench history results --format html --output history.html
  bench history --format json | jq '.groups[0].runs[-1]'`,
    )
    .action(async (dir: string, { format, output }: HistoryFlags) => {
      const name = oneOf(FORMATS)(format, '--format');
      const [{ historyOf }, { emit }] = await Promise.all([
        import('../../report/history/history.ts'),
        import('../output.ts'),
      ]);
      const history = historyOf(await reportsBelow(dir));
      await emit(async (options) => {
        if (name === 'json') return `${JSON.stringify(history, null, 2)}\n`;
        if (name === 'html')
          return (await import('../../report/history/history-page.ts')).historyPage(history);
        return (await import('../../report/history/history-terminal.ts')).renderHistory(history, options);
      }, output);
    });
};

/** The reports of all runs in a folder; one that cannot be read is named and left out. Throws `UsageError` without any. */
const reportsBelow = async (dir: string) => {
  const { openReport } = await import('../stored-run.ts');
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => {
    throw new UsageError(
      `${dir}: there is no such folder`,
      'Name the folder that holds the runs: results by default.',
    );
  });
  if (entries.some(({ name }) => name === 'manifest.json'))
    throw new UsageError(`${dir} is one run, not a folder of runs`, `To see it: bench report ${dir}`);
  const reports: (readonly [string, Awaited<ReturnType<typeof openReport>>])[] = [];
  const failures: UsageError[] = [];
  for (const entry of entries.filter((each) => each.isDirectory())) {
    const path = join(dir, entry.name);
    if (!RUNS_HOLD.some((file) => existsSync(join(path, file)))) continue; // baselines, policies: no runs
    try {
      reports.push([path, await openReport(path)]);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      failures.push(error);
    }
  }
  if (reports.length === 0)
    throw (
      failures[0] ??
      new UsageError(`${dir} holds no run`, 'Name the folder that holds the runs: results by default.')
    );
  for (const { message } of failures) process.stderr.write(`left out: ${message}\n`);
  return reports;
};
