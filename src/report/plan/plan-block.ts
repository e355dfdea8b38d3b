/** A table of a plan: first column to the left, the rest to the right. */
export interface PlanTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Row to point at. */
  readonly marked?: number;
  /** Columns that a narrow screen may leave out, the first to go first. */
  readonly spare?: readonly string[];
  /** The same in sentences, for a screen on which the table does not fit. */
  readonly narrow?: readonly string[];
}

/** One part of a plan, in the order in which it is read; every format draws the same parts. */
export interface PlanBlock {
  readonly title: string;
  readonly lines?: readonly string[];
  readonly table?: PlanTable;
  /** How to read the table. */
  readonly legend?: readonly string[];
  readonly code?: readonly { readonly language: string; readonly text: string }[];
}
