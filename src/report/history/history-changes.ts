import { formatDuration, formatNumber, formatPercent } from '../../core/units.ts';
import { changePoints } from '../../stats/change-points.ts';
import type { HistoryChange, HistoryRun } from './history-schema.ts';

/** Looser, machines that differ by 3 % raise a false alarm in four of ten histories; smaller changes are nobody's business here. */
const OPTIONS = { maxP: 0.001, minChange: 0.05 } as const;

interface Watched {
  readonly metric: HistoryChange['metric'];
  readonly label: string;
  readonly of: (run: HistoryRun) => number | null;
  readonly text: (value: number) => string;
}

const WATCHED: readonly Watched[] = [
  {
    metric: 'throughputPerSecond',
    label: 'throughput',
    of: ({ throughputPerSecond }) => throughputPerSecond,
    text: (value) => `${formatNumber(value)}/s`,
  },
  { metric: 'p95Ms', label: 'request p95', of: ({ p95Ms }) => p95Ms, text: formatDuration },
  {
    metric: 'sweetSpot',
    label: 'sweet spot',
    of: ({ sweetSpot }) => sweetSpot,
    text: (value) => formatNumber(value),
  },
];

/** Where the figures of runs in order of time took another level for good; runs without the figure are passed over. */
export const changesOf = (runs: readonly HistoryRun[]): readonly HistoryChange[] =>
  WATCHED.flatMap(({ metric, of }) => {
    const known = runs.flatMap((run, at) => {
      const value = of(run);
      return value === null ? [] : [{ at, value }];
    });
    const points = changePoints(
      known.map(({ value }) => value),
      OPTIONS,
    );
    return points.flatMap(({ at, before, after, p }): HistoryChange[] => {
      const place = known[at]?.at;
      return place === undefined ? [] : [{ metric, at: place, before, after, p }];
    });
  }).toSorted((a, b) => a.at - b.at);

/** Name of the figure as people read it. */
export const changeLabel = (metric: HistoryChange['metric']): string =>
  WATCHED.find((each) => each.metric === metric)?.label ?? metric;

/** The change in a sentence: `throughput fell by 9.8 %: 18.1/s before, 16.3/s since`. */
export const changeSentence = ({ metric, before, after }: HistoryChange): string => {
  const text = WATCHED.find((each) => each.metric === metric)?.text ?? formatNumber;
  const share = before === 0 ? '' : ` by ${formatPercent(Math.abs(after / before - 1))}`;
  return `${changeLabel(metric)} ${after < before ? 'fell' : 'rose'}${share}: ${text(before)} before, ${text(after)} since`;
};
