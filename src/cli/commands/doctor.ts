import type { Command } from 'commander';

/** `bench doctor`: what the harness itself costs on this machine. */
export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('measure what the harness itself costs here, and which --speed is safe')
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      `
All times are real. Nothing but the embedded mock is called.

Examples:
  bench doctor
  bench doctor --json | jq .safeSpeed`,
    )
    .action(async ({ json = false }: { json?: boolean }) => {
      const { doctor } = await import('../doctor.ts');
      await doctor(json);
    });
};
