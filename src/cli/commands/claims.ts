import type { Command } from 'commander';
import { factor, oneOf, whole } from '../../config/values.ts';

interface ClaimsFlags {
  readonly guide?: string;
  readonly speed?: string;
  readonly seed: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** `bench claims`: what the guides say against what is measured. */
export const addClaims = (program: Command): void => {
  program
    .command('claims')
    .description('measure every figure of the guides on the mock, and say which hold')
    .option('--guide <name>', 'one guide only: G0, G1, G2, G3')
    .option(
      '--speed <factor>',
      'through the OpenAI SDK over sockets, so many times faster (default: in simulated time)',
    )
    .option('--seed <n>', 'seed of all chance', '1')
    .option('--json', 'print the results as JSON')
    .option('--markdown', 'print the results as Markdown')
    .addHelpText(
      'after',
      `
A claim is reproduced if the measurement lies within 5 % of it, or in the range it names. A guide contradicts itself if
it states the premise too. The exit code says only whether the measuring worked.

Examples:
  bench claims
  bench claims --guide G1 --markdown
  bench claims --guide G0 --speed 200`,
    )
    .action(async ({ guide, speed, seed, json, markdown }: ClaimsFlags) => {
      const { printClaims } = await import('../print-claims.ts');
      await printClaims({
        guide: guide === undefined ? undefined : oneOf(['G0', 'G1', 'G2', 'G3'])(guide, '--guide'),
        speed: speed === undefined ? undefined : factor(1000, '100')(speed, '--speed'),
        seed: whole(0, '7')(seed, '--seed'),
        form: json ? 'json' : markdown ? 'markdown' : 'terminal',
      });
    });
};
