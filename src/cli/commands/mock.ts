import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { MOCK_NODE_FLAGS, mockEntry } from '../mock-process.ts';

/** `bench mock`: the mock server alone, for any client. Its options are its own: they are handed through as they are. */
export const addMock = (program: Command): void => {
  program
    .command('mock')
    .description('run the mock server alone and print its URL')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[options...]', 'options of the mock server: see bench mock --help')
    .action(async (_options: string[], _flags: unknown, command: Command) => {
      const child = spawn(process.execPath, [...MOCK_NODE_FLAGS, mockEntry, ...command.args], {
        stdio: 'inherit',
      });
      // The terminal sends Ctrl-C to both; a signal sent to this process alone is passed on.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => {
          if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
        });
      }
      const [code] = await once(child, 'exit');
      process.exitCode = code ?? 1;
    });
};
