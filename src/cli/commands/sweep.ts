import type { Command } from 'commander';
import { readConfigFile } from '../../config/file.ts';
import { SWEEP_OPTIONS, type SweepOptionKey } from '../../config/options.ts';
import { sweepOptions } from '../../config/sweep-options.ts';
import { addOptions } from '../add-options.ts';

/** What the command line says, by option. */
export type SweepFlags = { config?: string } & Record<string, string | boolean | string[]>;

/** Runs a sweep as told by flags, environment and configuration file. */
export const runSweep = async ({ config, ...flags }: SweepFlags): Promise<void> => {
  const file = await readConfigFile(config);
  const options = sweepOptions({ flags, env: process.env, file });
  const [{ resolveSweep }, { sweep }] = await Promise.all([
    import('../../config/resolve.ts'),
    import('../sweep.ts'),
  ]);
  const settings = await resolveSweep(options, process.env);
  process.exitCode = await sweep(settings);
};

/** Adds a command that takes all options of a sweep; its help leaves `unlisted` out. */
export const addSweepCommand = (
  program: Command,
  name: string,
  description: string,
  unlisted: readonly SweepOptionKey[] = [],
): Command =>
  addOptions(
    program
      .command(name)
      .description(description)
      .option(
        '--config <file>',
        'options from a file (default: bench.config.ts, .js or .json in this directory)',
      ),
    SWEEP_OPTIONS,
    unlisted,
  );

/** `bench sweep`: the main job. */
export const addSweep = (program: Command): void => {
  addSweepCommand(
    program,
    'sweep',
    'measure a workload at several concurrency levels and find the sweet spot',
  )
    .addHelpText(
      'after',
      `
Every option can also stand in the configuration file ({ "levels": [1, 5, 10] }) or in the environment (BENCH_LEVELS=1,5,10);
a flag wins over the environment, the environment over the file. Times take a unit: 500ms, 30s, 2m.

Examples:
  bench sweep                                              500 short calls on the embedded mock
  bench sweep --levels 10,20,30 --speed 1                  the same in real time
  bench sweep --auto                                       search for the levels too
  bench sweep --slo "p95<6s"                               judge by what is answered in time
  bench sweep --levels 1,2,4 --scenario summarize-200 --requests 20
  bench sweep --target anthropic --model claude-haiku-4-5 --levels 1,5 --requests 20
  bench sweep --target openai --base-url http://127.0.0.1:8000/v1 --model mine --levels 1,8,32
  bench sweep --levels 10..30:5 --precision 5% --repeat 3  each level as long as it takes, three times
  bench sweep --rate 2,4,6 --requests 500                  open loop: independent users, at three rates
  bench sweep --json --quiet | jq .sweetSpot.level`,
    )
    .action(runSweep);
};
