import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { BenchError, EXIT } from '../core/errors.ts';
import { wrap } from '../report/wrap.ts';
import { version } from './version.ts';

enableCompileCache(); // in the system's folder for temporary files; NODE_DISABLE_COMPILE_CACHE=1 turns it off

/** Commands by name, in the order of the help. Each loads what it needs: all of them together would be most of a short run. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  sweep: async () => {
    const { addSweep } = await import('./commands/sweep.ts');
    return addSweep;
  },
  find: async () => {
    const { addFind } = await import('./commands/find.ts');
    return addFind;
  },
  batch: async () => {
    const { addBatch } = await import('./commands/batch.ts');
    return addBatch;
  },
  policies: async () => {
    const { addPolicies } = await import('./commands/policies.ts');
    return addPolicies;
  },
  doctor: async () => {
    const { addDoctor } = await import('./commands/doctor.ts');
    return addDoctor;
  },
  calibrate: async () => {
    const { addCalibrate } = await import('./commands/calibrate.ts');
    return addCalibrate;
  },
  plan: async () => {
    const { addPlan } = await import('./commands/plan.ts');
    return addPlan;
  },
  report: async () => {
    const { addReport } = await import('./commands/report.ts');
    return addReport;
  },
  history: async () => {
    const { addHistory } = await import('./commands/history.ts');
    return addHistory;
  },
  compare: async () => {
    const { addCompare } = await import('./commands/compare.ts');
    return addCompare;
  },
  ab: async () => {
    const { addAb } = await import('./commands/ab.ts');
    return addAb;
  },
  baseline: async () => {
    const { addBaseline } = await import('./commands/baseline.ts');
    return addBaseline;
  },
  scenarios: async () => {
    const { addScenarios } = await import('./commands/scenarios.ts');
    return addScenarios;
  },
  init: async () => {
    const { addInit } = await import('./commands/init.ts');
    return addInit;
  },
  claims: async () => {
    const { addClaims } = await import('./commands/claims.ts');
    return addClaims;
  },
  mock: async () => {
    const { addMock } = await import('./commands/mock.ts');
    return addMock;
  },
};

/** The one command that is called, or all if the first word names none: help, a mistake, an option of `bench` itself. */
const called = (first: string | undefined) => {
  const load = first === undefined || !Object.hasOwn(COMMANDS, first) ? undefined : COMMANDS[first];
  return load ? [load] : Object.values(COMMANDS);
};

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

for (const add of await Promise.all(called(process.argv[2]).map((load) => load()))) add(program);
const withSubcommands = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];
for (const command of withSubcommands(program)) {
  command.exitOverride().configureOutput({ writeErr: () => {} }); // errors are printed once, below
}

/** A text to stderr, a line of its own; broken between words where a person reads it. */
const tell = (text: string): void => {
  const { isTTY, columns = 80 } = process.stderr;
  const lines = isTTY ? wrap(text, columns, INDENT) : [text];
  process.stderr.write(`${lines.join('\n')}\n`);
};

/** What follows `bench: ` stands below it. */
const INDENT = 7;

/** Prints what went wrong for the person at the terminal; a stack only for bugs. */
const explain = (error: unknown): number => {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    if (error.code === 'commander.help') process.stderr.write(`${program.helpInformation()}\n`);
    else tell(`bench: ${error.message.replace(/^error: /, '')}`);
    return EXIT.usage;
  }
  if (error instanceof BenchError) {
    tell(`bench: ${error.message}`);
    if (error.hint) tell(`${' '.repeat(INDENT)}${error.hint}`);
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
