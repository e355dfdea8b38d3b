/** How a figure is held against its bound. */
export type AssertionOperator = '>=' | '<=' | '>' | '<' | '==';

/** `abort` fails too, and ends the run as soon as it can no longer hold. */
export type AssertionSeverity = 'fail' | 'warn' | 'abort';

/** What became of an assertion, at one level or for the run. */
export interface AssertionResult {
  readonly assertion: string;
  readonly severity: AssertionSeverity;
  readonly passed: boolean;
  readonly metric: string;
  /** `null`: the run as a whole. */
  readonly level: number | null;
  /** In the metric's unit; `null` if there is none, which never passes. */
  readonly value: number | null;
  readonly operator: AssertionOperator;
  readonly bound: number;
  /** Why it did not pass, where that is more than the value's doing. */
  readonly because?: string;
}
