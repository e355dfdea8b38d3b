import type { SweepReport } from '../analyze/report.ts';
import type { RequestRecord } from '../core/record.ts';
import type { RunView } from './run-view/run-view.ts';

/** What the place that will show the text can do; found out by the caller, since a reporter asks no terminal. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns; no line of a screen format is wider. */
  readonly width: number;
  /** False where only ASCII can be shown. */
  readonly unicode: boolean;
}

/** What is known of a run besides its report; a reporter leaves out what it would need of it. */
export interface RunDetail {
  /** The requests themselves, as far as pictures need them. */
  readonly view?: RunView;
  /** Versions and machine, by name. */
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
}

interface Output {
  readonly format: string;
  /** Name of the file that such a report is saved in. */
  readonly file: string;
}

/** Turns a report into text. Pure: writing is the caller's job. */
export interface Reporter extends Output {
  /** That `detail.view` is worth its making. */
  readonly needs?: 'requests';
  /** Where it belongs: on the console, also beside other formats; in a file that a browser opens; by default in either. */
  readonly home?: 'console' | 'browser';
  /** An environment variable that names a file to which another format is to be appended as well. */
  readonly appends?: { readonly variable: string; readonly format: 'markdown' };
  render(report: SweepReport, options: RenderOptions, detail?: RunDetail): string;
}

/** Turns a run's requests into text one by one, however many they are. Pure. */
export interface RequestReporter extends Output {
  readonly head: string;
  line(record: RequestRecord): string;
}
