import type { Comparison } from '../../analyze/compare.ts';
import type { RenderOptions } from '../reporter.ts';

/** What is compared, as the user named it. */
export interface ComparedNames {
  readonly base: string;
  readonly next: string;
}

/** Turns a comparison into text. Pure. */
export interface ComparisonReporter {
  /** An environment variable that names a file to which the Markdown form is to be appended as well. */
  readonly appends?: string;
  render(comparison: Comparison, names: ComparedNames, options: RenderOptions): string;
}

/** Formats of a comparison. */
export const COMPARISON_FORMATS = ['terminal', 'markdown', 'json', 'junit', 'github'] as const;

/** Name of a format of a comparison. */
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];
