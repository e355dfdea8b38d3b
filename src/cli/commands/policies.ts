import type { Command } from 'commander';
import { collect } from '../../config/collect.ts';
import { POLICIES_OPTIONS, type PoliciesOptions } from '../../config/policies-options.ts';

/** `bench policies`: several policies on the same load. */
export const addPolicies = (program: Command): void => {
  const command = program
    .command('policies')
    .description('compare ways to limit, pace and retry on the same load against the mock');
  for (const { flag, help, fallbackText } of Object.values(POLICIES_OPTIONS)) {
    command.option(flag, fallbackText === undefined ? help : `${help} (default: ${fallbackText})`);
  }
  command
    .addHelpText(
      'after',
      `
Each policy gets the same seeds and a mock with fresh buckets. The recommended one runs twice more, told a limit that is
half too high and half too low. Records and the comparison are kept in a folder of results.

Examples:
  bench policies --simulate                                 the default set, in seconds
  bench policies --simulate --profile rejects-drain         where refused calls use the limit up
  bench policies --set recommended,sdk-default --level 30   two of them over sockets
  bench policies --set guides --simulate --json | jq .use
  bench policies --list                                     what ships`,
    )
    .action(async (flags: Record<string, string | boolean>) => {
      const options = collect(POLICIES_OPTIONS, {
        flags,
        env: process.env,
        file: undefined,
      }) as PoliciesOptions;
      const { comparePoliciesCommand, listPolicies } = await import('../policies.ts');
      if (options.list) listPolicies(options.json);
      else process.exitCode = await comparePoliciesCommand(options);
    });
};
