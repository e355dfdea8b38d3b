import type { LevelSummary } from '../measure/level-summary.ts';

/** A point of the sweep's axis in words: `20 at once`, or `6 requests/s` in an open loop. */
export const pointText = ({ level, load }: Pick<LevelSummary, 'level' | 'load'>): string =>
  load === 'open' ? `${level} ${level === 1 ? 'request' : 'requests'}/s` : `${level} at once`;

/** The option that names such points. */
export const pointOption = ({ load }: Pick<LevelSummary, 'load'>): string =>
  load === 'open' ? '--rate' : '--levels';
