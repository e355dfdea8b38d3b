import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { oneOf } from '../../config/values.ts';
import { UsageError } from '../../core/errors.ts';
import { STARTERS } from '../starters.ts';

interface InitFlags {
  readonly format: string;
  readonly name: string;
  readonly force?: boolean;
}

/** `bench init`: a scenario to start from. */
export const addInit = (program: Command): void => {
  program
    .command('init')
    .description('write a commented scenario of your own to start from')
    .option('--format <name>', 'ts, js, yaml or json', 'ts')
    .option('--name <name>', 'name of the file, without its ending', 'my-scenario')
    .option('--force', 'overwrite a file that is there')
    .addHelpText(
      'after',
      `
Examples:
  bench init                                     my-scenario.ts
  bench init --format yaml --name tickets        tickets.yaml
  bench sweep --scenario ./my-scenario.ts --simulate`,
    )
    .action(async ({ format, name, force }: InitFlags) => {
      const kind = oneOf(['ts', 'js', 'yaml', 'json'])(format, '--format');
      const path = `${name}.${kind}`;
      await writeFile(path, STARTERS[kind], { flag: force ? 'w' : 'wx' }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST')
            throw new UsageError(
              `${path} is there already`,
              'Add --force to overwrite it, or name another with --name.',
            );
          throw new UsageError(`${path} cannot be written: ${error.message}`);
        },
      );
      process.stdout.write(
        `${path} is written. To see what it sends: bench scenarios --show ./${path}\nTo run it on the mock:  bench sweep --scenario ./${path} --simulate\n`,
      );
    });
};
