/** Two bounds of an estimate, in the estimate's unit. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** An interval that holds the truth in `confidence` (0–1) of all runs like this one. */
export interface ConfidenceInterval extends Interval {
  readonly confidence: number;
}

/** Confidence of every interval that this program states. */
export const CONFIDENCE = 0.95;

/** Standard errors from the middle of a normal interval of that confidence to either bound. */
export const Z = 1.959963984540054;
