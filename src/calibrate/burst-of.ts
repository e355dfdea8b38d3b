import type { Knock, ObservedRun } from './observations.ts';

/** How long after the first refusal of a level its bucket is still looked for: later an error in the rate would pass for one. */
const SOON_MS = 5000;

/**
 * The most that was taken from the start of a level beyond what had been refilled: no bucket holds less, and where it was emptied,
 * none holds more. In whatever order the attempts arrived, since the network may change it.
 */
export const burstOf = (
  runs: readonly ObservedRun[],
  perSecond: number,
  chargeOf: (knock: Knock) => number,
): number => {
  const bursts = runs.flatMap(({ knocks, levels }) =>
    levels.flatMap((level) => {
      const own = knocks.filter((knock) => knock.level === level);
      const [start, refused] = [own[0], own.find(({ admitted }) => !admitted)];
      if (!start || !refused) return [];
      let taken = 0;
      return own
        .filter(({ at, admitted }) => admitted && at <= refused.at + SOON_MS)
        .map((knock) => {
          taken += chargeOf(knock);
          return taken - ((knock.at - start.at) / 1000) * perSecond;
        });
    }),
  );
  return bursts.reduce((most, each) => Math.max(most, each), 1);
};
