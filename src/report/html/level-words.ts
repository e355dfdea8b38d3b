import type { SweepReport } from '../../analyze/report.ts';
import type { AxisModel } from './page-model.ts';

/** How the page speaks of a report's levels: calls at once, or the requests per second of an open loop. */
export interface LevelWords {
  /** Behind a number. */
  readonly at: string;
  readonly axis: AxisModel;
  readonly isOpen: boolean;
}

/** The words for the levels of a report, which all have one load model. */
export const levelWords = ({ levels }: SweepReport): LevelWords => {
  const isOpen = levels[0]?.load === 'open';
  return isOpen
    ? { at: 'requests/s', axis: { label: 'requests per second, intended', unit: 'calls' }, isOpen }
    : { at: 'at once', axis: { label: 'calls at once', unit: 'calls' }, isOpen };
};
