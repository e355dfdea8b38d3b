import type { LevelSummary } from '../measure/level-summary.ts';

/** Whether the level fell silent as limits do that count by windows of time. */
const fellSilent = ({ burst }: LevelSummary): boolean =>
  burst.countsByWindows === true || burst.sawOneSilence === true;

/**
 * A level that was refused for two windows and more without falling silent is let have three windows' worth in them at most: more than half as much
 * again as a window says, and there is none.
 */
const WINDOWS = 2;
const MORE = 1.5;

/** Whether what a level's one silence says of windows is more than made up for by another level that was refused for long and never fell silent. */
export const isSilenceDisproved = ({ burst }: LevelSummary, levels: readonly LevelSummary[]): boolean => {
  const { sawOneSilence, onlyWindow } = burst;
  if (!sawOneSilence || !onlyWindow) return false;
  const { ms, attempts } = onlyWindow;
  return levels.some(
    (other) =>
      !fellSilent(other) &&
      (other.burst.limitedPerSecond ?? 0) * ms > 1000 * MORE * attempts &&
      other.blocks.some(
        ({ wallClockMs }) => wallClockMs - (other.burst.first429AfterMs ?? wallClockMs) >= WINDOWS * ms,
      ),
  );
};

/** The levels that fell silent as limits do that count by windows of time. */
export const silentOf = (levels: readonly LevelSummary[]): readonly LevelSummary[] =>
  levels.filter((level) => fellSilent(level) && !isSilenceDisproved(level, levels));

/** Whether some level shows that the limit counts by windows of time. */
export const isSilent = (levels: readonly LevelSummary[]): boolean => silentOf(levels).length > 0;
