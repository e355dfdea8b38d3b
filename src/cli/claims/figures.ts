import { analyze } from '../../analyze/analyze.ts';
import type { Millis } from '../../core/clock.ts';
import type { RequestRecord } from '../../core/record.ts';
import type { ClaimLab, Experiment } from './claim.ts';

/** Wall-clock of a level. */
export const gathered = async (lab: ClaimLab, experiment: Experiment): Promise<Millis> =>
  (await lab.run(experiment)).summary.wallClockMs;

/** Wall-clock of the same work one call at a time. */
export const inSequence = (lab: ClaimLab, experiment: Omit<Experiment, 'level'>): Promise<Millis> =>
  gathered(lab, { ...experiment, level: 1 });

/** The level that a sweep recommends; NaN if none. */
export const sweetSpotOf = async (
  lab: ClaimLab,
  experiment: Omit<Experiment, 'level'>,
  levels: readonly number[],
): Promise<number> => {
  const findings = await Promise.all(levels.map((level) => lab.run({ ...experiment, level })));
  const report = analyze(
    findings.map(({ summary }) => summary),
    {
      meta: {},
      levels: levels.map((level) => ({ level, complete: true })),
      overhead: null,
      speed: 1,
      referenceRun: undefined,
    },
  );
  return report.sweetSpot?.level ?? Number.NaN;
};

/** Most requests that start within one stretch of time; those that start before `from` are left out. */
export const mostStarts = (records: readonly RequestRecord[], within: Millis, from: Millis = 0): number => {
  const starts = Float64Array.from(records, ({ startedAt }) => startedAt).sort();
  const counted = starts.filter((at) => at - (starts[0] ?? 0) >= from);
  let most = 0;
  let past = 0;
  for (const [at, last] of counted.entries()) {
    // What starts exactly one stretch later belongs to the next.
    while (last >= (counted[past] ?? last) + within - DUST) past++;
    most = Math.max(most, at - past + 1);
  }
  return most;
};

/** Rounding, in ms. */
const DUST = 1e-6;

/** Largest share of the first retries that start within one stretch of time. */
export const retriesInStep = (records: readonly RequestRecord[], within: Millis): number => {
  const starts = records.flatMap(({ attempts }) => attempts[1]?.startedAt ?? []).toSorted((a, b) => a - b);
  let most = 0;
  for (const [first, from] of starts.entries()) {
    const together = starts.slice(first).filter((at) => at <= from + within).length;
    most = Math.max(most, together);
  }
  return starts.length === 0 ? 0 : most / starts.length;
};
