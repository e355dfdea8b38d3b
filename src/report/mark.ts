import type { LevelReport, SweepReport } from '../analyze/report.ts';
import type { Style } from './style.ts';

/** Whether this is the level that the report recommends. */
export const isBest = ({ level }: LevelReport, { sweetSpot }: SweepReport): boolean =>
  sweetSpot?.level === level;

/** The sign beside a level in tables and charts; empty for a level with nothing to say about. */
export const levelMark = (level: LevelReport, report: SweepReport, { symbols }: Style): string => {
  if (isBest(level, report)) return symbols.best;
  if (!level.admissible) return symbols.refused;
  return level.complete ? '' : symbols.partial;
};

/** What the signs of this report mean, unpainted; empty if there are none. */
export const legend = (report: SweepReport, { symbols }: Style): string => {
  const { levels } = report;
  const entries = [
    levels.some((level) => isBest(level, report)) ? `${symbols.best} sweet spot` : '',
    levels.some((level) => !level.admissible) ? `${symbols.refused} not recommended` : '',
    levels.some((level) => !level.complete && level.admissible && !isBest(level, report))
      ? `${symbols.partial} cut short`
      : '',
  ];
  return entries.filter(Boolean).join('   ');
};
