#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { BenchError, EXIT } from '../core/errors.ts';
import { addAb } from './commands/ab.ts';
import { addBaseline } from './commands/baseline.ts';
import { addBatch } from './commands/batch.ts';
import { addCalibrate } from './commands/calibrate.ts';
import { addClaims } from './commands/claims.ts';
import { addCompare } from './commands/compare.ts';
import { addDoctor } from './commands/doctor.ts';
import { addHistory } from './commands/history.ts';
import { addInit } from './commands/init.ts';
import { addMock } from './commands/mock.ts';
import { addPlan } from './commands/plan.ts';
import { addPolicies } from './commands/policies.ts';
import { addReport } from './commands/report.ts';
import { addScenarios } from './commands/scenarios.ts';
import { addFind, addSweep } from './commands/sweep.ts';
import { version } from './version.ts';

const program = new Command('bench')
  .description(
    'Find how many LLM calls to send at once: measures concurrency, rate limits and what retries cost.',
  )
  .version(version, '--version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .helpCommand('help [command]', 'print the help of a command')
  .showHelpAfterError(false)
  .addHelpText(
    'after',
    `
Examples:
  bench sweep --levels 1,5,10,20,30                       on the embedded mock: no key, no network
  bench sweep --target openai --model gpt-5-mini          a real endpoint (key from OPENAI_API_KEY)
  bench find                                              search for the level instead of trying a list
  bench report results/latest --open                      the same report again, as a page in the browser
  bench history                                           the trend of the stored runs
  bench batch --input docs.txt --system "Summarize."      the job itself, from a file to a file
  bench claims                                            what guides on concurrency say, measured
  bench compare main results/latest                       better or worse than a baseline?
  bench calibrate results/latest -o twin.json             a twin of the endpoint, to predict with
  bench plan --from results/latest --requests 1M/day      how many at once, which tier, what cost

Exit codes: 0 done, 1 internal error, 2 usage, 3 target unreachable or refused, 4 measurement invalid,
5 spending cap, 98 regression, 99 threshold missed, 130/143 interrupted (everything so far is saved).`,
  );

addSweep(program);
addFind(program);
addBatch(program);
addPolicies(program);
addDoctor(program);
addCalibrate(program);
addPlan(program);
addReport(program);
addHistory(program);
addCompare(program);
addAb(program);
addBaseline(program);
addScenarios(program);
addInit(program);
addClaims(program);
addMock(program);
const withSubcommands = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];
for (const command of withSubcommands(program)) {
  command.exitOverride().configureOutput({ writeErr: () => {} }); // errors are printed once, below
}

/** Prints what went wrong for the person at the terminal; a stack only for bugs. */
const explain = (error: unknown): number => {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (error.code === 'commander.help') process.stderr.write(`${program.helpInformation()}\n`);
    else process.stderr.write(`bench: ${error.message.replace(/^error: /, '')}\n`);
    return EXIT.usage;
  }
  if (error instanceof BenchError) {
    process.stderr.write(`bench: ${error.message}\n${error.hint ? `       ${error.hint}\n` : ''}`);
    return error.exitCode;
  }
  process.stderr.write(
    `bench: internal error, please report it: ${error instanceof Error ? error.stack : error}\n`,
  );
  return EXIT.internal;
};

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
