import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { checkAssertedLevels } from '../../analyze/assertion.ts';
import { withAssertions } from '../../analyze/assertion-check.ts';
import { assertions } from '../../config/assertion-values.ts';
import { someOf } from '../../config/values.ts';
import { UsageError } from '../../core/errors.ts';
import { FORMAT_NAMES, FORMATS, type Format, formatOf } from '../../report/formats.ts';
import { renderJson } from '../../report/json.ts';
import { RUN_FILES, writeWhole } from '../../store/run-dir.ts';
import { failOnAssertions } from '../assertions.ts';

interface ReportFlags {
  readonly format?: string;
  readonly json?: boolean;
  readonly output?: string;
  readonly out?: string;
  readonly open?: boolean;
  readonly assert?: readonly string[];
}

/** What is asked for, or `UsageError` where the flags contradict each other. */
const formatsOf = ({ format, json, output, out, open }: ReportFlags): readonly Format[] => {
  const named = json ? 'json' : (format ?? (open ? 'html' : 'terminal'));
  const formats = [...new Set(someOf(FORMAT_NAMES)(named, '--format').map(formatOf))];
  if (output !== undefined && out !== undefined)
    throw new UsageError('--output names a file and --out a folder', 'Give one of the two.');
  if (output !== undefined && formats.length > 1)
    throw new UsageError(
      `--output is one file, and these are ${formats.length} formats`,
      'Name a folder for them: --out DIR.',
    );
  if (open && !formats.includes('html'))
    throw new UsageError(
      '--open shows the HTML page, which is not among the formats',
      'Add html to --format.',
    );
  return formats;
};

/** `bench report <run>`: the report again, from the records. */
export const addReport = (program: Command): void => {
  program
    .command('report')
    .description('render the report of a stored run again, from its records')
    .argument('<run>', 'folder of the run, for example results/latest, or a report.json')
    .option('--format <names>', `one or several of ${FORMATS.join(', ')} (default: terminal)`)
    .option('--json', 'print the report as JSON (the same as --format json)')
    .option('--output <file>', 'write it to this file')
    .option('--out <dir>', 'write every format to a file in this folder')
    .option(
      '--assert <condition>',
      'threshold that the run has to keep, as of bench sweep; may be repeated; ends with 99 if one is missed',
      (text: string, given: readonly string[] = []) => [...given, text],
    )
    .option('--open', 'write the HTML page and show it in the browser')
    .addHelpText(
      'after',
      `
Without --output or --out, one format is printed; of several, terminal and github are printed and the others are written
to the run's folder. github prints annotations and appends the Markdown report to the file that GITHUB_STEP_SUMMARY names.

Examples:
  bench report results/latest
  bench report results/latest --open
  bench report results/latest --format html,markdown,junit --out reports
  bench report results/latest --format csv-requests --output requests.csv
  bench report results/latest --json | jq .sweetSpot`,
    )
    .action(async (path: string, flags: ReportFlags) => {
      const formats = formatsOf(flags);
      const [{ openRun }, { deliver, needsView }] = await Promise.all([
        import('../stored-run.ts'),
        import('../output.ts'),
      ]);
      const asserted = flags.assert?.length ? assertions(flags.assert.join('\n'), '--assert') : [];
      const stored = await openRun(path, await needsView(formats));
      checkAssertedLevels(
        asserted,
        stored.report.levels.map(({ level }) => level),
        '--assert',
      );
      const run = { ...stored, report: withAssertions(stored.report, asserted) };
      await restore(run.records ? join(run.dir, RUN_FILES.report) : undefined, () =>
        renderJson(stored.report),
      );
      const isPageAlone = flags.open && formats.length === 1 && flags.out === undefined;
      const file = flags.output ?? (isPageAlone ? join(run.dir, 'report.html') : undefined);
      const written = await deliver(run, formats, { file, dir: flags.out });
      for (const each of written) process.stderr.write(`${each.path}\n`);
      const page = written.find((each) => each.format === 'html');
      if (flags.open && page) await show(page.path);
      if (asserted.length > 0) failOnAssertions(run.report);
    });
};

/** Writes the report beside its records if it was lost, for example by a crash. */
const restore = async (path: string | undefined, text: () => string): Promise<void> => {
  if (path === undefined) return;
  const missing = await access(path).then(
    () => false,
    () => true,
  );
  if (!missing) return;
  await writeWhole(path, text());
  process.stderr.write(`${path} was missing and has been written.\n`);
};

/** Opens a file in the browser. That there is none is no reason to fail: the file is there. */
const show = async (path: string): Promise<void> => {
  const { default: open } = await import('open');
  await open(path).catch((error: unknown) => {
    process.stderr.write(
      `No browser could be started (${error instanceof Error ? error.message : error}).\n`,
    );
  });
};
