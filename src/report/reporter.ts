import type { SweepReport } from '../analyze/report.ts';

/** What the place that will show the text can do; found out by the caller, since a reporter asks no terminal. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns; no line of a screen format is wider. */
  readonly width: number;
  /** False where only ASCII can be shown. */
  readonly unicode: boolean;
}

/** Turns a report into text. Pure: writing is the caller's job. */
export interface Reporter {
  readonly format: string;
  /** Of the file that such a report is saved in, without the dot. */
  readonly extension: string;
  render(report: SweepReport, options: RenderOptions): string;
}
