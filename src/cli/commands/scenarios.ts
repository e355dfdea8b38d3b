import type { Command } from 'commander';
import { SCENARIOS } from '../../../scenarios/index.ts';

/** `bench scenarios`: what ships. */
export const addScenarios = (program: Command): void => {
  program
    .command('scenarios')
    .description('list the workloads that ship')
    .option('--json', 'print the list as JSON')
    .action(({ json }: { json?: boolean }) => {
      const list = SCENARIOS.map(({ name, description, requests }) => ({ name, requests, description }));
      if (json) {
        process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
        return;
      }
      const width = Math.max(...list.map(({ name }) => name.length));
      for (const { name, requests, description } of list) {
        process.stdout.write(
          `${name.padEnd(width)}  ${String(requests).padStart(5)} requests  ${description}\n`,
        );
      }
      process.stdout.write('\nYour own: bench sweep --scenario ./mine.ts (or .js, .json)\n');
    });
};
