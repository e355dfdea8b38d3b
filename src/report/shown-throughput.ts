import type { LevelReport, SweepReport } from '../analyze/report.ts';

/** Whether levels were chosen by a search, which keeps them so short that the drain is a large part of their wall-clock. */
export const isSearch = ({ meta }: Pick<SweepReport, 'meta'>): boolean => meta['search'] !== undefined;

/**
 * Throughput of a level as charts and headlines show it: of the whole batch; in a search what the verdict goes by, successes per second
 * without start and drain, and no more of them than a known limit lets last.
 */
export const shownThroughput = (
  { rates, goodput, sustained }: LevelReport,
  report: Pick<SweepReport, 'meta' | 'sweetSpot'>,
): number => {
  if (!isSearch(report)) return rates.achievedPerSecond;
  const limit = report.sweetSpot?.limits.find(({ binding }) => binding);
  return Math.min(
    goodput.perSecond,
    sustained || !limit ? Number.POSITIVE_INFINITY : limit.requestsPerSecond,
  );
};
