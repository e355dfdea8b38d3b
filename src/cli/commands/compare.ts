import type { Command } from 'commander';
import { collect } from '../../config/collect.ts';
import { COMPARE_OPTIONS, type CompareCommandOptions } from '../../config/compare-options.ts';
import { UsageError } from '../../core/errors.ts';
import { addOptions } from '../add-options.ts';

/** `bench compare BASE NEW`: whether a run is better or worse than another. */
export const addCompare = (program: Command): void => {
  const command = program
    .command('compare')
    .description('tell whether a run is better or worse than another, or than a baseline')
    .argument('<base>', 'run folder, report.json, or name of a baseline')
    .argument('<new>', 'the run to judge');
  addOptions(command, COMPARE_OPTIONS)
    .option('--output <file>', 'write it to this file')
    .addHelpText(
      'after',
      `
Simulated runs are compared exactly: every difference is real. Runs in real time are compared by their repeats (--repeat of
bench sweep); one run each can only be inconclusive. To compare two versions of anything in real time, bench ab is the better
tool: it interleaves the runs, so that what changes on the machine meanwhile changes both.

Ends with 98 if something regressed; with --strict also if the result is inconclusive or the behaviour changed.

Examples:
  bench compare main results/latest
  bench compare results/2026-05-04T09-30-00Z-classify-500 results/latest --format markdown
  bench compare main results/latest --format github --strict
  bench compare main results/latest --json | jq '.findings[] | select(.verdict == "regressed")'`,
    )
    .action(async (base: string, next: string, flags: Record<string, string | boolean>) => {
      const { output, ...given } = flags;
      const options = collect(COMPARE_OPTIONS, {
        flags: given,
        env: process.env,
        file: undefined,
      }) as CompareCommandOptions;
      const [{ openCompared }, { compareRuns }, { printComparison, exitCodeOf }, { refuseDifferences }] =
        await Promise.all([
          import('../compared-source.ts'),
          import('../../analyze/compare.ts'),
          import('../comparison-output.ts'),
          import('../refuse-differences.ts'),
        ]);
      const before = await openCompared(base, options.baselines);
      const after = await openCompared(next, options.baselines);
      const comparison = compareRuns(before.run, after.run, {
        threshold: options.threshold,
        confidence: 0.95,
      });
      if (!options.force) refuseDifferences(comparison.differences);
      if (comparison.findings.every(({ level }) => level === null)) {
        throw new UsageError(
          `${base} and ${next} have no level in common that was measured to its end and not bounded by the measuring machine`,
          'Compare runs of the same levels that are valid: bench report says what was wrong with them.',
        );
      }
      const names = { base: before.name, next: after.name };
      await printComparison(comparison, names, options, output === undefined ? undefined : String(output));
      process.exitCode = exitCodeOf(comparison, options);
    });
};
