import { join } from 'node:path';
import type { Comparison } from '../analyze/compare.ts';
import { conditionDifferences } from '../analyze/compare-conditions.ts';
import { comparePairs, type DueRun, PAIR_DEFAULTS, type PairedComparison } from '../analyze/compare-pairs.ts';
import { type ComparedRun, comparedRun } from '../analyze/compare-run.ts';
import { type AbCommand, type AbOptions, abCommands } from '../config/ab-options.ts';
import { collect } from '../config/collect.ts';
import { readConfigFile } from '../config/file.ts';
import { SWEEP_OPTIONS, type SweepOptions } from '../config/options.ts';
import { resolveSweep } from '../config/resolve.ts';
import { SystemClock } from '../core/clock.ts';
import { EXIT, type ExitCode, UsageError } from '../core/errors.ts';
import { formatInstant } from '../core/instant.ts';
import { RunStop } from '../run/run-stop.ts';
import { createRunDir, runName, writeWhole } from '../store/run-dir.ts';
import { exitCodeOf, printComparison } from './comparison-output.ts';
import { isHostBusy } from './host-idle.ts';
import { refuseDifferences } from './refuse-differences.ts';
import { commandText, runCommand } from './run-command.ts';
import { stopOnSignal } from './signals.ts';
import { openRun } from './stored-run.ts';

/** Without these alike, figures of two sides mean different things; in all else they may differ, for that is what is compared. */
const ALIKE = new Set(['scenario', 'levels', 'measured', 'speed', 'simulated', 'seed', 'load']);

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const notesOf = (result: PairedComparison): readonly string[] => [
  ...(result.comparison.method === 'exact'
    ? ['Simulated runs repeat exactly, so that one pair says all.']
    : [`${plural(result.pairs, 'pair')}, interleaved, each with a seed of its own.`]),
  ...(result.confirmingPairs > 0
    ? [
        `What seemed to have changed was measured again in ${plural(result.confirmingPairs, 'fresh pair')}; the changes told are those of the fresh ones.`,
      ]
    : []),
  ...(result.repeated > 0
    ? [`${plural(result.repeated, 'pair')} taken again because the machine was busy.`]
    : []),
  ...(result.busy > 0
    ? [`The machine was busy in ${plural(result.busy, 'pair')} that had to be kept: expect wider intervals.`]
    : []),
  ...(result.complete ? [] : ['It was stopped before it was done.']),
];

const fileOf = ({ pair, side, confirming }: DueRun): string =>
  `pair-${String(pair).padStart(2, '0')}-${side === 'base' ? 'base' : 'new'}${confirming ? '-confirming' : ''}.json`;

const levelsOf = ({ scopes }: ComparedRun): readonly (number | null)[] => scopes.map(({ level }) => level);

/** Whether one of two runs has measured all levels that the other has. */
const isPartOf = (a: ComparedRun, b: ComparedRun): boolean =>
  levelsOf(a).every((level) => levelsOf(b).includes(level));

/** Throws `UsageError` for a configuration file that a sweep would refuse, before the other side has measured anything. */
const checkConfig = async (command: AbCommand): Promise<void> => {
  if ('line' in command) return;
  const file = await readConfigFile(command.config);
  const given = collect(SWEEP_OPTIONS, { flags: {}, env: process.env, file }) as SweepOptions;
  await resolveSweep(given, process.env);
};

/** Runs both sides in turn until it is clear whether one is better; the result is the exit code. */
export const ab = async (options: AbOptions, output: string | undefined): Promise<ExitCode> => {
  const commands = abCommands(options);
  await checkConfig(commands.base);
  await checkConfig(commands.next);
  const clock = new SystemClock();
  const stop = new RunStop();
  const say = (text: string) => {
    if (!options.quiet) process.stderr.write(`${text}\n`);
  };
  const dir = await createRunDir(options.out, runName(formatInstant(clock.epoch), 'ab'));
  const release = stopOnSignal(stop, say);
  let isBusyNow: boolean | undefined;
  const take = async (due: DueRun) => {
    const { side, pair, seed, confirming } = due;
    // The end of one run is the beginning of the next: three looks at the machine per pair.
    const before = isBusyNow ?? (await isHostBusy(clock, stop.signal));
    const from = clock.now();
    const text = await runCommand(commands[side], {
      clock,
      timeout: options.timeout,
      env: { BENCH_SEED: String(seed), BENCH_JSON: 'true', BENCH_QUIET: 'true' },
      signal: stop.signal,
      out: join(dir, 'runs'),
    });
    const path = join(dir, fileOf(due));
    await writeWhole(path, text);
    const { report } = await openRun(path, false).catch((error: unknown) => {
      throw error instanceof UsageError
        ? new UsageError(
            `"${commandText(commands[side])}" printed no report: ${error.message}`,
            'It has to print the report of a sweep and nothing else: bench sweep --json --quiet.',
          )
        : error;
    });
    isBusyNow = await isHostBusy(clock, stop.signal);
    const busy = before || isBusyNow || !report.validity.valid;
    const which = `${confirming ? 'confirming ' : ''}pair ${pair}, ${side === 'base' ? 'base' : 'new'}`;
    say(`${which}: ${((clock.now() - from) / 1000).toFixed(1)} s${busy ? ' (machine busy)' : ''}`);
    return { run: comparedRun(report), busy };
  };
  const pairing = {
    ...PAIR_DEFAULTS,
    threshold: options.threshold,
    minPairs: options.minPairs,
    maxPairs: options.maxPairs,
    seed: options.seed,
    check: (base: ComparedRun, next: ComparedRun, isBusy: boolean) => {
      if (options.force) return;
      const differences = conditionDifferences(base, next).filter(({ condition }) => ALIKE.has(condition));
      // Levels that this machine bounded are left out of one run or the other: that says nothing of what was asked for.
      const mayLack = isBusy && !base.exact && (isPartOf(base, next) || isPartOf(next, base));
      refuseDifferences(differences.filter(({ condition }) => !(mayLack && condition === 'levels')));
    },
  };
  try {
    say(`base: ${commandText(commands.base)}\nnew:  ${commandText(commands.next)}`);
    const result = await comparePairs(pairing, take, stop.signal);
    const comparison: Comparison = { ...result.comparison, notes: notesOf(result) };
    await writeWhole(join(dir, 'comparison.json'), `${JSON.stringify(comparison, null, 2)}\n`);
    const names = { base: commandText(commands.base), next: commandText(commands.next) };
    await printComparison(comparison, names, options, output);
    say(`\nall pairs are in ${dir}`);
    return result.complete ? exitCodeOf(comparison, options) : (stop.reason?.exitCode ?? EXIT.interrupted);
  } finally {
    release();
  }
};
