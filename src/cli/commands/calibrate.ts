import type { Command } from 'commander';
import { UsageError } from '../../core/errors.ts';

interface CalibrateFlags {
  readonly output: string;
  readonly holdout?: string;
}

const levelsOf = (text: string): readonly number[] =>
  text.split(',').map((part) => {
    const level = Number(part);
    if (Number.isInteger(level) && level >= 1) return level;
    throw new UsageError(`--holdout: "${part}" is no level`, 'For example --holdout 15,40.');
  });

/** `bench calibrate <runs…>`: a twin of an endpoint from cheap runs. */
export const addCalibrate = (program: Command): void => {
  program
    .command('calibrate')
    .description(
      'learn a twin of an endpoint from stored runs: latency, load, limits, as a profile to simulate with',
    )
    .argument('<runs...>', 'folders of runs, for example results/latest')
    .option('-o, --output <file>', 'where the twin goes', 'twin.json')
    .option(
      '--holdout <levels>',
      'measured levels to leave out, so that predictions can be held against them',
    )
    .addHelpText(
      'after',
      `
A twin is a profile: what cannot be told from the runs is left out of it, named, with what to measure for it.

Examples:
  bench calibrate results/latest -o twin.json
  bench calibrate results/latest --holdout 15,40           how well it predicts what it has not seen
  bench sweep --simulate --profile twin.json --levels 1..200:10
  bench plan --from twin.json --requests 1M/day --out plan.html`,
    )
    .action(async (runs: string[], { output, holdout }: CalibrateFlags) => {
      const { runCalibrate } = await import('../make-twin.ts');
      await runCalibrate({ runs, output, holdout: holdout === undefined ? [] : levelsOf(holdout) });
    });
};
