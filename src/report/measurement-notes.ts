import { pointText } from '../analyze/point.ts';
import type { SweepReport } from '../analyze/report.ts';
import { formatDuration, formatNumber } from '../core/units.ts';
import { loadOf } from './axis-words.ts';
import { cooldownNotes, type Note, referenceNote } from './notes.ts';

/** The bucket that a level emptied: what it let through until then, and after. */
const bucketNotes = ({ levels }: SweepReport): readonly Note[] =>
  levels.flatMap(({ level, load, burst }) => {
    const { first429AfterMs, limitedPerSecond, bucketAttempts, perSecond } = burst;
    const holder = burst.countsByWindows || burst.sawOneSilence ? 'a window holds' : 'the bucket held';
    if (first429AfterMs === null || limitedPerSecond === null || bucketAttempts === null) return [];
    // How much others had used of it, and how long it lasts, the level alone does not tell.
    if (burst.onlyWindow)
      return [
        {
          text: `At ${pointText({ level, load })} the first 429 came after ${formatDuration(first429AfterMs)}: until then ${formatNumber(perSecond)} attempts/s were let in. A window was used up once, and what was left of it held ${burst.onlyWindow.attempts.toLocaleString('en-US')} attempts.`,
        },
      ];
    return [
      {
        text: `At ${pointText({ level, load })} the first 429 came after ${formatDuration(first429AfterMs)}: until then ${formatNumber(perSecond)} attempts/s were let in, later ${formatNumber(limitedPerSecond)}/s; ${holder} about ${formatNumber(bucketAttempts)}.`,
      },
    ];
  });

/** How the figures were made: once for all levels, since the formulas are the same. */
const methodNote = ({ levels }: SweepReport): Note | undefined => {
  const known = levels.flatMap(({ steady }) => steady ?? []);
  if (known.length === 0) return undefined;
  const warmups = known.map(({ warmupMs }) => warmupMs);
  const [shortest, longest] = [Math.min(...warmups), Math.max(...warmups)].map(formatDuration);
  const left = shortest === longest ? longest : `${shortest} to ${longest}`;
  const how =
    loadOf({ levels }) === 'open'
      ? 'successes that ended in the window ÷ its length'
      : 'calls in flight ÷ mean cycle';
  return {
    text: `Wall-clock and throughput are of the whole batch; steady is ${how}, without the warm-up (${left} at the start) and the drain; its error is half the 95 % interval. Formulas: docs/metrics.md`,
  };
};

/** How the levels were measured, and what met them. */
export const measurementNotes = (report: SweepReport): readonly Note[] => {
  const reference = referenceNote(report);
  const method = methodNote(report);
  return [
    ...bucketNotes(report),
    ...cooldownNotes(report),
    ...(reference ? [reference] : []),
    ...(method ? [method] : []),
  ];
};
