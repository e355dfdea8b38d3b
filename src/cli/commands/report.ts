import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { oneOf } from '../../config/values.ts';
import { FORMAT_NAMES, FORMATS, formatOf } from '../../report/formats.ts';
import { renderJson } from '../../report/json.ts';
import { RUN_FILES, writeWhole } from '../../store/run-dir.ts';

interface ReportFlags {
  readonly format: string;
  readonly json?: boolean;
}

/** `bench report <dir>`: the report again, from the records. */
export const addReport = (program: Command): void => {
  program
    .command('report')
    .description('render the report of a stored run again, from its records')
    .argument('<dir>', 'folder of the run, for example results/latest')
    .option('--format <name>', `what to print: ${FORMATS.join(', ')}`, 'terminal')
    .option('--json', 'print the report as JSON (the same as --format json)')
    .addHelpText(
      'after',
      `
Examples:
  bench report results/latest
  bench report results/latest --format markdown >> $GITHUB_STEP_SUMMARY
  bench report results/latest --json | jq .sweetSpot`,
    )
    .action(async (dir: string, { format, json }: ReportFlags) => {
      const name = formatOf(json ? 'json' : oneOf(FORMAT_NAMES)(format, '--format'));
      const [{ reportFromDisk }, { printReport }] = await Promise.all([
        import('../build-report.ts'),
        import('../output.ts'),
      ]);
      const report = await reportFromDisk(dir);
      const path = join(dir, RUN_FILES.report);
      const missing = await access(path).then(
        () => false,
        () => true,
      );
      if (missing) {
        await writeWhole(path, renderJson(report));
        process.stderr.write(`${path} was missing and has been written.\n`);
      }
      printReport(report, name);
    });
};
