import type { Command } from 'commander';
import { SCENARIOS } from '../../../scenarios/index.ts';
import { batchSize, batchUnit } from '../../workload/scenario.ts';

interface ScenariosFlags {
  readonly json?: boolean;
  readonly show?: string;
  readonly seed: string;
}

/** `bench scenarios`: what ships, and what a scenario sends. */
export const addScenarios = (program: Command): void => {
  program
    .command('scenarios')
    .description('list the workloads that ship, or show what one of them sends')
    .option('--show <name|file>', 'print the first calls of a scenario and an estimate of its tokens')
    .option('--seed <n>', 'seed of all chance in what --show prints', '1')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Examples:
  bench scenarios
  bench scenarios --show article-chain
  bench scenarios --show ./mine.yaml --json | jq .calls[0]`,
    )
    .action(async ({ json, show, seed }: ScenariosFlags) => {
      if (show !== undefined) {
        const { showScenario } = await import('../show-scenario.ts');
        await showScenario(show, { seed, json: json === true });
        return;
      }
      const list = SCENARIOS.map((scenario) => ({
        name: scenario.name,
        [batchUnit(scenario)]: batchSize(scenario),
        description: scenario.description,
      }));
      if (json) {
        process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
        return;
      }
      const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
      for (const scenario of SCENARIOS) {
        const amount = `${String(batchSize(scenario)).padStart(6)} ${batchUnit(scenario).padEnd(8)}`;
        process.stdout.write(`${scenario.name.padEnd(width)}  ${amount}  ${scenario.description}\n`);
      }
      process.stdout.write(
        '\nYour own: bench init writes a starter, bench sweep --scenario ./mine.ts runs it.\n',
      );
    });
};
