import { limitWords } from '../analyze/limits.ts';
import type { Meta, SweepReport, Warning } from '../analyze/report.ts';
import type { SweetSpot } from '../analyze/verdict.ts';
import { formatPercent } from '../core/units.ts';
import { higherSearch, sweepCommand } from './follow-up.ts';
import { isSearch } from './shown-throughput.ts';
import { USED } from './verdict.ts';

/** Options that a search refuses, as a text ends with them. */
const REFUSED =
  /--(?:levels|requests|duration|precision|repeat|ramp|arrival|rate|burstiness|stages|trace|max-in-flight) .*?(?=\.?$)/;

/** Where nothing says how many requests, or items of a workflow, are enough: times those there were. */
const MORE = 2;

/** The levels that an answer hangs on, as `--levels` takes them; all of them where there is no answer, and none where none was measured. */
export const tellingLevels = ({ sweetSpot, levels }: Pick<SweepReport, 'sweetSpot' | 'levels'>): string => {
  const those = sweetSpot
    ? [sweetSpot.level, ...(sweetSpot.interval?.levels ?? []), sweetSpot.nextLevel ?? sweetSpot.level]
    : levels.map(({ level }) => level);
  return [...new Set(those)].toSorted((a, b) => a - b).join(',');
};

/** A text that ends with options of a sweep, with the whole command in their place. */
const asCommand = (text: string, meta: Meta): string => {
  const options = REFUSED.exec(text);
  return options ? text.slice(0, options.index) + sweepCommand(meta, options[0]) : text;
};

/** Of a level that failed otherwise: more of the same would tell nothing that matters. */
const NOTHING_RESTS = 'No recommendation rests on it.';

const wholeHint = ({ hint, level }: Warning, report: SweepReport): string => {
  const { meta, levels } = report;
  const measured = levels.find((each) => each.level === level);
  const points = level ?? tellingLevels(report);
  const sweepOf = (requests: string) =>
    sweepCommand(meta, `${points === '' ? '' : `--levels ${points} `}${requests}`);
  const enough = /^Use (--requests \d+)(?: or more)?\.$/.exec(hint)?.[1];
  if (enough && measured && !measured.admissible) return NOTHING_RESTS;
  if (enough) return `To have enough: ${sweepOf(enough)}`;
  const cause = /^(.*): use more --requests\.$/.exec(hint)?.[1];
  if (cause === undefined) return asCommand(hint, meta);
  const those = measured?.items?.counts.items ?? measured?.counts.requests ?? 0;
  return `${cause}. To measure more of them: ${sweepOf(`--requests ${MORE * Math.max(1, those)}`)}`;
};

/** The highest level that a search might try. */
const highestOf = ({ search }: Meta): number => Number(/\bup to (\d+)/.exec(String(search))?.[1] ?? Infinity);

/** Why a search ended with its first look: where a told limit is used up, there is nothing above to try. */
const filled = ({ level, reason, limits }: SweetSpot): string | undefined => {
  const limit = limits.find(({ binding }) => binding);
  const { used } = limit ?? {};
  if (reason !== 'only-level' || !limit || !used || used < USED) return undefined;
  const share = used >= 1 ? 'all' : formatPercent(used);
  return `${level}: it is the only level tested, and leaves no room for more: it uses ${share} of the limit of ${limitWords(limit)}`;
};

const wholeBecause = (spot: SweetSpot, report: SweepReport): string => {
  const { meta, levels } = report;
  const { because } = spot;
  const end = filled(spot);
  if (end !== undefined) return end;
  const doubt = / more requests, or (--repeat \d+), would tell$/.exec(because);
  if (doubt) {
    const command = sweepCommand(meta, `--levels ${tellingLevels(report)} ${doubt[1]}`);
    return `${because.slice(0, doubt.index)} more requests would tell, or repeats: ${command}`;
  }
  const higher = /(?<=Next: )--levels (?:\d+,)*(\d+)$/.exec(because);
  // What ended it was its own bound.
  if (higher && Math.max(...levels.map(({ level }) => level)) >= highestOf(meta))
    return because.slice(0, higher.index) + higherSearch(meta, Number(higher[1]));
  return asCommand(because, meta);
};

/** The report of a search with advice that can be followed: a search refuses most options of a sweep, so that each stands in a command that takes it. Any other report as it is. */
export const withWholeCommands = (report: SweepReport): SweepReport => {
  if (!isSearch(report)) return report;
  const { sweetSpot, warnings } = report;
  return {
    ...report,
    sweetSpot: sweetSpot && { ...sweetSpot, because: wholeBecause(sweetSpot, report) },
    warnings: warnings.map((warning) => ({ ...warning, hint: wholeHint(warning, report) })),
  };
};
