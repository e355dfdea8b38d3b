import { pointOption, pointText } from '../analyze/point.ts';
import type { LevelReport, SweepReport, Warning } from '../analyze/report.ts';
import { FAILURES, type FailureKind } from '../core/failure.ts';
import { formatPercent } from '../core/units.ts';
import { axisWords, loadOf } from './axis-words.ts';
import { sweepCommand } from './follow-up.ts';
import { isSearch } from './shown-throughput.ts';
import { failureCounts, groupByText, levelList, sentence } from './wording.ts';

/** The answer of a sweep in words, unpainted. */
export interface Verdict {
  /** `Sweet spot: 20 at once.` */
  readonly headline: string;
  /** One sentence. */
  readonly because: string;
  /** How to know better, where there is a way. */
  readonly next?: string;
}

/** What the report answers; that there is no answer, and why, is an answer too. */
export const verdict = (report: SweepReport): Verdict => {
  const { sweetSpot } = report;
  const { validity } = report;
  if (!sweetSpot) {
    const next = validity.hint ?? stated(report)?.hint;
    return {
      headline: validity.valid ? 'No sweet spot.' : 'No valid result.',
      because: sentence(validity.because ?? whyNone(report)),
      ...(next ? { next } : {}),
    };
  }
  const { level, because, nextLevel } = sweetSpot;
  const load = loadOf(report);
  const own = `${level}: `;
  const isWhole = statusNote(report) === undefined;
  const isNarrow = nextLevel === null || !isWhole || (isSearch(report) && !leavesGap(report));
  const next = isNarrow ? undefined : narrowing(level, nextLevel, report);
  return {
    headline: validity.valid
      ? `Sweet spot: ${pointText({ level, load })}.`
      : `Not a valid result; ${pointText({ level, load })} so far.`,
    because: sentence(because.startsWith(own) ? because.slice(own.length) : because),
    ...(validity.hint || next ? { next: validity.hint ?? next ?? '' } : {}),
  };
};

/** What the analysis says of there being no answer. */
const stated = ({ warnings }: SweepReport): Warning | undefined =>
  warnings.find(({ code }) => code === 'no-sweet-spot');

const whyNone = (report: SweepReport): string => {
  const said = stated(report);
  if (said) return said.message;
  const { levels } = report;
  if (levels.length === 0) return 'no level was measured';
  const reasons = groupByText(levels, ({ inadmissibleBecause }) => inadmissibleBecause).map(
    ([because, those]) => `at ${levelList(those.map(({ level }) => level))}, ${because}`,
  );
  return reasons.length > 0 ? reasons.slice(0, 3).join('; ') : 'no level has figures to judge by';
};

/** Of a level: so wide a gap above it a search leaves only if its budget ended. */
const WIDE = 0.15;
/** So much of a known limit leaves no room for anything above. */
export const USED = 0.8;

/** Whether a search, which looks where it is worth it, had to leave a gap between its answer and what was too much. */
const leavesGap = ({ sweetSpot, levels }: SweepReport): boolean => {
  if (!sweetSpot || sweetSpot.nextLevel === null) return false;
  const { level, nextLevel, limits } = sweetSpot;
  const next = levels.find((each) => each.level === nextLevel);
  const used = limits.find(({ binding }) => binding)?.used ?? 0;
  return (
    next?.inadmissibleBecause !== undefined && nextLevel - level > Math.max(1, WIDE * level) && used < USED
  );
};

const narrowing = (level: number, nextLevel: number, report: SweepReport): string | undefined => {
  const load = loadOf(report);
  const points = [1 / 3, 2 / 3].map((share) => level + (nextLevel - level) * share);
  const between =
    load === 'open' ? points.map((point) => Number(point.toPrecision(3))) : points.map(Math.round);
  const levels = [...new Set([level, ...between, nextLevel])];
  const options = `${pointOption({ load })} ${levels.join(',')}`;
  const command = isSearch(report) ? sweepCommand(report.meta, options) : options;
  return load === 'open' || nextLevel - level > 1
    ? `Nothing between ${level} and ${nextLevel} was tested. To narrow it down: ${command}`
    : undefined;
};

const ENDINGS: Readonly<Record<string, string>> = {
  failed: 'failed before its end',
  interrupted: 'was interrupted before its end',
  running: 'had not ended yet when this was written',
};

/** That the run did not end by itself, and what that means for the figures; `undefined` if it did. */
export const statusNote = ({ meta, levels }: SweepReport): string | undefined => {
  const status = meta['status'];
  if (status === undefined || status === 'complete') return undefined;
  const whole = levels.filter(({ complete }) => complete).length;
  const cut = levels.filter(({ complete }) => !complete).map(({ level }) => level);
  const measured = `${whole} ${whole === 1 ? 'level is' : 'levels are'} complete`;
  const partial = cut.length > 0 ? `, ${levelList(cut)} was cut short` : '';
  return `This run ${ENDINGS[String(status)] ?? 'did not finish'}: ${measured}${partial}.`;
};

const ended = ({ counts }: LevelReport): number => counts.ok + counts.failed + counts.dropped;

/** That most requests failed somewhere, with the cure where one is known; `undefined` if that is not so. */
export const collapseNote = ({ levels }: SweepReport): string | undefined => {
  const collapsed = levels.filter((level) => level.counts.failed > ended(level) / 2);
  const worst = collapsed.toSorted((a, b) => b.counts.failed / ended(b) - a.counts.failed / ended(a))[0];
  if (!worst) return undefined;
  const [commonest] = (Object.entries(worst.failures) as [FailureKind, number][]).toSorted(
    ([, a], [, b]) => b - a,
  );
  const hint = commonest ? FAILURES[commonest[0]].hint : undefined;
  const share = formatPercent(worst.counts.failed / ended(worst));
  const causes = failureCounts(worst.failures);
  return [
    `Most requests failed at ${levelList(collapsed.map(({ level }) => level))} ${axisWords({ levels }).at}:`,
    `${share} at ${worst.level}${causes ? `, ${causes}` : ''}.`,
    ...(hint ? [hint] : []),
  ].join(' ');
};
