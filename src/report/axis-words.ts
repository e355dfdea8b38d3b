import type { SweepReport } from '../analyze/report.ts';
import type { LoadModel } from '../measure/load-model.ts';

/** What the sweep's axis is called. */
export interface AxisWords {
  /** Behind numbers: `30 at once`. */
  readonly at: string;
  /** As a row's name, and as a heading that may hold a line break. */
  readonly label: string;
  readonly heading: string;
  /** The chart's title. */
  readonly title: string;
}

const WORDS: Readonly<Record<LoadModel, AxisWords>> = {
  closed: {
    at: 'at once',
    label: 'at once',
    heading: 'at\nonce',
    title: 'Throughput (ok/s) by calls at once',
  },
  open: {
    at: 'requests/s',
    label: 'requests/s',
    heading: 'requests\n/s',
    title: 'Throughput (ok/s) by requests per second',
  },
};

/** The load model of a report: that of its levels, which all have one. */
export const loadOf = ({ levels }: Pick<SweepReport, 'levels'>): LoadModel => levels[0]?.load ?? 'closed';

/** The words for a report's axis. */
export const axisWords = (report: Pick<SweepReport, 'levels'>): AxisWords => WORDS[loadOf(report)];
