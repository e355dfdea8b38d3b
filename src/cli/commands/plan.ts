import type { Command } from 'commander';
import { collect } from '../../config/collect.ts';
import { PLAN_OPTIONS, type PlanOptions } from '../../config/plan-options.ts';
import { addOptions } from '../add-options.ts';

/** `bench plan`: the capacity planning report. */
export const addPlan = (program: Command): void => {
  const command = program
    .command('plan')
    .description('plan capacity: how many at once, which tier, how long, what cost')
    .argument('[file]', 'a file of these options by key (YAML or JSON), for example plan.yaml');
  addOptions(command, PLAN_OPTIONS)
    .addHelpText(
      'after',
      `
Whatever is neither given nor measured is assumed, and the plan says so beside each number.

Examples:
  bench plan --requests 100k/day --input-tokens 1200 --output-tokens 300 --latency 3.84s --tier anthropic
  bench plan --requests 20k --deadline 2h --tier anthropic-tier-2 --price 3,15
  bench plan --from results/latest --requests 1M/day --growth 10%/month --out plan.html
  bench plan plan.yaml --format markdown`,
    )
    .action(async (path: string | undefined, flags: Record<string, string>) => {
      const [{ readPlanFile }, { runPlan }] = await Promise.all([
        import('../../config/plan-file.ts'),
        import('../plan.ts'),
      ]);
      const file = path === undefined ? undefined : await readPlanFile(path);
      // BENCH_ variables are those of a sweep: BENCH_REQUESTS there is not this one.
      await runPlan(collect(PLAN_OPTIONS, { flags, env: {}, file }) as PlanOptions);
    });
};
