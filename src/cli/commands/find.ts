import type { Command } from 'commander';
import { DECIDED_BY_SEARCH } from '../../config/decided-by-search.ts';
import { addSweepCommand, runSweep, type SweepFlags } from './sweep.ts';

/** `bench find`: `bench sweep --auto` under a name of its own. */
export const addFind = (program: Command): void => {
  addSweepCommand(
    program,
    'find',
    'search for the sweet spot, level by level (the same as bench sweep --auto)',
    ['auto', ...DECIDED_BY_SEARCH],
  )
    .addHelpText(
      'after',
      `
A first look at 4 at once; then, if the endpoint's headers tell its limit, a few probes about it, and the end if it holds
what it tells; else doubling until a level is not to be recommended or gains nothing, bisection, and the answer once more:
for up to 90 s, as far as the budget allows. Ends with the report of a sweep.

Examples:
  bench find                                               on the embedded mock
  bench find --max-level 32 --budget 10m                   a bound on the load, and on the time
  bench find --target openai --model gpt-5-mini --budget 500
  bench find --slo "p95<6s"                                only what is answered in time counts`,
    )
    .action((flags: SweepFlags) => runSweep({ ...flags, auto: true }));
};
