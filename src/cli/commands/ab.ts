import type { Command } from 'commander';
import { AB_OPTIONS, type AbOptions } from '../../config/ab-options.ts';
import { collect } from '../../config/collect.ts';
import { addOptions } from '../add-options.ts';

/** `bench ab`: two versions of anything, measured in turn. */
export const addAb = (program: Command): void => {
  const command = program
    .command('ab')
    .description('measure two versions in turn until it is clear whether one is better');
  addOptions(command, AB_OPTIONS)
    .option('--output <file>', 'write the result to this file')
    .addHelpText(
      'after',
      `
Runs base, new, new, base, base, new … on this machine, both of a pair with the same seed (BENCH_SEED), so that whatever else
happens meanwhile happens to both. After 8, 12, 16, 20, 25 and 30 pairs it is looked whether the answer is clear; on a noisy machine
it goes on, to at most 120, where that can still show something (--max-pairs 30 does not). What seems to have changed has to show
again in fresh pairs, which come on top; if it does not, one more suspicion is followed. Pairs taken while the machine was busy are taken again. Two simulations need one pair.

Ends with 98 if something regressed; with --strict also if the result is inconclusive.

Examples:
  bench ab --base 'npx bench sweep --levels 20' --new 'npx bench sweep --levels 20 --client http'
  bench ab --base '../main/node_modules/.bin/bench sweep --levels 5,20' --new 'npx bench sweep --levels 5,20'
  bench ab --base-config a.json --new-config b.json --format markdown`,
    )
    .action(async (flags: Record<string, string | boolean>) => {
      const { output, ...given } = flags;
      const options = collect(AB_OPTIONS, { flags: given, env: process.env, file: undefined }) as AbOptions;
      const { ab } = await import('../ab.ts');
      process.exitCode = await ab(options, output === undefined ? undefined : String(output));
    });
};
