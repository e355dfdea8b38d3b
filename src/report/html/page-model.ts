/** How a figure is written. */
export type Unit = 'number' | 'ms' | 'share' | 'per-second' | 'calls';

/** What a colour stands for; the style sheet knows which colour that is, light and dark. */
export type Tone =
  | 'main'
  | 'good'
  | 'limited'
  | 'failed'
  | 'waiting'
  | 'idle'
  | 'second'
  | 'third'
  | 'fourth'
  | 'quiet';

/** One axis of a chart. */
export interface AxisModel {
  readonly label: string;
  readonly unit: Unit;
  /** The highest value shown, where the figures must not decide it. */
  readonly max?: number;
}

/** One line, row of points or part of a stack; `null` where there is no figure. */
export interface SeriesModel {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly tone: Tone;
  readonly shape: 'line' | 'dashed' | 'dotted' | 'steps' | 'points';
  /** Where the true value lies between, drawn as a band around the line. */
  readonly band?: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
  /** On the right-hand axis. */
  readonly right?: true;
}

/** A place on the horizontal axis worth naming. */
export interface MarkModel {
  readonly at: number;
  /** Where it is a stretch and not a place. */
  readonly to?: number;
  readonly label: string;
  readonly tone: Tone;
}

/** A part of the horizontal axis that can be chosen by name. */
export interface WindowModel {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** A chart without a word about how it is drawn. */
export interface ChartModel {
  readonly id: string;
  readonly kind: 'lines' | 'stack';
  readonly x: AxisModel;
  /** What stands behind a place of `x` when it is read: `at once`. */
  readonly at?: string;
  readonly y: AxisModel;
  readonly right?: AxisModel;
  /** Ascending. In a stack, `names` says what stands at each. */
  readonly values: readonly number[];
  readonly names?: readonly string[];
  readonly series: readonly SeriesModel[];
  readonly marks: readonly MarkModel[];
  readonly windows?: readonly WindowModel[];
  /** Which of `windows` is shown first. */
  readonly first?: number;
}

/**
 * An attempt: start after its request's, length and time to the first token (−1: none) in whole milliseconds, and how it
 * ended, as an index into `endings`.
 */
export type AttemptModel = readonly [after: number, length: number, firstToken: number, ending: number];

/** A request: number, outcome (index into `outcomes`), start since the level's in milliseconds, length, attempts. */
export type RequestModel = readonly [
  index: number,
  outcome: number,
  start: number,
  length: number,
  attempts: readonly AttemptModel[],
];

/** Requests of some levels as bars in time. */
export interface WaterfallModel {
  /** What stands behind a level's number: `at once`. */
  readonly at: string;
  readonly outcomes: readonly string[];
  readonly endings: readonly { readonly label: string; readonly tone: Tone }[];
  readonly levels: readonly { readonly level: number; readonly requests: readonly RequestModel[] }[];
  /** Which of `levels` is shown first. */
  readonly first: number;
}

/** All that the page's script draws. */
export interface PageModel {
  readonly charts: readonly ChartModel[];
  readonly waterfall?: WaterfallModel;
}
