import type { Command } from 'commander';
import { UsageError } from '../../core/errors.ts';
import { BASELINE_DIR } from '../../store/baseline.ts';

interface BaselineFlags {
  readonly baselines: string;
}

/** `bench baseline …`: the runs that later ones are compared with, kept as small files to commit. */
export const addBaseline = (program: Command): void => {
  const group = program
    .command('baseline')
    .description('keep a run as a small file to commit, and to compare later runs with')
    .addHelpText(
      'after',
      `
Nothing else ever writes a baseline. A simulated run makes the best one: it is compared exactly, on any machine.

Examples:
  bench baseline save main results/latest
  bench baseline list
  bench compare main results/latest`,
    );
  const add = (words: string, description: string) =>
    group
      .command(words)
      .description(description)
      .option('--baselines <dir>', 'where baselines are kept', BASELINE_DIR);
  add('save <name> [run]', 'keep a run (results/latest unless another is named) under this name').action(
    async (name: string, run: string | undefined, { baselines }: BaselineFlags) => {
      const { openCompared } = await import('../compared-source.ts');
      const { saveBaseline } = await import('../../store/baseline.ts');
      const source = await openCompared(run ?? 'results/latest', baselines);
      if (source.run.scopes.every(({ level }) => level === null))
        throw new UsageError(
          `${source.name} has no level that was measured to its end and not bounded by the measuring machine, so that nothing could be compared with it`,
          'Keep a run that is complete: bench report says what was wrong with this one.',
        );
      const path = await saveBaseline(baselines, name, source.run);
      const kind = source.run.exact
        ? 'exact'
        : 'in real time, which only tells as much as the machine it came from';
      process.stderr.write(`${source.name} → ${path} (${kind})\n`);
    },
  );
  add('list', 'name the baselines there are').action(async ({ baselines }: BaselineFlags) => {
    const { listBaselines, readBaseline } = await import('../../store/baseline.ts');
    const names = await listBaselines(baselines);
    if (names.length === 0) process.stderr.write(`no baselines in ${baselines}\n`);
    for (const name of names) {
      const { exact, conditions } = await readBaseline(baselines, name);
      const kind = exact ? 'simulated' : 'real time';
      process.stdout.write(
        `${name}\t${kind}\t${conditions['scenario'] ?? ''}\tat ${conditions['levels'] ?? ''}\n`,
      );
    }
  });
  add('show <name>', 'print a baseline').action(async (name: string, { baselines }: BaselineFlags) => {
    const { baselineText, readBaseline } = await import('../../store/baseline.ts');
    process.stdout.write(baselineText(await readBaseline(baselines, name)));
  });
  add('rm <name>', 'delete a baseline').action(async (name: string, { baselines }: BaselineFlags) => {
    const { removeBaseline } = await import('../../store/baseline.ts');
    await removeBaseline(baselines, name);
  });
};
